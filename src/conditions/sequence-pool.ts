import type { Occurrence } from '../model/event.js';
import { setOwn } from '../kernel/json.js';

/** An event and the steps it may fill. */
export interface PoolEntry {
  readonly occurrence: Occurrence;
  readonly steps: readonly number[];
}

/** Events of a sequence in any order, by event time, those of one instant in order of arrival: plain data. */
export type Pool = readonly PoolEntry[];

/** Steps filled by distinct events. */
export interface Filling {
  /** Oldest first. */
  readonly events: readonly Occurrence[];
  /** The steps that are filled, ascending, and by what. */
  readonly filled: ReadonlyMap<number, Occurrence>;
}

/**
 * The pool with an event put in. Each step keeps as many events as there are steps on either side of `anchorAt`, those next
 * to it: by Hall's theorem more could not fill any step that these cannot. (With an infinite anchor those are the latest.)
 * The same pool when the event is none of them.
 */
export function enterPool(
  pool: Pool,
  occurrence: Occurrence,
  steps: readonly number[],
  stepCount: number,
  anchorAt: number,
): Pool {
  const position = pool.findLastIndex((entry) => entry.occurrence.at <= occurrence.at) + 1;
  const entered = pool.toSpliced(position, 0, { occurrence, steps });
  const isBefore = occurrence.at < anchorAt;
  for (const step of steps) {
    const excess = farthestTooMany(entered, step, stepCount, anchorAt, isBefore);
    if (excess === -1) continue;
    const farthest = entered[excess] as PoolEntry;
    const left = farthest.steps.filter((kept) => kept !== step);
    if (left.length > 0) entered[excess] = { occurrence: farthest.occurrence, steps: left };
    else if (farthest.occurrence === occurrence) return pool;
    else entered.splice(excess, 1);
  }
  return entered;
}

/** Position of the entry farthest from the anchor, on its one side, when there are more than `most` for a step; or -1. */
function farthestTooMany(
  pool: Pool,
  step: number,
  most: number,
  anchorAt: number,
  isBefore: boolean,
): number {
  let count = 0;
  let farthest = -1;
  for (let i = 0; i < pool.length; i++) {
    const { occurrence, steps } = pool[i] as PoolEntry;
    if (occurrence.at < anchorAt !== isBefore || !steps.includes(step)) continue;
    count++;
    if (!isBefore || farthest === -1) farthest = i;
  }
  return count > most ? farthest : -1;
}

/** How many steps have an event at all: no more than these can be filled. */
export function stepsThere(pool: Pool): number {
  const there = new Set<number>();
  for (const { steps } of pool) for (const step of steps) there.add(step);
  return there.size;
}

/**
 * Fills steps with distinct events that lie within `withinMs` of each other and around `anchorAt`, nearest to it first:
 * `enough` steps if that can be done, otherwise as many as can.
 */
export function fillSteps(pool: Pool, anchorAt: number, withinMs: number, enough: number): Filling {
  let best: ReadonlyMap<number, number> = new Map();
  let end = 0;
  for (let start = 0; start < pool.length; start++) {
    const from = (pool[start] as PoolEntry).occurrence.at;
    if (from < anchorAt - withinMs) continue;
    if (from > anchorAt) break;
    const before = end;
    while (end < pool.length && (pool[end] as PoolEntry).occurrence.at <= from + withinMs) end++;
    // Nothing new on the right: what is left is a part of the window before.
    if (end === before) continue;
    const filled = matching(pool, start, end, anchorAt);
    if (filled.size > best.size) best = filled;
    if (best.size >= enough) break;
  }
  const at = (position: number): Occurrence => (pool[position] as PoolEntry).occurrence;
  return {
    events: [...best.values()].sort((a, b) => a - b).map(at),
    filled: new Map([...best].sort(([a], [b]) => a - b).map(([step, position]) => [step, at(position)])),
  };
}

/** The filled steps under their names. */
export function namedFilling(filling: Filling, names: readonly string[]): Record<string, Occurrence> {
  const steps: Record<string, Occurrence> = {};
  for (const [step, occurrence] of filling.filled) setOwn(steps, names[step] as string, occurrence);
  return steps;
}

/** A largest matching of steps to positions in [start, end), by augmenting paths (Kuhn 1955). */
function matching(pool: Pool, start: number, end: number, anchorAt: number): ReadonlyMap<number, number> {
  const candidates = new Map<number, number[]>();
  const distance = (position: number): number =>
    Math.abs((pool[position] as PoolEntry).occurrence.at - anchorAt);
  for (let position = start; position < end; position++) {
    for (const step of (pool[position] as PoolEntry).steps) {
      const known = candidates.get(step);
      if (known) known.push(position);
      else candidates.set(step, [position]);
    }
  }
  for (const positions of candidates.values()) positions.sort((a, b) => distance(a) - distance(b) || a - b);

  const stepAt = new Map<number, number>();
  const seat = (step: number, tried: Set<number>): boolean => {
    for (const position of candidates.get(step) as number[]) {
      if (tried.has(position)) continue;
      tried.add(position);
      const holder = stepAt.get(position);
      if (holder !== undefined && !seat(holder, tried)) continue;
      stepAt.set(position, step);
      return true;
    }
    return false;
  };
  for (const step of [...candidates.keys()].sort((a, b) => a - b)) seat(step, new Set());
  return new Map([...stepAt].map(([position, step]) => [step, position]));
}
