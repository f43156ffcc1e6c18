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

/** Asking costs what is found, plus for those with two ends the logarithm of their number. */
export function createIntervals(intervals: readonly Interval[]): Intervals {
  const openAbove = intervals.filter(({ high }) => high === Number.POSITIVE_INFINITY);
  const openBelow = intervals.filter(
    ({ low, high }) => low === Number.NEGATIVE_INFINITY && high !== Number.POSITIVE_INFINITY,
  );
  const closed = intervals.filter(
    ({ low, high }) => low !== Number.NEGATIVE_INFINITY && high !== Number.POSITIVE_INFINITY,
  );
  const above = thresholds(openAbove.map(({ low, ordinal }) => ({ bound: low, ordinal })));
  const below = thresholds(openBelow.map(({ high, ordinal }) => ({ bound: -high, ordinal })));
  const bands = closed.length === 0 ? null : createBands(closed);
  return {
    collect(value, into) {
      if (value >= above.lowest) collectThresholds(above, value, into);
      if (-value >= below.lowest) collectThresholds(below, -value, into);
      if (bands !== null) bands.collect(value, into);
    },
  };
}

/** Bounds that a number must reach, lowest first: those it reaches are a prefix. */
interface Thresholds {
  readonly lowest: number;
  readonly bounds: Float64Array;
  readonly ordinals: Uint32Array;
}

function thresholds(all: readonly { readonly bound: number; readonly ordinal: number }[]): Thresholds {
  const sorted = [...all].sort((a, b) => order(a.bound, b.bound));
  return {
    // NaN is reached by nothing.
    lowest: sorted[0]?.bound ?? Number.NaN,
    bounds: Float64Array.from(sorted, ({ bound }) => bound),
    ordinals: Uint32Array.from(sorted, ({ ordinal }) => ordinal),
  };
}

function collectThresholds({ bounds, ordinals }: Thresholds, value: number, into: Candidates): void {
  for (let i = 0; i < bounds.length && (bounds[i] as number) <= value; i++) into.add(ordinals[i] as number);
}

/** Sorted by the low end, as an implicit balanced tree that knows the highest end below each node. */
function createBands(intervals: readonly Interval[]): Intervals {
  const sorted = [...intervals].sort((a, b) => order(a.low, b.low));
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
