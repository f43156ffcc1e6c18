import type { WirePage } from '../../model/wire.js';
import type { DaemonClient, Query } from './daemon-client.js';

const PAGE_MAX = 500;

/** The pages of a list, until `limit` elements (null = all) have been read. Each comes as it is read. */
export async function* readPages<T>(
  client: DaemonClient,
  path: string,
  query: Query,
  limit: number | null,
): AsyncGenerator<readonly T[]> {
  let left = limit ?? Number.POSITIVE_INFINITY;
  let cursor: string | null = null;
  do {
    const page: WirePage<T> = await client.get<WirePage<T>>(path, {
      ...query,
      cursor,
      limit: Math.min(PAGE_MAX, left),
    });
    if (page.items.length > 0) yield page.items;
    left -= page.items.length;
    cursor = page.next;
  } while (cursor !== null && left > 0);
}
