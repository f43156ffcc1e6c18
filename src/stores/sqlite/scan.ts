import type { Prepare } from './statements.js';

/** Rows one scan looks at before it leaves the rest to the next page: some milliseconds. */
const SCAN_ROWS = 20_000;

/** Rows of a table in the order of a key, as an index gives them, and what is asked of each. */
export interface Stream {
  readonly from: string;
  readonly key: string;
  /** Answered by the index: every row it gives holds. */
  readonly where?: readonly string[];
  readonly values?: readonly unknown[];
  /** Columns that `tests` read. */
  readonly columns?: readonly string[];
  /** Asked row by row. */
  readonly tests?: readonly string[];
  readonly testValues?: readonly unknown[];
}

/** Keys from `first` up to, not including, `end`. */
export interface KeyRange {
  readonly first: number;
  readonly end: number;
  readonly order: 'newest' | 'oldest';
}

/** Keys in order, and behind which one to go on; null at the end. */
export interface Keys {
  readonly keys: readonly number[];
  readonly next: number | null;
}

/**
 * The first keys of several streams together, which have no row in common. Each gives at most one more than `limit`, or
 * stops after so many rows: then fewer come back, perhaps none, and yet there is a next.
 */
export function mergeStreams(
  prepare: Prepare,
  streams: readonly Stream[],
  range: KeyRange,
  limit: number,
): Keys {
  const forwards = range.order === 'oldest';
  const beyond = (a: number, b: number): boolean => (forwards ? a > b : a < b);
  const merged: number[] = [];
  let horizon: number | null = null;
  for (const stream of streams) {
    const { keys, next } = scan(prepare, stream, range, limit + 1);
    for (const key of keys) merged.push(key);
    if (next !== null && (horizon === null || beyond(horizon, next))) horizon = next;
  }
  const reached = horizon;
  const sure = reached === null ? merged : merged.filter((key) => !beyond(key, reached));
  sure.sort((a, b) => (forwards ? a - b : b - a));
  if (sure.length <= limit) return { keys: sure, next: horizon };
  return { keys: sure.slice(0, limit), next: sure[limit - 1] as number };
}

function scan(prepare: Prepare, stream: Stream, { first, end, order }: KeyRange, limit: number): Keys {
  const { from, key, where = [], values = [], columns = [], tests = [], testValues = [] } = stream;
  const conditions = [...where, `${key} >= ?`, `${key} < ?`].join(' AND ');
  const bound = [...values, first, end];
  const ordered = `ORDER BY ${key} ${order === 'oldest' ? 'ASC' : 'DESC'}`;
  const rows = `SELECT ${[key, ...columns].join(', ')} FROM ${from} WHERE ${conditions} ${ordered}`;
  const keys = (
    tests.length === 0
      ? prepare(`${rows} LIMIT ?`)
          .pluck()
          .all(...bound, limit)
      : prepare(`SELECT ${key} FROM (${rows} LIMIT ${SCAN_ROWS}) WHERE ${tests.join(' AND ')} LIMIT ?`)
          .pluck()
          .all(...bound, ...testValues, limit)
  ) as number[];
  if (keys.length === limit) return { keys, next: keys[limit - 1] as number };
  if (tests.length === 0) return { keys, next: null };
  const last = prepare(
    `SELECT ${key} FROM ${from} WHERE ${conditions} ${ordered} LIMIT 1 OFFSET ${SCAN_ROWS - 1}`,
  )
    .pluck()
    .get(...bound) as number | undefined;
  return { keys, next: last ?? null };
}
