import type { YAMLError } from 'yaml';
import { templateHint } from './hint-text.js';
import type { YamlProblem } from './yaml-problem.js';

const BLOCK_HINT = 'inside { } put such a key in quotes, or write the map in block style, one key per line';

const BRACKET_HINT = 'close the bracket, and indent its lines further than the key it belongs to';
const UNCLOSED_HINTS: Readonly<Record<string, string>> = {
  '"': 'close the quote; a quote that belongs to the text is written \\"',
  "'": "close the quote; a quote that belongs to the text is written ''",
  '[': BRACKET_HINT,
  '{': BRACKET_HINT,
};

interface Told {
  readonly message: string;
  readonly hint: string;
}

/** What the parser's codes mean to somebody who writes rules; what is not listed keeps the parser's own words. */
const BY_CODE: Partial<Record<YAMLError['code'], Told>> = {
  BAD_SCALAR_START: {
    message: 'a value cannot start with this character',
    hint: 'put the value in quotes',
  },
  BAD_DQ_ESCAPE: {
    message: 'not an escape sequence that double quotes know',
    hint: 'double the backslash, or use single quotes, which know no escapes',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'a colon followed by a space starts a map, and there is none possible here',
    hint: 'put the value in quotes if the colon belongs to it; else check the indentation',
  },
  MULTILINE_IMPLICIT_KEY: {
    message: 'this line is neither a key with a value nor part of the value before',
    hint: 'write key: value, and check the indentation',
  },
  TAB_AS_INDENT: { message: 'a tab indents this line', hint: 'YAML indents with spaces only' },
  MULTIPLE_ANCHORS: { message: 'a value with two anchors', hint: 'put the value in quotes' },
  MULTIPLE_TAGS: { message: 'a value with two tags', hint: 'put the value in quotes' },
};

/**
 * Turns an error (or warning: there is no difference here) of the `yaml` parser into a problem in the words of the rule
 * language, looking at the line for the traps that people fall into most. undefined: the node reader reports it better.
 */
export function explainSyntaxError(
  error: YAMLError,
  all: readonly YAMLError[],
  text: string,
  unclosed: ReadonlyMap<number, number>,
): YamlProblem | undefined {
  const [from, to] = error.pos;
  const lineStart = text.lastIndexOf('\n', Math.max(0, from - 1)) + 1;
  const lineBreak = text.indexOf('\n', from);
  const line = text.slice(lineStart, Math.min(lineBreak === -1 ? text.length : lineBreak, lineStart + 400));
  const problem = (
    code: YamlProblem['code'],
    start: number,
    end: number,
    message: string,
    hint: string | null,
  ): YamlProblem => ({ code, pointer: '', start, end, message, hint });

  // Directives are told before parsing.
  if (error.code === 'BAD_DIRECTIVE') return undefined;
  if (error.code === 'TAG_RESOLVE_FAILED' && error.message.startsWith('Unresolved tag')) return undefined;

  const template = /(?:^|[:,[{-]\s+)(\{[{%].*?(?:[}%]\}|$))/.exec(line);
  if (template && line.includes(template[1] as string)) {
    const start = lineStart + line.indexOf(template[1] as string);
    const end = start + (template[1] as string).length;
    return problem('template-unquoted', start, end, 'an unquoted template', templateHint(text, start));
  }
  const within = /\{[^{}]*?[^\s"'{}][^{}"']*?(\{[{%].*?[}%]\})/.exec(line);
  if (within) {
    const start = lineStart + line.indexOf(within[1] as string);
    const end = start + (within[1] as string).length;
    return problem(
      'template-unquoted',
      start,
      end,
      'an unquoted template inside { }',
      'put the whole value in quotes',
    );
  }
  const bracketKey = /[{,]\s*([A-Za-z_][\w.-]*\[[^\]]*\][^\s:,{}]*)\s*:/.exec(line);
  if (bracketKey) {
    const key = bracketKey[1] as string;
    const start = lineStart + line.indexOf(key);
    return problem(
      'yaml-syntax',
      start,
      start + key.length,
      `${key} cannot stand as a key inside { }`,
      BLOCK_HINT,
    );
  }
  if (error.code === 'BAD_ALIAS') {
    const what = text[from] === '&' ? '& starts a YAML anchor' : '* starts a YAML alias';
    return problem('yaml-alias', from, to, `${what}, and no name follows`, 'put the value in quotes');
  }
  if (/alias at node end/.test(error.message)) {
    return problem('yaml-alias', from, to, '* starts a YAML alias', 'put the whole value in quotes');
  }
  const opening = unclosed.get(from) ?? unclosed.get(to);
  if (
    opening !== undefined &&
    /must end with a|must be sufficiently|[Mm]issing closing/.test(error.message)
  ) {
    const sign = text[opening] as string;
    const hint = UNCLOSED_HINTS[sign] ?? null;
    return problem('yaml-syntax', opening, opening + 1, `the ${sign} that opens here is not closed`, hint);
  }
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY') {
    // The value of the key above went on over the line break: what was meant as its next key stands too far right.
    const key = all.find((other) => other.code === 'MULTILINE_IMPLICIT_KEY' && other.pos[0] === from);
    const start = key ? text.lastIndexOf('\n', key.pos[1] - 1) + 1 : -1;
    if (key && start > from) {
      const at = start + (/^\s*/.exec(text.slice(start, key.pos[1]))?.[0].length ?? 0);
      const message = 'this line is indented further than the key above it, which has a value already';
      return problem('yaml-syntax', at, key.pos[1], message, 'align it with the keys of its map');
    }
  }
  if (error.code === 'MULTILINE_IMPLICIT_KEY') {
    // Told once, by the branch above.
    if (all.some((other) => other.code === 'BLOCK_AS_IMPLICIT_KEY' && other.pos[0] === from))
      return undefined;
  }
  const told = BY_CODE[error.code];
  if (told) return problem('yaml-syntax', from, to, told.message, told.hint);
  if (/at node end|in YAML (?:stream|document)/.test(error.message)) {
    if (text.slice(lineStart, from).trim() === '') {
      const message = 'this line does not fit the lines above it';
      return problem(
        'yaml-syntax',
        from,
        to,
        message,
        'check the indentation, and whether a list and a map are mixed',
      );
    }
    const hint = 'put the whole value in quotes; inside single quotes, write a quote twice';
    return problem('yaml-syntax', from, to, 'the value ended before this', hint);
  }
  const message = error.message.charAt(0).toLowerCase() + error.message.slice(1).replaceAll(/\s+/g, ' ');
  return problem(
    'yaml-syntax',
    from,
    to,
    message.slice(0, 200),
    'check the indentation, quotes and brackets here',
  );
}
