import type { CounterName, Reducer, Slice } from '../ports/condition-kind.js';
import type { Firing, Notice } from '../model/decision.js';
import type { CompiledTrigger } from '../model/ruleset.js';
import type { Occurrence } from '../model/event.js';
import { createGroupReader, type GroupReader } from './group-key.js';
import { createGroupTable, type GroupTable } from './group-table.js';
import type { HoldSlice } from './gates/hold.js';
import type { LimitSlice } from './gates/limit.js';
import { createOnceKey } from './gates/once-per.js';
import { createRowParts, type RowParts } from './row-parts.js';
import { createGenerations, type Generations } from './generations.js';

/** The last launch's shadow: until when the group is quiet, and what a trailing cooldown will launch then. */
export interface CooldownSlice {
  until: number;
  trailing: Firing | null;
  trailingOnceKey: string | null;
}

/** Everything remembered for one trigger. Tables that its condition and controls do not need are not there. */
export interface TriggerState {
  // What every firing asks for stands here, not behind the trigger: at a thousand triggers each step on the way is a
  // place in memory that the processor has not got at hand.
  readonly ordinal: number;
  readonly trigger_id: string;
  readonly groupBy: readonly string[];
  readonly allowLoop: boolean;
  readonly compiled: CompiledTrigger;
  /** Whether any control stands between a firing and its launch, beside the loop gate. */
  readonly controlled: boolean;
  readonly reducer: Reducer | null;
  /** Of the first listener: a stateless trigger has no other. */
  readonly readGroup: GroupReader;
  /** By listener position within the trigger. */
  readonly groupReaders: readonly GroupReader[];
  readonly collectGroup: GroupReader | null;
  readonly onceKey: ((occurrence: Occurrence) => string | null) | null;
  readonly condition: GroupTable<Slice> | null;
  readonly hold: GroupTable<HoldSlice> | null;
  readonly cooldown: GroupTable<CooldownSlice> | null;
  readonly limit: GroupTable<LimitSlice> | null;
  /** `once_per` values that launched, with their times. */
  readonly once: Generations | null;
  /** How the rows of large groups are kept. */
  readonly parts: RowParts;
  readonly counters: Map<CounterName, number>;
  /** When each kind of notice was last given, epoch ms. */
  readonly noticedAt: Map<Notice['kind'], number>;
  /** Until when an operator has silenced it, epoch ms; null = not. */
  snoozedUntil: number | null;
  /** Whether one of the last two changed since changes were taken. */
  isMarked: boolean;
}

/** `changes` given, what changes is noted, for a store; it is called when the first of it is. */
export function createTriggerState(
  compiled: CompiledTrigger,
  reducer: Reducer | null,
  changes: (() => void) | null,
  inlineMaxChars: number,
): TriggerState {
  const { trigger } = compiled;
  const counters = new Map<CounterName, number>();
  const raise = (counter: CounterName): void => {
    counters.set(counter, (counters.get(counter) ?? 0) + 1);
  };
  const table = <S>(needed: boolean): GroupTable<S> | null =>
    needed
      ? createGroupTable<S>(
          trigger.max_groups,
          { evicted: () => raise('evicted_groups'), refused: () => raise('refused_groups') },
          changes,
        )
      : null;
  const holds = trigger.debounceMs !== null || trigger.collect !== null;
  const groupReaders = compiled.listeners.map((listener) => createGroupReader(listener.group_by));
  return {
    ordinal: compiled.ordinal,
    trigger_id: trigger.trigger_id,
    groupBy: trigger.group_by,
    allowLoop: trigger.allow_loop,
    compiled,
    controlled:
      holds || trigger.once_per.length > 0 || trigger.cooldown !== null || trigger.max_executions !== null,
    reducer,
    readGroup: groupReaders[0] ?? createGroupReader(trigger.group_by),
    groupReaders,
    collectGroup: trigger.collect?.group_by ? createGroupReader(trigger.collect.group_by) : null,
    onceKey: trigger.once_per.length > 0 ? createOnceKey(trigger.once_per) : null,
    condition: table<Slice>(reducer !== null),
    hold: table<HoldSlice>(holds),
    cooldown: table<CooldownSlice>(trigger.cooldown !== null),
    limit: table<LimitSlice>(trigger.max_executions !== null),
    once: trigger.once_per.length > 0 ? createGenerations(trigger.max_groups, changes) : null,
    parts: createRowParts(inlineMaxChars),
    counters,
    noticedAt: new Map(),
    snoozedUntil: null,
    isMarked: false,
  };
}
