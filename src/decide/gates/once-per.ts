import { canonicalJson, type Json } from '../../kernel/json.js';
import type { Occurrence } from '../../model/event.js';
import { createReader } from '../group-key.js';
import { DEDUPE_HORIZON_MS } from '../recent-ids.js';

/** Values that launched within the dedupe horizon: key → epoch ms of the launch, oldest first. */
export type OnceValues = Map<string, number>;

/** Reads the `once_per` key of an event; null when a value is missing (such an event is not deduplicated). */
export function createOnceKey(paths: readonly string[]): (occurrence: Occurrence) => string | null {
  const reads = paths.map(createReader);
  return (occurrence) => {
    const values: Json[] = [];
    for (const read of reads) {
      const value = read(occurrence.event, occurrence.item);
      if (value === undefined || value === null) return null;
      values.push(value);
    }
    return values.map(canonicalJson).join(',');
  };
}

/** Until when a value is closed, or null when it is free. Forgets what is past the horizon. */
export function askOnce(seen: OnceValues, key: string, now: number): number | null {
  for (const [known, at] of seen) {
    if (now - at < DEDUPE_HORIZON_MS) break;
    seen.delete(known);
  }
  const at = seen.get(key);
  return at === undefined ? null : at + DEDUPE_HORIZON_MS;
}

/** Marks a value as launched; at most `capacity` are kept, returns whether one had to go. */
export function markOnce(seen: OnceValues, key: string, now: number, capacity: number): boolean {
  seen.delete(key);
  seen.set(key, now);
  if (seen.size <= capacity) return false;
  const oldest = seen.keys().next();
  if (!oldest.done) seen.delete(oldest.value);
  return true;
}
