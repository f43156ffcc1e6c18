import type { RateLimit } from './http-options.js';

/** Takes events within a rate. */
export interface RateLimiter {
  /** 0 when they were taken; else after how many milliseconds it is worth trying again, and nothing was. */
  take(caller: string, events: number, nowMs: number): number;
}

/**
 * A token bucket for each caller. A request larger than the burst is let through when the bucket is full, and pays its
 * whole price afterwards: refused for ever would be worse.
 */
export function createRateLimiter({ eventsPerSecond, burst }: RateLimit): RateLimiter {
  const buckets = new Map<string, { level: number; at: number }>();
  return {
    take(caller, events, nowMs) {
      let bucket = buckets.get(caller);
      if (bucket === undefined) {
        bucket = { level: burst, at: nowMs };
        buckets.set(caller, bucket);
      }
      // A wall clock may be set back.
      const elapsedMs = Math.max(0, nowMs - bucket.at);
      bucket.level = Math.min(burst, bucket.level + (elapsedMs * eventsPerSecond) / 1_000);
      bucket.at = nowMs;
      const missing = Math.min(events, burst) - bucket.level;
      if (missing > 0) return Math.ceil((missing / eventsPerSecond) * 1_000);
      bucket.level -= events;
      return 0;
    },
  };
}
