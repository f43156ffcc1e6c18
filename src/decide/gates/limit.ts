import type { MaxExecutions } from '../../model/trigger.js';

/** Executions counted so far: a number for ever, times (epoch ms, ascending) for a sliding period. */
export interface LimitSlice {
  count: number;
  times: number[];
}

export const emptyLimit = (): LimitSlice => ({ count: 0, times: [] });

/** Drops what left the period `(now − per, now]`. */
function prune(slice: LimitSlice, perMs: number, now: number): void {
  let gone = 0;
  while (gone < slice.times.length && (slice.times[gone] as number) <= now - perMs) gone++;
  if (gone > 0) slice.times.splice(0, gone);
}

/**
 * Whether one more execution is allowed at `now`: `open`, or closed until a time (null = for ever). Does not count it:
 * `countExecution` does, once the launch is decided.
 */
export function askLimit(
  slice: LimitSlice,
  limit: MaxExecutions,
  now: number,
): { open: boolean; until: number | null } {
  if (limit.perMs === null) return { open: slice.count < limit.count, until: null };
  prune(slice, limit.perMs, now);
  if (slice.times.length < limit.count) return { open: true, until: null };
  const frees = slice.times[slice.times.length - limit.count];
  return { open: false, until: frees === undefined ? null : frees + limit.perMs };
}

export function countExecution(slice: LimitSlice, limit: MaxExecutions, now: number): void {
  slice.count++;
  if (limit.perMs !== null) slice.times.push(now);
}
