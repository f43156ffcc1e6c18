import type { Json } from '../kernel/json.js';
import type { GroupValues } from '../model/decision.js';
import type { Timer } from './timers.js';

/** What is remembered of one group. */
export interface GroupEntry<S> {
  readonly key: string;
  readonly values: GroupValues;
  slice: S | undefined;
  /** Live timers by purpose. */
  readonly timers: Map<string, Timer>;
}

/** One group's share of a snapshot. */
export interface GroupSnapshot {
  readonly values: GroupValues;
  readonly slice: Json;
}

/**
 * The groups of one trigger and one purpose, at most `capacity` of them. Past it the least recently touched group without
 * a pending timer is forgotten; when all have timers a new group is refused.
 */
export interface GroupTable<S> {
  readonly size: number;
  get(key: string): GroupEntry<S> | undefined;
  /** The group, touched, made when it is new; null when it is refused. */
  touch(key: string, values: GroupValues): GroupEntry<S> | null;
  /** Call when a group's timers change between none and some, or its slice became undefined. */
  settle(entry: GroupEntry<S>): void;
  /** Least recently touched first; groups with timers after those without. */
  entries(): IterableIterator<GroupEntry<S>>;
}

export interface GroupTableEvents {
  evicted(): void;
  refused(): void;
}

export function createGroupTable<S>(capacity: number, events: GroupTableEvents): GroupTable<S> {
  // Two maps in order of touching: evicting looks at the first of the idle ones and never walks past pinned ones.
  const idle = new Map<string, GroupEntry<S>>();
  const pinned = new Map<string, GroupEntry<S>>();

  return {
    get size() {
      return idle.size + pinned.size;
    },
    get(key) {
      return pinned.get(key) ?? idle.get(key);
    },
    touch(key, values) {
      const held = pinned.get(key);
      if (held) return held;
      const known = idle.get(key);
      if (known) {
        idle.delete(key);
        idle.set(key, known);
        return known;
      }
      if (idle.size + pinned.size >= capacity) {
        const oldest = idle.keys().next();
        if (oldest.done) {
          events.refused();
          return null;
        }
        idle.delete(oldest.value);
        events.evicted();
      }
      const entry: GroupEntry<S> = { key, values, slice: undefined, timers: new Map() };
      idle.set(key, entry);
      return entry;
    },
    settle(entry) {
      const waiting = entry.timers.size > 0;
      if (waiting) {
        if (idle.delete(entry.key) || !pinned.has(entry.key)) pinned.set(entry.key, entry);
        return;
      }
      const wasPinned = pinned.delete(entry.key);
      if (entry.slice === undefined) idle.delete(entry.key);
      else if (wasPinned) idle.set(entry.key, entry);
    },
    *entries() {
      yield* idle.values();
      yield* pinned.values();
    },
  };
}
