import type { Page, PageQuery } from '../ports/store.js';
import { choice, integer, text } from './parameters.js';
import type { Answer } from './route.js';

/** The parameters of every list. */
export const PAGE_PARAMETERS = {
  cursor: text('Where the page before ended: its `next`.'),
  limit: integer('How many at most.', { min: 1, max: 1_000, missing: 100 }),
  order: choice('Which come first.', ['newest', 'oldest'], 'newest'),
};

/** What a page may take as text before it ends short of its limit. */
const PAGE_MAX_CHARS = 8 * 1024 * 1024;
/** Read at once from the store: a thousand events of a megabyte each would not do in memory. */
const STEP = 50;

/**
 * One page of a list as an answer. It ends before its limit when what it holds is large; `next` tells whether there is
 * more.
 */
export function answerPage<Q extends PageQuery, T>(
  query: Q,
  read: (query: Q) => Page<T>,
  toWire: (item: T) => unknown,
): Answer {
  const items: string[] = [];
  let chars = 0;
  let cursor = query.cursor;
  do {
    const page = read({ ...query, cursor, limit: Math.min(STEP, query.limit - items.length) });
    for (const item of page.items) {
      const json = JSON.stringify(toWire(item));
      chars += json.length;
      items.push(json);
    }
    cursor = page.next;
  } while (cursor !== null && items.length < query.limit && chars < PAGE_MAX_CHARS);
  const body = `{"items":[${items.join(',')}],"next":${JSON.stringify(cursor)}}`;
  return { status: 200, text: body, contentType: 'application/json; charset=utf-8' };
}
