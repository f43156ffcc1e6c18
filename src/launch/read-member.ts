import type { Json, JsonObject } from '../kernel/json.js';

const ARRAY_KEY = /^(?:0|[1-9]\d{0,6})$/;
const hasOwn = Object.prototype.hasOwnProperty;

/** How many characters a text has. Code points: what a reader counts, and what cutting may not split. */
export function textLength(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit <= 0xdbff && i + 1 < text.length) {
      const next = text.charCodeAt(i + 1);
      if (next >= 0xdc00 && next <= 0xdfff) i++;
    }
    length++;
  }
  return length;
}

/** Length of a text or list; undefined for anything else: an object has no size, only a key of that name. */
export function sizeOf(value: Json | undefined): number | undefined {
  if (typeof value === 'string') return textLength(value);
  return Array.isArray(value) ? value.length : undefined;
}

/** First element of a list, first character of a text; undefined when there is none. */
export function firstOf(value: Json | undefined): Json | undefined {
  if (typeof value === 'string') {
    const code = value.codePointAt(0);
    return code === undefined ? undefined : String.fromCodePoint(code);
  }
  return Array.isArray(value) ? (value as readonly Json[])[0] : undefined;
}

/** Last element of a list, last character of a text; undefined when there is none. */
export function lastOf(value: Json | undefined): Json | undefined {
  if (typeof value === 'string') {
    const tail = [...value.slice(-2)];
    return tail[tail.length - 1];
  }
  return Array.isArray(value) ? (value as readonly Json[]).at(-1) : undefined;
}

/**
 * One step of a template path: own members only, indices on lists only, and `size`, `first`, `last` of lists and texts.
 * Steps that are no text and no number (a path in brackets may read anything) lead nowhere.
 */
export function readMember(value: Json | undefined, step: unknown): Json | undefined {
  if (typeof value === 'string') return readBuiltIn(value, step);
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    const list = value as readonly Json[];
    if (typeof step === 'number') return Number.isInteger(step) ? list.at(step) : undefined;
    if (typeof step === 'string' && ARRAY_KEY.test(step)) return list[Number(step)];
    return readBuiltIn(list, step);
  }
  if (typeof step !== 'string' || !hasOwn.call(value, step)) return undefined;
  return (value as JsonObject)[step];
}

function readBuiltIn(value: Json, step: unknown): Json | undefined {
  switch (step) {
    case 'size':
      return sizeOf(value);
    case 'first':
      return firstOf(value);
    case 'last':
      return lastOf(value);
    default:
      return undefined;
  }
}
