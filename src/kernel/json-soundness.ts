import { isObject } from './json.js';

/**
 * Offset of the bracket with which a JSON text nests deeper than `limit`, -1 when it does not. A look at the bytes, made
 * before JSON.parse: of a few megabytes of opening brackets that makes seconds in which nobody else is served.
 */
export function tooDeepAt(bytes: Uint8Array, limit: number, from = 0, to = bytes.length): number {
  let depth = 0;
  for (let i = from; i < to; i++) {
    const sign = bytes[i] as number;
    if (sign === 0x22) {
      for (i++; i < to; i++) {
        const inText = bytes[i];
        if (inText === 0x22) break;
        if (inText === 0x5c) i++;
      }
    } else if ((sign | 0x20) === 0x7b) {
      // `[` and `{` differ in that bit alone; so do `]` and `}`.
      if (++depth > limit) return i;
    } else if ((sign | 0x20) === 0x7d) {
      depth--;
    }
  }
  return -1;
}

/** In which element of a JSON list (from 0) an offset lies. */
export function elementAt(bytes: Uint8Array, offset: number): number {
  let depth = 0;
  let element = 0;
  for (let i = 0; i < offset; i++) {
    const sign = bytes[i] as number;
    if (sign === 0x22) {
      for (i++; i < offset && bytes[i] !== 0x22; i++) if (bytes[i] === 0x5c) i++;
    } else if ((sign | 0x20) === 0x7b) depth++;
    else if ((sign | 0x20) === 0x7d) depth--;
    else if (sign === 0x2c && depth === 1) element++;
  }
  return element;
}

/**
 * What keeps a parsed value from being an event's: it nests deeper than `maxDepth`, or holds a number that has become
 * infinite (`1e999`), which JSON could not carry on. Recursion is bounded by `maxDepth`.
 */
export function unsoundness(value: unknown, maxDepth: number): 'deep' | 'infinite' | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : 'infinite';
  if (typeof value !== 'object' || value === null) return null;
  if (maxDepth <= 0) return 'deep';
  if (Array.isArray(value)) {
    for (const element of value) {
      const found = unsoundness(element, maxDepth - 1);
      if (found !== null) return found;
    }
  } else if (isObject(value)) {
    for (const key in value) {
      const found = unsoundness(value[key], maxDepth - 1);
      if (found !== null) return found;
    }
  }
  return null;
}
