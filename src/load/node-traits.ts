import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { cut } from './hint-text.js';
import { QUOTE_HINT } from './yaml-problem.js';

export type OffsetRange = readonly [start: number, end: number];

/** Where a node's own text stands, its tag, anchor and comments left out. */
export function rangeOf(node: Node): OffsetRange {
  return node.range ? [node.range[0], node.range[1]] : [0, 0];
}

/** Neither a value nor an explicit null: nothing was written. */
export function isNothing(node: Node | null | undefined): node is null | undefined {
  if (node === null || node === undefined) return true;
  return isScalar(node) && node.value === null && (node.source ?? '') === '' && node.tag === undefined;
}

/** A tag of the core schema that says what the value is anyway. */
export function isTagOfValue(tag: string, node: Node): boolean {
  const value = isScalar(node) ? node.value : undefined;
  switch (tag.replace(/^tag:yaml\.org,2002:/, '!!')) {
    case '!!str':
      return typeof value === 'string';
    case '!!int':
    case '!!float':
      return typeof value === 'number';
    case '!!bool':
      return typeof value === 'boolean';
    case '!!null':
      return value === null;
    case '!!map':
      return isMap(node);
    case '!!seq':
      return isSeq(node);
    default:
      return false;
  }
}

/** A key as a step of a JSON pointer (RFC 6901). */
export function escapeStep(name: string): string {
  return name.includes('~') || name.includes('/') ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name;
}

/** The tag that stands before a node: its range and its text as written. */
export function tagBefore(node: Node, text: string): { readonly range: OffsetRange; readonly word: string } {
  const [nodeStart] = rangeOf(node);
  let start = Math.max(0, text.lastIndexOf('!', nodeStart));
  while (start > 0 && !/[\s,[{]/.test(text[start - 1] as string)) start--;
  const word = /^![^\s,[\]{}]*/.exec(text.slice(start, start + 80))?.[0];
  return word === undefined
    ? { range: [nodeStart, nodeStart + 1], word: '!' }
    : { range: [start, start + word.length], word };
}

/** Why a number cannot be taken as JSON carries it, or undefined. */
export function numberProblem(
  value: number,
  source: string,
): { readonly message: string; readonly hint: string } | undefined {
  if (!Number.isFinite(value)) {
    return { message: `${cut(source)} is not a number that JSON has`, hint: QUOTE_HINT };
  }
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    const message = `${cut(source)} is beyond 2^53 and would lose digits as a number`;
    return { message, hint: 'put it in quotes' };
  }
  return undefined;
}

/** Whether a quoted text or a collection in brackets lacks its closing sign. */
export function isUnclosed(node: Node, text: string): boolean {
  const [start, end] = rangeOf(node);
  const opening = text[start] as string;
  const closing = { '[': ']', '{': '}', '"': '"', "'": "'" }[opening];
  return closing !== undefined && (end - start < 2 || text[end - 1] !== closing);
}
