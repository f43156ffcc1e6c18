import type { Clock } from '../ports/clock.js';

/** setTimeout takes 31 bits of milliseconds; longer waits are made of several. */
const LONGEST_MS = 2_000_000_000;

/** The machine's clock. What waits keeps the process alive, as a daemon should be. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    let timeout: NodeJS.Timeout;
    const wait = (leftMs: number): void => {
      timeout = setTimeout(
        () => {
          if (leftMs > LONGEST_MS) wait(leftMs - LONGEST_MS);
          else callback();
        },
        Math.min(Math.max(0, leftMs), LONGEST_MS),
      );
    };
    wait(delayMs);
    return () => clearTimeout(timeout);
  },
};
