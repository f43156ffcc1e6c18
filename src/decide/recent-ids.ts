/** How long an event id is remembered: a second event with the same id within it is dropped. */
export const DEDUPE_HORIZON_MS = 7 * 86_400_000;

/** Remembers ids for the dedupe horizon, at most about `capacity` of them (the oldest half goes first). */
export interface RecentIds {
  /** True when the id is new; remembers it. */
  add(id: string, nowMs: number): boolean;
}

/**
 * Two generations of a set: when the young one is full it becomes the old one. Memory is bounded by `capacity` ids, so a
 * file of any length streams through; an id further back than half the capacity may be forgotten early.
 */
export function createRecentIds(capacity = 400_000): RecentIds {
  let young = new Map<string, number>();
  let old = new Map<string, number>();
  return {
    add(id, nowMs) {
      const seenAt = young.get(id) ?? old.get(id);
      if (seenAt !== undefined && nowMs - seenAt < DEDUPE_HORIZON_MS) return false;
      if (young.size >= capacity / 2) {
        old = young;
        young = new Map();
      }
      young.set(id, nowMs);
      return true;
    },
  };
}
