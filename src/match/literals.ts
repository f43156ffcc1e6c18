import { createGramTable, type GramSize, type Literal } from './gram-table.js';
import { createHeadedLiterals } from './headed-literals.js';
import type { Candidates } from './stamps.js';

/** Texts that a string must contain, ready to be looked for all at once. */
export interface Literals {
  collect(text: string, into: Candidates): void;
}

/** Up to so many, `includes` for each is faster than looking at every character. */
const ONE_BY_ONE_MAX = 4;

const GRAM_SIZES: readonly GramSize[] = [8, 4, 2, 1];

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
  const headed = createHeadedLiterals(literals, ONE_BY_ONE_MAX);
  if (headed !== null) return headed;

  // The longer a gram, the fewer texts have it by chance; what is shorter than one needs a table of its own.
  const bySize = new Map<GramSize, Literal[]>();
  for (const literal of literals) {
    const size = GRAM_SIZES.find((one) => one <= literal.text.length);
    if (size === undefined) continue;
    const known = bySize.get(size);
    if (known === undefined) bySize.set(size, [literal]);
    else known.push(literal);
  }
  const parts = [...bySize].map(([size, all]) => createGramTable(all, size));
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
