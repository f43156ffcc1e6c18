import { createGenerations } from './generations.js';

/** How long an event id is remembered: a second event with the same id within it is dropped. */
export const DEDUPE_HORIZON_MS = 7 * 86_400_000;

/** Remembers ids for the dedupe horizon. */
export interface RecentIds {
  /** True when the id is new; remembers it. */
  add(id: string, nowMs: number): boolean;
}

/**
 * At most `capacity` ids, so that a file of any length streams through: an id further back than half the capacity may be
 * forgotten before the horizon.
 */
export function createRecentIds(capacity = 200_000): RecentIds {
  const seen = createGenerations(capacity);
  return {
    add(id, nowMs) {
      const seenAt = seen.get(id);
      if (seenAt !== undefined && nowMs - seenAt < DEDUPE_HORIZON_MS) return false;
      seen.set(id, nowMs);
      return true;
    },
  };
}
