import { createGramTable, type Literal } from './gram-table.js';
import type { Candidates } from './stamps.js';

/** Texts that a string must contain, ready to be looked for all at once. */
export interface Literals {
  collect(text: string, into: Candidates): void;
}

/** Up to so many, `includes` for each is faster than looking at every character. */
const ONE_BY_ONE_MAX = 4;

/** A literal in the text of one listener. */
export interface LiteralSource {
  readonly text: string;
  readonly ordinal: number;
}

export function createLiterals(sources: readonly LiteralSource[]): Literals {
  const ordinalsOf = new Map<string, number[]>();
  for (const { text, ordinal } of sources) {
    const known = ordinalsOf.get(text);
    if (known === undefined) ordinalsOf.set(text, [ordinal]);
    else known.push(ordinal);
  }
  const literals = [...ordinalsOf].map(([text, ordinals]): Literal => ({ text, ordinals }));
  if (literals.length <= ONE_BY_ONE_MAX) return oneByOne(literals);

  // A gram as long as possible is in the fewest literals; what is shorter than one needs a table of its own.
  const long = literals.filter(({ text }) => text.length >= 4);
  const short = literals.filter(({ text }) => text.length === 2 || text.length === 3);
  const single = literals.filter(({ text }) => text.length === 1);
  const parts: Literals[] = [];
  if (long.length > 0) parts.push(createGramTable(long, 4));
  if (short.length > 0) parts.push(createGramTable(short, 2));
  if (single.length > 0) parts.push(createGramTable(single, 1));
  return {
    collect(text, into) {
      for (const part of parts) part.collect(text, into);
    },
  };
}

function oneByOne(literals: readonly Literal[]): Literals {
  return {
    collect(text, into) {
      for (const literal of literals) {
        if (!text.includes(literal.text)) continue;
        for (const ordinal of literal.ordinals) into.add(ordinal);
      }
    },
  };
}
