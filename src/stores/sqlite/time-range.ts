import type { Prepare } from './statements.js';
import type { Mark } from './tally.js';

/** Tables whose rows have a `high`. */
export type TimedTable = 'events' | 'decisions' | 'launches';

const KEY_OF = { events: 'position', decisions: 'seq', launches: 'seq' } as const;

/** Where rows of [sinceMs, untilMs) can be: keys from `first` up to, not including, `end`. */
export interface TimeRange {
  readonly first: number;
  readonly end: number;
  /** Whether there may be rows of other times in between: then each has to be asked. */
  readonly isExact: boolean;
}

/** Turns times into keys, by halving. */
export function timeRange(
  prepare: Prepare,
  table: TimedTable,
  mark: Mark,
  sinceMs: number | null,
  untilMs: number | null,
): TimeRange {
  const nextKey = Number.MAX_SAFE_INTEGER;
  return {
    // A row at or after a time has a `high` at or after it.
    first: sinceMs === null ? 0 : (firstReaching(prepare, table, sinceMs) ?? nextKey),
    // A row before a time has a `high` of at most `slack` more.
    end: untilMs === null ? nextKey : (firstReaching(prepare, table, untilMs + mark.slack) ?? nextKey),
    isExact: mark.slack === 0 || (sinceMs === null && untilMs === null),
  };
}

/** The key of the first row whose `high` has reached a time; undefined when there is none. */
export function firstReaching(prepare: Prepare, table: TimedTable, timeMs: number): number | undefined {
  const key = KEY_OF[table];
  // Each in a query of its own: asked together, they read the whole table.
  const ends = prepare(
    `SELECT (SELECT min(${key}) FROM ${table}) AS low, (SELECT max(${key}) FROM ${table}) AS top`,
  ).get() as { readonly low: number | null; readonly top: number | null };
  if (ends.low === null || ends.top === null) return undefined;
  // Rows may be missing in between, so a probe looks at the next one there is.
  const probe = prepare(`SELECT ${key} AS key, high FROM ${table} WHERE ${key} >= ? ORDER BY ${key} LIMIT 1`);
  let low = ends.low;
  let high = ends.top + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const row = probe.get(middle) as { readonly key: number; readonly high: number };
    if (row.high >= timeMs) high = middle;
    else low = row.key + 1;
  }
  return low > ends.top ? undefined : (probe.get(low) as { readonly key: number }).key;
}
