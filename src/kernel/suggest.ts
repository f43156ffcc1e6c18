import { distance } from 'fastest-levenshtein';

const MAX_EDITS = 2;
const MIN_PREFIX = 3;

/**
 * The candidate a person most likely meant: within two edits (one for words of up to three letters), or of which the
 * word is a beginning. Case does not count. Of equally near ones the first in the list; undefined when none is near.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  // Edit distance is quadratic in length, and no key of the language is that long.
  if (word.length === 0 || word.length > 128) return undefined;
  const wanted = word.toLowerCase();
  const maxEdits = wanted.length <= 3 ? 1 : MAX_EDITS;
  let best: string | undefined;
  let bestEdits = maxEdits + 1;
  let prefixed: string | undefined;
  for (const candidate of candidates) {
    if (candidate === word) continue;
    const lower = candidate.toLowerCase();
    if (Math.abs(lower.length - wanted.length) <= maxEdits) {
      const edits = distance(wanted, lower);
      if (edits < bestEdits) {
        best = candidate;
        bestEdits = edits;
      }
    }
    if (prefixed === undefined && wanted.length >= MIN_PREFIX && lower.startsWith(wanted))
      prefixed = candidate;
  }
  return best ?? prefixed;
}
