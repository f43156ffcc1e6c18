import type { GroupValues } from '../model/decision.js';
import type { Timer } from './timers.js';

/** What is remembered of one group. */
export interface GroupEntry<S> {
  readonly key: string;
  readonly values: GroupValues;
  slice: S | undefined;
  /** Live timers by purpose; null while there has been none: most groups never have any. */
  timers: Map<string, Timer> | null;
  /** Grows with each touch of the table: the order of touching, for a group that is put back later. */
  touched: number;
  /** Neighbours in the order of touching, null at the ends and for a group with timers, which is not in it. */
  older: GroupEntry<S> | null;
  newer: GroupEntry<S> | null;
}

/**
 * The groups of one trigger and one purpose, at most `capacity` of them. Past it the least recently touched group without
 * a pending timer is forgotten; when all have timers a new group is refused.
 */
export interface GroupTable<S> {
  readonly size: number;
  get(key: string): GroupEntry<S> | undefined;
  /** The group, touched, made when it is new; null when it is refused. `touched` is given for a group that is put back. */
  touch(key: string, values: GroupValues, touched?: number): GroupEntry<S> | null;
  /** Call when a group's timers change between none and some, or its slice became undefined. */
  settle(entry: GroupEntry<S>): void;
  /** In no order. */
  entries(): IterableIterator<GroupEntry<S>>;
  /** Groups that were touched or settled since the last call; null = forgotten. Empty when nothing is noted. */
  takeChanged(): ReadonlyMap<string, GroupEntry<S> | null>;
}

const NOTHING_CHANGED: ReadonlyMap<string, null> = new Map<string, null>();

export interface GroupTableEvents {
  evicted(): void;
  refused(): void;
}

/** `changes` given, what changes is noted for `takeChanged`; it is called when the first of it is. */
export function createGroupTable<S>(
  capacity: number,
  events: GroupTableEvents,
  changes: (() => void) | null = null,
): GroupTable<S> {
  const groups = new Map<string, GroupEntry<S>>();
  let changed = new Map<string, GroupEntry<S> | null>();
  const note = (key: string, entry: GroupEntry<S> | null): void => {
    if (changes === null) return;
    if (changed.size === 0) changes();
    changed.set(key, entry);
  };
  let touches = 0;
  // A list of our own: the first key of a Map that is churned costs a walk over its deleted entries.
  let oldest: GroupEntry<S> | null = null;
  let newest: GroupEntry<S> | null = null;

  const isListed = (entry: GroupEntry<S>): boolean => entry.older !== null || oldest === entry;

  const unlist = (entry: GroupEntry<S>): void => {
    if (entry.older === null) oldest = entry.newer;
    else entry.older.newer = entry.newer;
    if (entry.newer === null) newest = entry.older;
    else entry.newer.older = entry.older;
    entry.older = null;
    entry.newer = null;
  };

  const list = (entry: GroupEntry<S>): void => {
    entry.older = newest;
    if (newest === null) oldest = entry;
    else newest.newer = entry;
    newest = entry;
  };

  return {
    get size() {
      return groups.size;
    },
    get(key) {
      return groups.get(key);
    },
    touch(key, values, touched) {
      const known = groups.get(key);
      touches = touched ?? touches + 1;
      if (known !== undefined) {
        known.touched = touches;
        note(key, known);
        if (known !== newest && isListed(known)) {
          unlist(known);
          list(known);
        }
        return known;
      }
      if (groups.size >= capacity) {
        if (oldest === null) {
          events.refused();
          return null;
        }
        groups.delete(oldest.key);
        note(oldest.key, null);
        unlist(oldest);
        events.evicted();
      }
      const entry: GroupEntry<S> = {
        key,
        values,
        slice: undefined,
        timers: null,
        touched: touches,
        older: null,
        newer: null,
      };
      groups.set(key, entry);
      note(key, entry);
      list(entry);
      return entry;
    },
    settle(entry) {
      const listed = isListed(entry);
      note(entry.key, entry);
      if (entry.timers !== null && entry.timers.size > 0) {
        if (listed) unlist(entry);
      } else if (entry.slice === undefined) {
        if (listed) unlist(entry);
        groups.delete(entry.key);
        note(entry.key, null);
      } else if (!listed) {
        list(entry);
      }
    },
    entries() {
      return groups.values();
    },
    takeChanged() {
      if (changed.size === 0) return NOTHING_CHANGED;
      const taken = changed;
      changed = new Map();
      return taken;
    },
  };
}
