import type { Clock } from '../../src/ports/clock.js';

/** A clock that a test moves by hand. */
export interface ManualClock extends Clock {
  /** Moves on; what falls due on the way is called in its order, each at its time, and what it sets off is let settle. */
  advance(byMs: number): Promise<void>;
  /** Sets the wall clock, as an operator would: waits go on as long as they would have. */
  set(nowMs: number): void;
  /** How many callbacks wait. */
  readonly waiting: number;
}

interface Due {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Lets everything settle that needs no time: promises, and what they set off. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function createManualClock(startMs = 0): ManualClock {
  const waiting = new Set<Due>();
  /** What has passed, and how far the wall clock is from it. */
  let passed = 0;
  let offset = startMs;
  let orders = 0;
  const next = (until: number): Due | undefined => {
    let first: Due | undefined;
    for (const due of waiting)
      if (
        due.at <= until &&
        (first === undefined || due.at < first.at || (due.at === first.at && due.order < first.order))
      )
        first = due;
    return first;
  };
  return {
    now: () => passed + offset,
    after(delayMs, callback) {
      const due = { at: passed + Math.max(0, delayMs), order: orders++, callback };
      waiting.add(due);
      return () => void waiting.delete(due);
    },
    async advance(byMs) {
      await settled();
      const until = passed + byMs;
      for (let due = next(until); due !== undefined; due = next(until)) {
        waiting.delete(due);
        passed = due.at;
        due.callback();
        await settled();
      }
      passed = until;
    },
    set(nowMs) {
      offset = nowMs - passed;
    },
    get waiting() {
      return waiting.size;
    },
  };
}
