import type { Json } from '../kernel/json.js';
import { jsonHash } from '../kernel/hash.js';
import type { GroupValues, Notice } from '../model/decision.js';
import type { StateRow } from '../ports/store.js';
import { groupKey } from './group-key.js';
import type { GroupEntry, GroupTable } from './group-table.js';
import { joinParts, rowOfPart } from './row-parts.js';
import type { TimerOwner, Timers } from './timers.js';
import type { TriggerState } from './trigger-state.js';

/** Raised when the shape of the rows changes: rows of another shape are not taken over. */
const VERSION = 1;

const TABLES = ['condition', 'hold', 'cooldown', 'limit'] as const;
type TableName = (typeof TABLES)[number];
type RowKind = TableName | 'once' | 'trigger' | 'part';

/** A group's row. */
interface GroupRow {
  /** What the state belongs to: a row whose owner is another now is not taken over. */
  readonly owner: string;
  readonly values: GroupValues;
  readonly slice: unknown;
  /** purpose, due, sequence */
  readonly timers: readonly (readonly [string, number, number])[];
  readonly touched: number;
  /** Its events are rows of their own. */
  readonly parts?: true;
}
interface OnceRow {
  readonly owner: string;
  readonly at: number;
}
interface TriggerRow {
  readonly snoozedUntil: number | null;
  readonly noticedAt: readonly (readonly [Notice['kind'], number])[];
}

/** All state of a decider as plain text rows, independent of the ruleset's order. */
export interface DeciderSnapshot {
  /** Engine time, epoch ms. */
  readonly now: number;
  readonly rows: readonly { readonly key: string; readonly value: string }[];
}

/** A row's key: trigger id, kind, and the group's or value's key. Trigger ids and kinds hold no line break. */
export function rowKey(triggerId: string, kind: RowKind, key: string): string {
  return `${triggerId}\n${kind}\n${key}`;
}

/** Trigger id of a row's key. */
export function triggerOfRow(key: string): string {
  return key.slice(0, key.indexOf('\n'));
}

const owners = new WeakMap<TriggerState, Map<RowKind, string>>();

/** Condition state belongs to the condition; each control's state to that control, group_by and mode alone. */
function ownerOf(state: TriggerState, kind: TableName | 'once'): string {
  let known = owners.get(state);
  if (known === undefined) {
    known = new Map();
    owners.set(state, known);
  }
  let owner = known.get(kind);
  if (owner === undefined) {
    owner = `${VERSION} ${describeOwner(state, kind)}`;
    known.set(kind, owner);
  }
  return owner;
}

function describeOwner(state: TriggerState, kind: TableName | 'once'): string {
  const { trigger, conditionHash } = state.compiled;
  const control = (settings: unknown): string =>
    jsonHash([trigger.mode, trigger.group_by, settings] as Json).slice(0, 16);
  switch (kind) {
    case 'condition':
      return `${trigger.memory?.kind ?? ''} ${state.reducer?.version ?? 0} ${conditionHash}`;
    case 'hold':
      return control([trigger.debounceMs, trigger.collect]);
    case 'cooldown':
      return control(trigger.cooldown);
    case 'limit':
      return control(trigger.max_executions === null ? null : trigger.max_executions.scope);
    case 'once':
      return jsonHash([trigger.mode, trigger.once_per] as Json).slice(0, 16);
  }
}

function groupRow(owner: string, entry: GroupEntry<unknown>): GroupRow {
  const timers: GroupRow['timers'] =
    entry.timers === null
      ? []
      : [...entry.timers.values()].map(({ purpose, dueAt, sequence }) => [purpose, dueAt, sequence] as const);
  return {
    owner,
    values: entry.values,
    slice: entry.slice ?? null,
    timers,
    touched: entry.touched,
  };
}

function triggerRow(state: TriggerState): string | null {
  if (state.snoozedUntil === null && state.noticedAt.size === 0) return null;
  const row: TriggerRow = { snoozedUntil: state.snoozedUntil, noticedAt: [...state.noticedAt] };
  return JSON.stringify(row);
}

/** Rows that changed since the last call. */
export function takeChanges(states: Iterable<TriggerState>): StateRow[] {
  const rows: StateRow[] = [];
  for (const state of states) {
    const { trigger_id } = state;
    for (const name of TABLES) {
      const table = state[name] as GroupTable<unknown> | null;
      if (table === null) continue;
      for (const [key, entry] of table.takeChanged()) {
        const ofGroup = rowKey(trigger_id, name, key);
        if (entry === null) {
          rows.push({ key: ofGroup, value: null }, ...state.parts.forget(ofGroup));
          continue;
        }
        const { text, changes } = state.parts.write(ofGroup, groupRow(ownerOf(state, name), entry));
        rows.push({ key: ofGroup, value: text });
        for (const change of changes) rows.push(change);
      }
    }
    if (state.once !== null) {
      for (const [key, at] of state.once.takeChanged()) {
        const row: OnceRow | null = at === null ? null : { owner: ownerOf(state, 'once'), at };
        rows.push({
          key: rowKey(trigger_id, 'once', key),
          value: row === null ? null : JSON.stringify(row),
        });
      }
    }
    if (state.isMarked) {
      rows.push({ key: rowKey(trigger_id, 'trigger', ''), value: triggerRow(state) });
      state.isMarked = false;
    }
  }
  return rows;
}

/** All rows there are. */
export function takeSnapshot(states: readonly TriggerState[], now: number): DeciderSnapshot {
  const rows: { key: string; value: string }[] = [];
  for (const state of states) {
    const { trigger_id } = state;
    for (const name of TABLES) {
      const table = state[name] as GroupTable<unknown> | null;
      if (table === null) continue;
      for (const entry of table.entries()) {
        const key = rowKey(trigger_id, name, entry.key);
        const { text, parts } = state.parts.read(key, groupRow(ownerOf(state, name), entry));
        rows.push({ key, value: text });
        for (const part of parts) rows.push(part);
      }
    }
    for (const [key, at] of state.once?.entries() ?? []) {
      const row: OnceRow = { owner: ownerOf(state, 'once'), at };
      rows.push({ key: rowKey(trigger_id, 'once', key), value: JSON.stringify(row) });
    }
    const value = triggerRow(state);
    if (value !== null) rows.push({ key: rowKey(trigger_id, 'trigger', ''), value });
  }
  return { now, rows };
}

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
