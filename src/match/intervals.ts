import type { Candidates } from './stamps.js';

/** A range of numbers in which a listener's field must lie; both ends count as inside (the rule knows better). */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly ordinal: number;
}

/** Intervals ready to be asked which of them hold a number. */
export interface Intervals {
  collect(value: number, into: Candidates): void;
}

/**
 * Intervals sorted by their low end, as an implicit balanced tree that knows the highest end below each node: asking
 * costs the logarithm of their number, plus what is found. Plain thresholds are intervals with one end at infinity.
 */
export function createIntervals(intervals: readonly Interval[]): Intervals {
  const sorted = [...intervals].sort((a, b) => order(a.low, b.low) || order(a.high, b.high));
  const lows = Float64Array.from(sorted, ({ low }) => low);
  const highs = Float64Array.from(sorted, ({ high }) => high);
  const ordinals = Uint32Array.from(sorted, ({ ordinal }) => ordinal);
  const highest = new Float64Array(sorted.length);
  fillHighest(0, sorted.length);

  function fillHighest(from: number, to: number): number {
    if (from >= to) return Number.NEGATIVE_INFINITY;
    const middle = (from + to) >>> 1;
    const below = Math.max(fillHighest(from, middle), fillHighest(middle + 1, to));
    const high = Math.max(highs[middle] as number, below);
    highest[middle] = high;
    return high;
  }

  function collect(value: number, from: number, to: number, into: Candidates): void {
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((highest[middle] as number) < value) return;
      if ((lows[middle] as number) <= value) {
        collect(value, from, middle, into);
        if ((highs[middle] as number) >= value) into.add(ordinals[middle] as number);
        from = middle + 1;
      } else {
        to = middle;
      }
    }
  }

  return { collect: (value, into) => collect(value, 0, sorted.length, into) };
}

/** Infinities are equal to themselves, which their difference would not say. */
function order(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
