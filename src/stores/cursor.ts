import { Fault } from '../kernel/fault.js';
import type { PageQuery } from '../ports/store.js';

/** What a cursor belongs to: one of another reading is refused instead of silently meaning something else. */
export type CursorKind = 'event' | 'launch' | 'decision';

/** The most items a page may have. */
export const PAGE_LIMIT = 1_000;

/** The opaque text for "behind this key". */
export function cursorAfter(kind: CursorKind, key: number): string {
  return Buffer.from(`${kind}:${key}`).toString('base64url');
}

/**
 * The key a page begins behind; null for the first page. Throws a Fault (`usage`) for a cursor that no page has given,
 * and for a limit outside of 1 to 1 000.
 */
export function readPageQuery(kind: CursorKind, query: PageQuery): number | null {
  if (!Number.isInteger(query.limit) || query.limit < 1 || query.limit > PAGE_LIMIT) {
    throw new Fault('usage', `limit is a whole number from 1 to ${PAGE_LIMIT}, not ${query.limit}`);
  }
  if (query.cursor === null) return null;
  const match = /^([a-z]+):(\d{1,15})$/.exec(Buffer.from(query.cursor, 'base64url').toString('latin1'));
  const key = Number(match?.[2]);
  // Decoding is lenient about padding and foreign characters; only the spelling that was given out is taken.
  if (match === null || cursorAfter(match[1] as CursorKind, key) !== query.cursor) {
    throw new Fault('usage', 'the cursor is not one that a page has given', {
      hint: 'give the `next` of the page before, unchanged, or leave it out to begin anew',
    });
  }
  if (match[1] !== kind) {
    throw new Fault('usage', `the cursor belongs to a reading of ${match[1]}s, not of ${kind}s`, {
      hint: 'give the `next` of a page of the same reading',
    });
  }
  return key;
}
