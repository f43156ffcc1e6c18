import { groupKey } from './group-key.js';
import type { GroupEntry, GroupTable } from './group-table.js';
import { joinParts, rowOfPart } from './row-parts.js';
import {
  ownerOf,
  rowKey,
  TABLES,
  triggerOfRow,
  type GroupRow,
  type OnceRow,
  type RowKind,
  type TableName,
  type TriggerRow,
} from './state-rows.js';
import type { TimerOwner, Timers } from './timers.js';
import type { TriggerState } from './trigger-state.js';

/** A row that was not taken over: its trigger is not there, or its condition or control has changed. */
export interface LeftRow {
  readonly key: string;
  readonly why: 'no trigger' | 'changed';
  /** Purposes of the timers that go with it. */
  readonly timers: readonly string[];
}

/**
 * Puts rows into fresh trigger states, as far as they still belong to them, and sets their timers in the order they had.
 * Returns what was left.
 */
export function restoreRows(
  rows: Iterable<{ readonly key: string; readonly value: string }>,
  states: readonly TriggerState[],
  timers: Timers,
): readonly LeftRow[] {
  const byId = new Map(states.map((state) => [state.trigger_id, state]));
  const left: LeftRow[] = [];
  const groups: {
    readonly state: TriggerState;
    readonly name: TableName;
    readonly row: GroupRow;
    /** Of a row that is kept in them. */
    readonly parts: ReadonlyMap<number, object> | null;
  }[] = [];
  /** Rows whose parts are still to come, and the parts that have, by row. */
  const split: {
    readonly state: TriggerState;
    readonly name: TableName;
    readonly key: string;
    readonly value: string;
  }[] = [];
  const partsOf = new Map<string, Map<number, { readonly key: string; readonly value: string }>>();
  const onces: { readonly state: TriggerState; readonly key: string; readonly at: number }[] = [];
  for (const { key, value } of rows) {
    const [trigger_id = '', kind] = key.split('\n', 2) as [string, RowKind];
    const state = byId.get(trigger_id);
    if (kind === 'trigger') {
      if (state === undefined) left.push({ key, why: 'no trigger', timers: [] });
      else restoreTrigger(state, JSON.parse(value) as TriggerRow);
      continue;
    }
    if (kind === 'part') {
      const { rowKey: ofGroup, sequence } = rowOfPart(key);
      const known = partsOf.get(ofGroup);
      if (known === undefined) partsOf.set(ofGroup, new Map([[sequence, { key, value }]]));
      else known.set(sequence, { key, value });
      continue;
    }
    const row = JSON.parse(value) as GroupRow | OnceRow;
    const owned = state !== undefined && state[kind] !== null && row.owner === ownerOf(state, kind);
    if (state === undefined || !owned) {
      left.push({
        key,
        why: state === undefined ? 'no trigger' : 'changed',
        timers: 'timers' in row ? row.timers.map(([purpose]) => purpose) : [],
      });
    } else if (kind === 'once') {
      onces.push({ state, key: key.slice(trigger_id.length + 6), at: (row as OnceRow).at });
    } else if ((row as GroupRow).parts === true) {
      split.push({ state, name: kind, key, value });
    } else {
      groups.push({ state, name: kind, row: row as GroupRow, parts: null });
    }
  }
  for (const { state, name, key, value } of split) {
    const texts = partsOf.get(key) ?? new Map<number, { readonly value: string }>();
    const parts = new Map([...texts].map(([sequence, part]) => [sequence, JSON.parse(part.value) as object]));
    const row = joinParts(value, parts) as GroupRow | undefined;
    if (row === undefined) {
      left.push({ key, why: 'changed', timers: [] });
      continue;
    }
    partsOf.delete(key);
    groups.push({ state, name, row, parts });
  }
  // Parts of rows that were left.
  for (const parts of partsOf.values())
    for (const { key } of parts.values())
      left.push({ key, why: byId.has(triggerOfRow(key)) ? 'changed' : 'no trigger', timers: [] });
  groups.sort((a, b) => a.row.touched - b.row.touched);
  const set: {
    readonly state: TriggerState;
    readonly owner: TimerOwner;
    readonly entry: GroupEntry<unknown>;
    readonly purpose: string;
    readonly dueAt: number;
    readonly sequence: number;
  }[] = [];
  for (const { state, name, row, parts } of groups) {
    const table = state[name] as GroupTable<unknown>;
    const key = groupKey(row.values);
    // Also of one that finds no place: then they go with it.
    if (parts !== null) state.parts.adopt(rowKey(state.trigger_id, name, key), parts);
    const entry = table.touch(key, row.values, row.touched);
    if (entry === null) continue;
    entry.slice = row.slice ?? undefined;
    for (const [purpose, dueAt, sequence] of row.timers)
      set.push({ state, owner: name as TimerOwner, entry, purpose, dueAt, sequence });
  }
  set.sort((a, b) => a.dueAt - b.dueAt || a.sequence - b.sequence);
  for (const { state, owner, entry, purpose, dueAt, sequence } of set) {
    entry.timers ??= new Map();
    const timer = { dueAt, trigger: state.ordinal, owner, groupKey: entry.key, purpose };
    entry.timers.set(purpose, timers.add(timer, sequence));
    (state[owner] as GroupTable<unknown>).settle(entry);
  }
  onces.sort((a, b) => a.at - b.at);
  for (const { state, key, at } of onces) state.once?.set(key, at);
  // What was put back is what the store holds already, but for what found no place.
  for (const state of states) {
    for (const name of TABLES) {
      for (const [key, entry] of state[name]?.takeChanged() ?? []) {
        if (entry !== null) continue;
        const gone = rowKey(state.trigger_id, name, key);
        for (const one of [gone, ...state.parts.forget(gone).map((part) => part.key)])
          left.push({ key: one, why: 'changed', timers: [] });
      }
    }
    state.once?.takeChanged();
  }
  return left;
}

function restoreTrigger(state: TriggerState, row: TriggerRow): void {
  state.snoozedUntil = row.snoozedUntil;
  for (const [kind, at] of row.noticedAt) state.noticedAt.set(kind, at);
}
