import type { Occurrence } from '../model/event.js';

/** Events one window keeps; past it the oldest go. */
export const MAX_WINDOW_EVENTS = 10_000;

/** What an event brings into an aggregate: a number, or for `distinct` the canonical text of its value. */
export type WindowValue = number | string;

/** A sliding window of one group: plain data. */
export interface Window {
  /** Greatest event time seen for the group, whether or not the event is in the window. */
  latestAt: number;
  /** By event time, those of one instant in order of arrival. */
  events: Occurrence[];
  /** What each of the events brings, at the same position. */
  values: WindowValue[];
  /** How often each text is in the window. A canonical JSON text is never `__proto__`: a string keeps its quotes. */
  tally: Record<string, number>;
  /** How many different texts that are. */
  distinct: number;
}

export function openWindow(latestAt: number): Window {
  return { latestAt, events: [], values: [], tally: {}, distinct: 0 };
}

/** Puts an event where its time belongs; returns how many of the oldest had to go for it. */
export function enterWindow(window: Window, occurrence: Occurrence, value: WindowValue): number {
  const { events, values } = window;
  let position = events.length;
  while (position > 0 && (events[position - 1] as Occurrence).at > occurrence.at) position--;
  if (events.length === 0) {
    // Pushing onto an empty array reserves room for sixteen more: most groups never hold a second event.
    window.events = [occurrence];
    window.values = [value];
  } else if (position === events.length) {
    events.push(occurrence);
    values.push(value);
  } else {
    events.splice(position, 0, occurrence);
    values.splice(position, 0, value);
  }
  if (typeof value === 'string') {
    const before = window.tally[value] ?? 0;
    if (before === 0) window.distinct++;
    window.tally[value] = before + 1;
  }
  const excess = Math.max(window.events.length - MAX_WINDOW_EVENTS, 0);
  dropOldest(window, excess);
  return excess;
}

/** Drops what happened at `cutoff` or before. */
export function expireWindow(window: Window, cutoff: number): void {
  dropOldest(window, countUntil(window, cutoff));
}

/** How many of the window's events happened at `cutoff` or before. */
export function countUntil(window: Window, cutoff: number): number {
  const { events } = window;
  let count = 0;
  while (count < events.length && (events[count] as Occurrence).at <= cutoff) count++;
  return count;
}

function dropOldest(window: Window, count: number): void {
  if (count === 0) return;
  for (let i = 0; i < count; i++) {
    const value = window.values[i] as WindowValue;
    if (typeof value !== 'string') continue;
    const left = (window.tally[value] as number) - 1;
    if (left > 0) {
      window.tally[value] = left;
    } else {
      delete window.tally[value];
      window.distinct--;
    }
  }
  // One at a time is the usual case, and shift() moves the start of the array instead of its elements.
  if (count === 1) {
    window.events.shift();
    window.values.shift();
  } else {
    window.events.splice(0, count);
    window.values.splice(0, count);
  }
}
