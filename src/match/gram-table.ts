import type { Candidates } from './stamps.js';

/** A text to look for, and whose it is. */
export interface Literal {
  readonly text: string;
  readonly ordinals: readonly number[];
}

/** A literal filed under one of its grams. */
interface Filed extends Literal {
  /** Where in the text the gram begins. */
  readonly offset: number;
  /** The scan in which it was found last. */
  found: number;
}

/** How far into a literal its rarest gram is looked for. */
const GRAMS_CONSIDERED = 64;
/** Golden ratio: spreads keys that differ in few bits (Knuth, TAOCP 6.4). */
const SPREAD = 0x9e3779b1;
/** Odd, and without a pattern: mixes the older half of a gram of eight into the younger. */
const MIX = 0x85ebca6b;

/** How many characters a gram has: one byte of each, the last four in one number, the four before them in another. */
export type GramSize = 1 | 2 | 4 | 8;

function masksOf(size: GramSize): { readonly older: number; readonly younger: number } {
  return { older: size === 8 ? -1 : 0, younger: size < 4 ? (1 << (8 * size)) - 1 : -1 };
}

/**
 * Looks for many texts in one pass over a string. Each text is filed under one gram, `size` characters of it that few
 * others have; the string's grams are rolled through a bitmap, and only where a gram is known a text is compared. So the
 * cost depends on the string and on what is found in it, not on how many texts there are.
 */
export function createGramTable(
  literals: readonly Literal[],
  size: GramSize,
): { collect(text: string, into: Candidates): void } {
  const masks = masksOf(size);
  const byGram = file(literals, size);
  // One string position in 64 needs a second look, or fewer.
  const bits = Math.min(20, Math.max(10, Math.ceil(Math.log2(byGram.size * 64))));
  const shift = 32 - bits;
  const known = new Uint32Array(1 << (bits - 5));
  for (const gram of byGram.keys()) {
    const slot = Math.imul(gram, SPREAD) >>> shift;
    known[slot >>> 5] = (known[slot >>> 5] as number) | (1 << (slot & 31));
  }
  let scan = 0;

  return {
    collect(text, into) {
      scan++;
      // A text made to hit one gram everywhere must not cost a comparison with all its literals at each position.
      let budget = text.length + 4 * literals.length;
      let older = 0;
      let younger = 0;
      for (let i = 0; i < text.length; i++) {
        older = ((older << 8) | (younger >>> 24)) & masks.older;
        younger = ((younger << 8) | (text.charCodeAt(i) & 0xff)) & masks.younger;
        const gram = Math.imul(older, MIX) ^ younger;
        const slot = Math.imul(gram, SPREAD) >>> shift;
        if (((known[slot >>> 5] as number) & (1 << (slot & 31))) === 0) continue;
        const filed = byGram.get(gram);
        if (filed === undefined) continue;
        const start = i - size + 1;
        for (const literal of filed) {
          if (literal.found === scan || !text.startsWith(literal.text, start - literal.offset)) continue;
          literal.found = scan;
          for (const ordinal of literal.ordinals) into.add(ordinal);
        }
        budget -= filed.length;
        if (budget < 0) {
          for (const { ordinals } of literals) for (const ordinal of ordinals) into.add(ordinal);
          return;
        }
      }
    },
  };
}

/** Files each literal under the one of its grams that the fewest literals have. */
function file(literals: readonly Literal[], size: GramSize): ReadonlyMap<number, readonly Filed[]> {
  const counts = new Map<number, number>();
  const gramsOf = literals.map(({ text }) => gramsIn(text, size));
  for (const grams of gramsOf)
    for (const gram of new Set(grams)) counts.set(gram, (counts.get(gram) ?? 0) + 1);
  const byGram = new Map<number, Filed[]>();
  literals.forEach((literal, i) => {
    const grams = gramsOf[i] as readonly number[];
    let offset = 0;
    for (let j = 1; j < grams.length; j++)
      if (countOf(counts, grams, j) < countOf(counts, grams, offset)) offset = j;
    const gram = grams[offset] as number;
    const filed: Filed = { ...literal, offset, found: 0 };
    const known = byGram.get(gram);
    if (known === undefined) byGram.set(gram, [filed]);
    else known.push(filed);
  });
  return byGram;
}

function countOf(counts: ReadonlyMap<number, number>, grams: readonly number[], at: number): number {
  return counts.get(grams[at] as number) as number;
}

/** The grams of a text from left to right: of each character the low byte, which is all of it in most texts. */
function gramsIn(text: string, size: GramSize): readonly number[] {
  const masks = masksOf(size);
  const grams: number[] = [];
  let older = 0;
  let younger = 0;
  const end = Math.min(text.length, GRAMS_CONSIDERED + size);
  for (let i = 0; i < end; i++) {
    older = ((older << 8) | (younger >>> 24)) & masks.older;
    younger = ((younger << 8) | (text.charCodeAt(i) & 0xff)) & masks.younger;
    if (i >= size - 1) grams.push(Math.imul(older, MIX) ^ younger);
  }
  return grams;
}
