import type { Json } from '../kernel/json.js';
import { jsonHash } from '../kernel/hash.js';
import type { GroupValues, Notice } from '../model/decision.js';
import type { StateRow } from '../ports/store.js';
import type { GroupEntry, GroupTable } from './group-table.js';
import type { TriggerState } from './trigger-state.js';

/** Raised when the shape of the rows changes: rows of another shape are not taken over. */
const VERSION = 1;

export const TABLES = ['condition', 'hold', 'cooldown', 'limit'] as const;
export type TableName = (typeof TABLES)[number];
export type RowKind = TableName | 'once' | 'trigger' | 'part';

/** A group's row. */
export interface GroupRow {
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
export interface OnceRow {
  readonly owner: string;
  readonly at: number;
}
export interface TriggerRow {
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
export function ownerOf(state: TriggerState, kind: TableName | 'once'): string {
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
