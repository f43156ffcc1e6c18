import type { Json } from '../kernel/json.js';
import { jsonHash } from '../kernel/hash.js';
import type { GroupValues, Notice } from '../model/decision.js';
import type { Trigger } from '../model/trigger.js';
import { groupKey } from './group-key.js';
import type { GroupEntry, GroupTable } from './group-table.js';
import type { TimerOwner, Timers } from './timers.js';
import type { TriggerState } from './trigger-state.js';

/** Raised when the shape of a snapshot changes. */
const VERSION = 1;

type TableName = 'condition' | 'hold' | 'cooldown' | 'limit';
const TABLES: readonly TableName[] = ['condition', 'hold', 'cooldown', 'limit'];

interface TableSnapshot {
  /** What the state belongs to: state whose key differs in the new ruleset is not taken over. */
  readonly key: string;
  readonly groups: readonly { readonly values: GroupValues; readonly slice: unknown }[];
}

interface TriggerSnapshot {
  readonly trigger_id: string;
  readonly tables: Readonly<Record<TableName, TableSnapshot>>;
  readonly once: { readonly key: string; readonly values: readonly (readonly [string, number])[] };
  readonly noticedAt: readonly (readonly [Notice['kind'], number])[];
}

/** All state of a decider as plain data, independent of the ruleset's order. */
export interface DeciderSnapshot {
  readonly version: number;
  readonly now: number;
  readonly triggers: readonly TriggerSnapshot[];
  /** In (due, insertion) order. */
  readonly timers: readonly {
    readonly dueAt: number;
    readonly trigger_id: string;
    readonly owner: TimerOwner;
    readonly values: GroupValues;
    readonly purpose: string;
  }[];
}

/** Condition state belongs to the condition; each control's state to that control, group_by and mode alone. */
function tableKey(state: TriggerState, table: TableName): string {
  const { trigger, conditionHash } = state.compiled;
  const control = (settings: unknown): string => jsonHash([trigger.mode, trigger.group_by, settings] as Json);
  switch (table) {
    case 'condition':
      return `${trigger.memory?.kind ?? ''} ${state.reducer?.version ?? 0} ${conditionHash}`;
    case 'hold':
      return control([trigger.debounceMs, trigger.collect]);
    case 'cooldown':
      return control(trigger.cooldown);
    case 'limit':
      return control(trigger.max_executions === null ? null : trigger.max_executions.scope);
  }
}

function onceKey(trigger: Trigger): string {
  return jsonHash([trigger.mode, trigger.once_per] as Json);
}

export function takeSnapshot(states: readonly TriggerState[], timers: Timers, now: number): DeciderSnapshot {
  const groups = (table: GroupTable<unknown> | null): TableSnapshot['groups'] =>
    [...(table?.entries() ?? [])].map(({ values, slice }) => ({ values, slice: slice ?? null }));
  return structuredClone({
    version: VERSION,
    now,
    triggers: states.map((state) => ({
      trigger_id: state.compiled.trigger.trigger_id,
      tables: Object.fromEntries(
        TABLES.map((name) => [name, { key: tableKey(state, name), groups: groups(state[name]) }]),
      ) as Record<TableName, TableSnapshot>,
      once: { key: onceKey(state.compiled.trigger), values: state.once?.entries() ?? [] },
      noticedAt: [...state.noticedAt],
    })),
    timers: timers.list().map((timer) => {
      const state = states[timer.trigger] as TriggerState;
      const entry = state[timer.owner]?.get(timer.groupKey);
      return {
        dueAt: timer.dueAt,
        trigger_id: state.compiled.trigger.trigger_id,
        owner: timer.owner,
        values: entry?.values ?? [],
        purpose: timer.purpose,
      };
    }),
  });
}

export type SetTimer = <S>(
  state: TriggerState,
  table: GroupTable<S>,
  entry: GroupEntry<S>,
  owner: TimerOwner,
  purpose: string,
  dueAt: number,
) => void;

/** Puts a snapshot's state into fresh trigger states, as far as it still belongs to them; returns its engine time. */
export function restoreSnapshot(
  snapshot: DeciderSnapshot,
  states: readonly TriggerState[],
  setTimer: SetTimer,
): number {
  const own = structuredClone(snapshot);
  const byId = new Map(states.map((state) => [state.compiled.trigger.trigger_id, state]));
  for (const saved of own.triggers) {
    const state = byId.get(saved.trigger_id);
    if (state === undefined) continue;
    for (const name of TABLES) {
      const { key, groups } = saved.tables[name];
      if (key !== tableKey(state, name)) continue;
      const table = state[name] as GroupTable<unknown> | null;
      if (table === null) continue;
      for (const { values, slice } of groups) {
        const entry = table.touch(groupKey(values), values);
        if (entry !== null) entry.slice = slice ?? undefined;
      }
    }
    for (const [kind, at] of saved.noticedAt) state.noticedAt.set(kind, at);
    if (saved.once.key === onceKey(state.compiled.trigger)) {
      for (const [value, at] of saved.once.values) state.once?.set(value, at);
    }
  }
  for (const timer of own.timers) {
    const state = byId.get(timer.trigger_id);
    const table = state?.[timer.owner] as GroupTable<unknown> | null | undefined;
    const entry = table?.get(groupKey(timer.values));
    if (state === undefined || !table || entry === undefined) continue;
    setTimer(state, table, entry, timer.owner, timer.purpose, timer.dueAt);
  }
  return own.now;
}
