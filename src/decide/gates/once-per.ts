import { canonicalJson, type Json } from '../../kernel/json.js';
import type { Occurrence } from '../../model/event.js';
import type { Generations } from '../generations.js';
import { createReader } from '../group-key.js';
import { DEDUPE_HORIZON_MS } from '../recent-ids.js';

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

/** Until when a value is closed, or null when it is free. `launchedAt` holds the values that launched, with their times. */
export function askOnce(launchedAt: Generations, key: string, now: number): number | null {
  const at = launchedAt.get(key);
  return at === undefined || now - at >= DEDUPE_HORIZON_MS ? null : at + DEDUPE_HORIZON_MS;
}
