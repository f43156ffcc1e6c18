import type { Firing } from '../../model/decision.js';
import type { Occurrence } from '../../model/event.js';

/** How many events a debounce or a collection keeps: past it the oldest are dropped. */
export const HELD_EVENTS_MAX = 10_000;

/** Firings that wait for a quiet spell (debounce) or the end of a collection. */
export interface HoldSlice {
  last: Firing;
  events: Occurrence[];
  /** Firings held so far: what `max` counts. */
  count: number;
  onceKeys: string[];
}

/** Adds a firing to what is held; returns how many events had to be dropped. */
export function hold(
  slice: HoldSlice | undefined,
  firing: Firing,
  onceKey: string | null,
): { slice: HoldSlice; dropped: number } {
  const held: HoldSlice = slice ?? { last: firing, events: [], count: 0, onceKeys: [] };
  held.last = firing;
  held.count++;
  for (const occurrence of firing.events) {
    const known = held.events.at(-1);
    const again =
      known !== undefined &&
      known.event.event_id === occurrence.event.event_id &&
      known.index === occurrence.index;
    if (!again) held.events.push(occurrence);
  }
  if (onceKey !== null) held.onceKeys.push(onceKey);
  const dropped = Math.max(0, held.events.length - HELD_EVENTS_MAX);
  if (dropped > 0) held.events.splice(0, dropped);
  return { slice: held, dropped };
}

/** The one firing that a hold lets go: the last event as `event`, all of them as `events`. */
export function release(slice: HoldSlice, at: number, cause: string): Firing {
  return { ...slice.last, events: slice.events, at, cause };
}
