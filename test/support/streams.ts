import fc from 'fast-check';
import type { Arrival } from './reducer-harness.js';
import type { Reading } from './timeline.js';

export interface StreamShape {
  /** What events there are; each word is read as in a timeline. */
  readonly words: readonly string[];
  readonly read: Reading;
  readonly maxLength: number;
  /** Longest pause between two arrivals, and longest delay of an event on its way. */
  readonly maxPauseMs: number;
  readonly maxDelayMs: number;
}

/**
 * Random streams: two groups, many arrivals at one instant, events that arrive late and out of order, of equal times, and
 * (delay below 0) with timestamps in the future. With `maxDelayMs: 0` events arrive in the order they happened.
 */
export function streams(shape: StreamShape): fc.Arbitrary<readonly Arrival[]> {
  const pause = fc.oneof(fc.constant(0), fc.nat(shape.maxPauseMs));
  const delay =
    shape.maxDelayMs === 0
      ? fc.constant(0)
      : fc.oneof(fc.constant(0), fc.integer({ min: -3, max: shape.maxDelayMs }));
  const step = fc.tuple(pause, delay, fc.constantFrom('x', 'x', 'y'), fc.constantFrom(...shape.words));
  // size: without it fast-check draws short arrays only.
  return fc.array(step, { maxLength: shape.maxLength, size: 'max' }).map((steps) => {
    let now = 100;
    return steps.map(([pauseMs, delayMs, group, word], index) => {
      now += pauseMs;
      return { id: `e${index}`, group, arrivedAt: now, at: now - delayMs, ...shape.read(word) };
    });
  });
}

/** A group's own arrivals, event times capped as the engine does. */
export function ofGroup(arrivals: readonly Arrival[], group: string): readonly Arrival[] {
  return arrivals
    .filter((arrival) => arrival.group === group)
    .map((arrival) => ({ ...arrival, at: Math.min(arrival.at, arrival.arrivedAt) }));
}

export const GROUPS = ['x', 'y'] as const;
