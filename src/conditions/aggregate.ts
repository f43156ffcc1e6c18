import type { Window } from './window.js';

/** What a window's values come to. */
export const AGGREGATES = ['count', 'sum', 'average', 'minimum', 'maximum', 'distinct'] as const;
export type Aggregate = (typeof AGGREGATES)[number];

/**
 * The aggregate of a window that is not empty. Sums are taken anew each time, oldest first: a running sum would drift with
 * what entered and left, and another history of the same window would decide otherwise.
 */
export function aggregateOf(aggregate: Aggregate, window: Window): number {
  const { events, values } = window;
  switch (aggregate) {
    case 'count':
      return events.length;
    case 'distinct':
      return window.distinct;
    case 'sum':
      return sum(values as readonly number[]);
    case 'average':
      return sum(values as readonly number[]) / values.length;
    case 'minimum':
    case 'maximum': {
      let best = values[0] as number;
      for (let i = 1; i < values.length; i++) {
        const value = values[i] as number;
        if (aggregate === 'minimum' ? value < best : value > best) best = value;
      }
      return best;
    }
  }
}

/** A sum that stays a number JSON can carry. */
function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return Math.min(Math.max(total, -Number.MAX_VALUE), Number.MAX_VALUE);
}
