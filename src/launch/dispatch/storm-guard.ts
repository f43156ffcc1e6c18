import type { Clock } from '../../ports/clock.js';
import { createFifo, type Fifo } from './fifo.js';

const MINUTE_MS = 60_000;
/** Waiting launches are looked at again no more often than this, however thinly the starts were spread. */
const SHORTEST_WAIT_MS = 1_000;

/** Bounds how many launches of one trigger start in any minute (t − 60 s, t]. Nothing is lost by it: the rest waits. */
export interface StormGuard {
  admits(triggerId: string): boolean;
  started(triggerId: string): void;
  /** Calls back once when the trigger, which is not admitted, may be asked again. Asked again before that, does nothing. */
  wait(triggerId: string): void;
  stop(): void;
}

interface Recent {
  /** Times of the starts within the last minute, at most as many as may be. */
  readonly starts: Fifo<number>;
  newest: number;
  cancel: (() => void) | null;
}

/** `perMinute` null bounds nothing. `over` is called when a waiting trigger may be asked again. */
export function createStormGuard(
  perMinute: number | null,
  clock: Clock,
  over: (triggerId: string) => void,
): StormGuard {
  const triggers = new Map<string, Recent>();

  /** The trigger's starts without those that are a minute old; undefined when none is left. */
  const recentOf = (triggerId: string): Recent | undefined => {
    const recent = triggers.get(triggerId);
    if (recent === undefined) return undefined;
    const now = clock.now();
    const { starts } = recent;
    // A clock that was set back says nothing about how long ago they were: rather start too many once than none for hours.
    if (now < recent.newest) while (starts.size > 0) starts.shift();
    for (let at = starts.first(); at !== undefined && at <= now - MINUTE_MS; at = starts.first())
      starts.shift();
    if (starts.size > 0 || recent.cancel !== null) return recent;
    triggers.delete(triggerId);
    return undefined;
  };

  const begin = (triggerId: string): Recent => {
    const recent: Recent = { starts: createFifo(), newest: 0, cancel: null };
    triggers.set(triggerId, recent);
    return recent;
  };

  return {
    admits: (triggerId) => perMinute === null || (recentOf(triggerId)?.starts.size ?? 0) < perMinute,
    started(triggerId) {
      if (perMinute === null) return;
      const recent = recentOf(triggerId) ?? begin(triggerId);
      recent.newest = clock.now();
      recent.starts.push(recent.newest);
    },
    wait(triggerId) {
      const recent = recentOf(triggerId) ?? begin(triggerId);
      if (recent.cancel !== null) return;
      const oldest = recent.starts.first() ?? clock.now();
      recent.cancel = clock.after(Math.max(SHORTEST_WAIT_MS, oldest + MINUTE_MS - clock.now()), () => {
        recent.cancel = null;
        over(triggerId);
      });
    },
    stop() {
      for (const recent of triggers.values()) recent.cancel?.();
      triggers.clear();
    },
  };
}
