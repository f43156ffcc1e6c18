/** Golden ratio: spreads keys that differ in few bits (Knuth, TAOCP 6.4). */
const SPREAD = 0x9e3779b1;
const BITS_PER_VALUE = 16;
const MAX_BITS = 24;
/** Characters looked at from either end: ids differ at their end, host names at their beginning. */
const TAIL = 8;
const HEAD = 4;

/**
 * Remembers which texts stand in which of many maps, in one bit each: may say yes for one that does not, never no for one
 * that does. Most values of an event are in no map, and asking a map of thousands for them waits for memory; the bits of
 * all maps together stay in the processor's cache.
 */
export interface ValueFilter {
  /** A number that tells one map from the others. */
  nextSalt(): number;
  add(salt: number, text: string): void;
  mayHave(salt: number, text: string): boolean;
}

/** A filter for about so many texts, all maps together. */
export function createValueFilter(texts: number): ValueFilter {
  const bits = Math.min(MAX_BITS, Math.max(10, Math.ceil(Math.log2(texts * BITS_PER_VALUE + 1))));
  const shift = 32 - bits;
  const known = new Uint32Array(1 << (bits - 5));
  let salts = 0;
  const slotOf = (salt: number, text: string): number => Math.imul(hash(salt, text), SPREAD) >>> shift;
  return {
    nextSalt: () => Math.imul(++salts, SPREAD),
    add(salt, text) {
      const slot = slotOf(salt, text);
      known[slot >>> 5] = (known[slot >>> 5] as number) | (1 << (slot & 31));
    },
    mayHave(salt, text) {
      const slot = slotOf(salt, text);
      return ((known[slot >>> 5] as number) & (1 << (slot & 31))) !== 0;
    },
  };
}

function hash(salt: number, text: string): number {
  const { length } = text;
  let sum = salt ^ length;
  const tail = length > TAIL ? length - TAIL : 0;
  for (let i = tail; i < length; i++) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) | 0;
  const head = tail < HEAD ? tail : HEAD;
  for (let i = 0; i < head; i++) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) | 0;
  return sum ^ (sum >>> 15);
}
