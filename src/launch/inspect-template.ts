import type { TagToken } from 'liquidjs';
import { suggest } from '../kernel/suggest.js';
import { cut, ExpressionInspector, type Problem } from './inspect-expression.js';
import type { NameSet } from './names.js';

type Liquidjs = typeof import('liquidjs');

/** What a template reads, or what is wrong with it. */
export interface Inspection {
  readonly problems: readonly Problem[];
  readonly paths: readonly string[];
}

/** A block that is open; `elsed` once its {% else %} has been read. */
interface Block {
  readonly name: string;
  elsed: boolean;
}

const OPENING: ReadonlySet<string> = new Set(['if', 'unless', 'case']);
/** Tags that stand inside others, and in which. */
const INNER: ReadonlyMap<string, readonly string[]> = new Map([
  ['elsif', ['if', 'unless']],
  ['else', ['if', 'unless', 'case']],
  ['when', ['case']],
  ['endif', ['if']],
  ['endunless', ['unless']],
  ['endcase', ['case']],
]);
/** Every tag of the language, but those that end one. */
export const TEMPLATE_TAGS = ['if', 'elsif', 'else', 'unless', 'case', 'when', 'raw', 'comment'] as const;

/**
 * Reads the whole template as the engine would and says what is wrong with it: unknown tags, filters and names, blocks
 * that do not match, and everything the engine would pass over in silence (text behind an expression, two values
 * without an operator, a dot at the end of a path).
 */
export function inspectTemplate(liquidjs: Liquidjs, text: string, names: NameSet): Inspection {
  const expressions = new ExpressionInspector(liquidjs, names);
  try {
    inspectTokens(liquidjs, text, expressions);
  } catch (cause) {
    expressions.syntax(
      engineMessage(cause),
      'a value stands in {{ … }}, a tag in {% … %}; see the reference of templates',
    );
  }
  return expressions;
}

/** The engine's own message, without the position and excerpt it adds. */
export function engineMessage(cause: unknown): string {
  if (cause instanceof RangeError) return 'the template nests too deeply';
  const message = cause instanceof Error ? cause.message : String(cause);
  return cut((message.split('\n')[0] as string).replace(/, line:\d+, col:\d+$/, ''), 200);
}

function inspectTokens(liquidjs: Liquidjs, text: string, expressions: ExpressionInspector): void {
  const { TypeGuards } = liquidjs;
  const open: Block[] = [];
  const unknown = new Set<string>();
  let comment = false;
  for (const token of expressions.tokenizer(text).readTopLevelTokens()) {
    if (comment) {
      if (TypeGuards.isTagToken(token) && token.name === 'endcomment') comment = false;
    } else if (TypeGuards.isTagToken(token)) {
      if (token.name === 'comment') comment = true;
      else inspectTag(token, open, unknown, expressions);
    } else if (TypeGuards.isOutputToken(token)) {
      expressions.expression(token.content);
    }
  }
  if (comment) open.push({ name: 'comment', elsed: false });
  for (const { name } of open)
    expressions.syntax(`{% ${name} %} is not closed`, `close it with {% end${name} %}`);
}

function inspectTag(
  { name, args }: TagToken,
  open: Block[],
  unknown: Set<string>,
  expressions: ExpressionInspector,
): void {
  if (name === 'raw' || name === 'endraw' || unknown.has(name)) return;
  const within = INNER.get(name);
  if (OPENING.has(name)) {
    open.push({ name, elsed: false });
    expressions.expression(args);
  } else if (within !== undefined) {
    const block = open.at(-1);
    if (block === undefined || !within.includes(block.name)) {
      const blocks = within.map((tag) => `{% ${tag} %}`).join(', ');
      expressions.syntax(
        `{% ${name} %} stands outside of ${blocks}`,
        'tags close in the order in which they opened',
      );
      return;
    }
    inspectInnerTag(name, args, block, expressions);
    if (name.startsWith('end')) open.pop();
  } else {
    unknown.add(name).add(`end${name}`);
    const message = `the tag {% ${cut(name)} %} is not part of the template language`;
    expressions.problems.push({ kind: 'unknown-tag', message, hint: tagHint(name) });
  }
}

function inspectInnerTag(name: string, args: string, block: Block, expressions: ExpressionInspector): void {
  const ends = name.startsWith('end');
  if (block.elsed && !ends)
    expressions.syntax(`{% ${name} %} stands after {% else %}`, '{% else %} is the last branch');
  if (name === 'else') block.elsed = true;
  if (name === 'when') expressions.alternatives(args);
  else if (name === 'elsif') expressions.expression(args);
  else if (args.trim() !== '')
    expressions.syntax(`{% ${name} %} takes nothing, but has ${cut(args)}`, `write {% ${name} %}`);
}

function tagHint(name: string): string {
  if (name === 'for' || name === 'tablerow')
    return 'there are no loops: write lists with filters such as map, where and join';
  if (name === 'assign' || name === 'capture')
    return 'there is no assignment: write the expression where it is needed';
  const near = suggest(name, TEMPLATE_TAGS);
  return near === undefined ? `tags are ${TEMPLATE_TAGS.join(', ')}` : `did you mean {% ${near} %}?`;
}
