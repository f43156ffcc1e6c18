import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Json } from '../../src/kernel/json.ts';
import { loadText } from '../../src/load/load-text.ts';
import { diagnosticAt } from '../../src/model/diagnostic.ts';
import type { Document } from '../../src/model/document.ts';

function only(text: string): Document {
  const { documents, diagnostics } = loadText('rules/a.yaml', text);
  expect(diagnostics).toEqual([]);
  return documents[0] as Document;
}

/** What the marker underlines. */
function underlined(document: Document, pointer: string, part?: 'key' | 'value'): string {
  const { line, column, length } = document.locate(pointer, part);
  return (document.sourceLine(line) ?? '').slice(column - 1, column - 1 + length);
}

const TEXT = [
  '# a comment',
  '---',
  'triggers:',
  '  - trigger_id: first',
  '    filters: { priority: high, "a b": [1, two] }',
  "  - trigger_id: 'second'   # with a comment",
  '    text: |',
  '      line one',
  '      line two',
  'common: &c',
  '  deep: { x: 1 }',
  'again: *c',
  'a/b~c: 5',
].join('\n');

describe('the place of a value', () => {
  it.each<readonly [string, 'key' | 'value', number, number, string]>([
    ['', 'value', 3, 1, 'triggers:'],
    ['/triggers', 'key', 3, 1, 'triggers'],
    ['/triggers', 'value', 4, 3, '- trigger_id: first'],
    ['/triggers/0', 'value', 4, 5, 'trigger_id: first'],
    ['/triggers/0', 'key', 4, 5, 'trigger_id: first'],
    ['/triggers/0/trigger_id', 'value', 4, 17, 'first'],
    ['/triggers/0/trigger_id', 'key', 4, 5, 'trigger_id'],
    ['/triggers/0/filters', 'value', 5, 14, '{ priority: high, "a b": [1, two] }'],
    ['/triggers/0/filters/a b', 'key', 5, 32, '"a b"'],
    ['/triggers/0/filters/a b/1', 'value', 5, 43, 'two'],
    ['/triggers/1/trigger_id', 'value', 6, 17, "'second'"],
    ['/triggers/1/text', 'value', 7, 11, '|'],
    ['/again', 'value', 12, 8, '*c'],
    ['/again/deep/x', 'value', 11, 14, '1'],
    ['/again/deep/x', 'key', 11, 11, 'x'],
    ['/a~1b~0c', 'value', 13, 8, '5'],
    ['/triggers/0/filters/missing/more', 'value', 5, 14, '{ priority: high, "a b": [1, two] }'],
    ['/triggers/7', 'value', 4, 3, '- trigger_id: first'],
    ['/nowhere', 'value', 3, 1, 'triggers:'],
    ['/again/deep/missing', 'value', 11, 9, '{ x: 1 }'],
  ])('is exact: %s (%s)', (pointer, part, line, column, text) => {
    for (const source of [TEXT, TEXT.replaceAll('\n', '\r\n'), `\ufeff${TEXT}`, `x: 1\n...\n${TEXT}`]) {
      const { documents } = loadText('rules/a.yaml', source);
      const document = documents.at(-1) as Document;
      const shift = source.startsWith('x') ? 2 : 0;
      expect(document.locate(pointer, part)).toMatchObject({ line: line + shift, column });
      expect(underlined(document, pointer, part)).toBe(text);
    }
  });

  it('is the same whether the document was read plainly or in full', () => {
    // A tag that says nothing new makes the full reader necessary.
    const plain = only('a:\n  b: [1, "x"]\n  c: word\n');
    const full = only('a:\n  b: [1, "x"]\n  c: word\nz: !!str y\n');
    for (const pointer of ['', '/a', '/a/b', '/a/b/0', '/a/b/1', '/a/c', '/none']) {
      for (const part of ['key', 'value'] as const)
        expect(plain.locate(pointer, part)).toEqual(full.locate(pointer, part));
    }
  });

  it('leads to the text that says the value, for every scalar of any document', () => {
    const words = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom('a: b', '- x', "it's", '#no', '{{ x }}', 'a/b~c'),
    );
    const scalar = fc.oneof(words, fc.integer(), fc.boolean(), fc.constant(null));
    const json = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        scalar,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(words, tie('value'), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(json, fc.boolean(), (value, flow) => {
        const text = stringify(value, {
          version: '1.2',
          lineWidth: 0,
          collectionStyle: flow ? 'flow' : 'any',
        });
        const document = only(text);
        expect(document.value).toEqual(value);
        const visit = (part: Json, pointer: string): void => {
          if (Array.isArray(part))
            part.forEach((element: Json, index) => visit(element, `${pointer}/${index}`));
          else if (typeof part === 'object' && part !== null) {
            for (const [key, member] of Object.entries(part)) {
              const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
              // A long or multi-line key is written with `?`; the first line alone does not parse.
              if (!key.includes('\n')) expect(String(parse(underlined(document, at, 'key')))).toBe(key);
              visit(member as Json, at);
            }
          } else if (typeof part !== 'string' || !part.includes('\n')) {
            expect(parse(underlined(document, pointer))).toEqual(part);
          }
        };
        visit(value, '');
      }),
      { numRuns: 150 },
    );
  });
});

describe('a diagnostic at a pointer', () => {
  it('has position and source line of the document', () => {
    const document = only(TEXT);
    expect(
      diagnosticAt(document, '/triggers/0/filters/priority', 'value', {
        code: 'wrong-value',
        severity: 'warning',
        message: 'm',
        hint: null,
      }),
    ).toEqual({
      code: 'wrong-value',
      severity: 'warning',
      message: 'm',
      hint: null,
      file: 'rules/a.yaml',
      line: 5,
      column: 26,
      length: 4,
      pointer: '/triggers/0/filters/priority',
      sourceLine: '    filters: { priority: high, "a b": [1, two] }',
    });
    expect(diagnosticAt(document, '', 'key', { code: 'missing-key', message: 'm', hint: 'h' }).severity).toBe(
      'error',
    );
  });
});
