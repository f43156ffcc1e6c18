import { BLANK_EVENT, type Event, type Occurrence } from '../model/event.js';
import type { Firing, GroupValues } from '../model/decision.js';
import type { CompiledTrigger, Listener, Ruleset } from '../model/ruleset.js';
import type { Fired, Reducer, ReducerPlan, StepContext, CounterName } from '../ports/condition-kind.js';
import type { Hit, Matcher } from '../ports/matcher.js';
import type { StateRow } from '../ports/store.js';
import { formatTime } from '../kernel/time.js';
import { createCollector, UNACCEPTED, type Decided } from './decided.js';
import {
  admit,
  beaten,
  isSnoozed,
  refused,
  releaseHold,
  releaseTrailing,
  type GateWorld,
} from './gate-keeper.js';
import { firstOf } from './gates/first-of.js';
import { DEFAULT_MAX_HOPS } from './gates/loop.js';
import { groupKey, type GroupReader } from './group-key.js';
import type { GroupEntry, GroupTable } from './group-table.js';
import { INLINE_MAX_CHARS } from './row-parts.js';
import { createTimers, type Timer } from './timers.js';
import { createTriggerState, type TriggerState } from './trigger-state.js';
import { restoreRows, type LeftRow } from './restore-rows.js';
import { takeChanges, takeSnapshot, type DeciderSnapshot } from './state-rows.js';

export interface DeciderOptions {
  readonly ruleset: Ruleset;
  readonly matcher: Matcher;
  /** Reducers by condition kind. */
  readonly reducers: ReadonlyMap<string, Reducer>;
  readonly maxHops?: number;
  /** State to go on with. */
  readonly snapshot?: {
    readonly now: number;
    readonly rows: Iterable<{ readonly key: string; readonly value: string }>;
  };
  /** Notes what changes, for `changes()`. */
  readonly tracking?: boolean;
  /** How long the text of a group's state may be before it is kept in parts; for tests. */
  readonly inlineMaxChars?: number;
}

/**
 * The deciding core: a state machine whose inputs are events with their arrival time and the clock reaching a time. Reads
 * no clock, draws no random number, does no I/O: the same inputs give the same decisions, byte for byte.
 */
export interface Decider {
  /** Engine time, epoch ms: it never goes back. -Infinity before the start. */
  readonly now: number;
  /** Begins at a time: arms what is armed without an event (schedules, expected groups). Call once, before anything else. */
  start(nowMs: number): Decided;
  /** Decides one event. Every timer due until `arrivedAt` must have been run before (`nextDue`, `runTimer`). */
  event(event: Event, at: number, arrivedAt: number): Decided;
  /**
   * Call after `start`, when nothing ran for a while: silences are armed anew, and what tells that something did not come
   * waits until `graceUntilMs` where it fell due meanwhile.
   */
  resume(graceUntilMs: number): Decided;
  /** When the next timer is to run, or null. */
  nextDue(): number | null;
  /** Runs the next timer at its due time, or at `nowMs` when that is later (after downtime). */
  runTimer(nowMs: number): Decided;
  /** Moves the clock on when no timer is due until then. */
  advance(nowMs: number): void;
  /** Counters by trigger, for reports. */
  counters(trigger: number): ReadonlyMap<CounterName, number>;
  /** Where a stateful trigger stands for the group of this event, in a sentence; null when there is nothing to say. */
  describe(trigger: number, event: Event, item: Occurrence['item']): string | null;
  /** Forgets what a trigger remembers of one group, or all of it with null; how many groups that were. */
  reset(trigger: number, group: GroupValues | null): number;
  /** Suppresses a trigger until a time, epoch ms; null ends it. */
  snooze(trigger: number, untilMs: number | null): void;
  /** The groups a trigger remembers, at most `limit`, and where each stands. */
  standing(trigger: number, limit: number): TriggerStanding;
  /** State that changed since the last call, for a store; with `tracking` only. */
  changes(): readonly StateRow[];
  /** What of the given snapshot was not taken over. */
  readonly left: readonly LeftRow[];
  /** All state as plain data: `createDecider` with it goes on exactly here. */
  snapshot(): DeciderSnapshot;
}

/** What a trigger remembers at the moment. Times are epoch ms. */
export interface TriggerStanding {
  readonly groups: number;
  readonly timers: number;
  readonly snoozedUntil: number | null;
  readonly of: readonly {
    readonly values: GroupValues;
    readonly standing: string | null;
    readonly timers: readonly { readonly purpose: string; readonly dueAt: number }[];
    readonly cooldownUntil: number | null;
  }[];
}

const NO_STEPS: Firing['steps'] = Object.freeze({});
const SKEW_TOLERANCE_MS = 1_000;
const NOTICE_INTERVAL_MS = 60_000;

export function createDecider(options: DeciderOptions): Decider {
  const { ruleset, matcher } = options;
  const maxHops = options.maxHops ?? DEFAULT_MAX_HOPS;
  const timers = createTimers();
  /** Triggers of which something changed since changes were taken: asking all of them would cost every step the same. */
  const changed = new Set<number>();
  const states: readonly TriggerState[] = ruleset.triggers.map((compiled) =>
    createTriggerState(
      compiled,
      reducerOf(compiled, options.reducers),
      options.tracking === true ? () => changed.add(compiled.ordinal) : null,
      options.inlineMaxChars ?? INLINE_MAX_CHARS,
    ),
  );
  const mark = (state: TriggerState): void => {
    state.isMarked = true;
    changed.add(state.ordinal);
  };
  const stateOf = (trigger: number): TriggerState => states[trigger] as TriggerState;
  let now = Number.NEGATIVE_INFINITY;
  const collector = createCollector();

  const world: GateWorld = {
    get now() {
      return now;
    },
    maxHops,
    setTimer(state, table, entry, owner, purpose, dueAt) {
      const known = entry.timers?.get(purpose);
      if (known !== undefined) timers.cancel(known);
      entry.timers ??= new Map();
      entry.timers.set(
        purpose,
        timers.add({ dueAt, trigger: state.compiled.ordinal, owner, groupKey: entry.key, purpose }),
      );
      table.settle(entry);
    },
    cancelTimer(table, entry, purpose) {
      const known = entry.timers?.get(purpose);
      if (known === undefined) return;
      timers.cancel(known);
      entry.timers?.delete(purpose);
      table.settle(entry);
    },
    launched: collector.launched,
    suppressed: collector.suppressed,
    notice(state, kind, message, cause) {
      const last = state.noticedAt.get(kind);
      if (last !== undefined && now - last < NOTICE_INTERVAL_MS) return;
      state.noticedAt.set(kind, now);
      mark(state);
      collector.notice({ kind, trigger_id: state.compiled.trigger.trigger_id, message, at: now, cause });
    },
  };

  /** Collects what `work` decides. */
  const decide = (accepted: boolean, firings: readonly Firing[]): Decided => {
    if (firings.length === 1) {
      const only = firings[0] as Firing;
      const state = stateOf(only.trigger);
      if (!isSnoozed(state, only, world)) admit(state, only, world);
    } else if (firings.length > 1) {
      const awake = firings.filter((firing) => !isSnoozed(stateOf(firing.trigger), firing, world));
      const contest = firstOf(awake, (firing) => stateOf(firing.trigger).compiled.trigger);
      for (const firing of awake) {
        if (contest.beaten.includes(firing)) beaten(stateOf(firing.trigger), firing, world);
        else admit(stateOf(firing.trigger), firing, world);
      }
    }
    return collector.take(accepted);
  };

  const count = (state: TriggerState, counter: CounterName, by = 1): void => {
    state.counters.set(counter, (state.counters.get(counter) ?? 0) + by);
  };

  /** The stateless members beside a stateful condition are asked of the completing event, `during` of a timer's due time. */
  const completes = (state: TriggerState, fired: Fired, at: number, byTimer: boolean): boolean => {
    const { completion } = state.compiled;
    if (completion === null) return true;
    // At a timer without an event nothing is there but the due time.
    const event = fired.event?.event ?? BLANK_EVENT;
    const asked = byTimer ? { ...event, timestamp: formatTime(at) } : event;
    return matcher.holds(completion, asked, fired.event?.item ?? null);
  };

  /** The context a reducer works in; what it fires is collected in `firings`. */
  const contextFor = (
    state: TriggerState,
    table: GroupTable<unknown>,
    entry: GroupEntry<unknown>,
    cause: string,
    firings: Firing[],
  ): StepContext => ({
    now,
    latenessMs: state.compiled.trigger.latenessMs,
    fire(fired) {
      const at = fired.at ?? now;
      if (!completes(state, fired, at, cause !== 'event')) return;
      firings.push({
        trigger: state.compiled.ordinal,
        group: entry.values,
        groupBy: state.compiled.trigger.group_by,
        event: fired.event,
        events: fired.events,
        steps: fired.steps ?? NO_STEPS,
        value: fired.value ?? null,
        at,
        cause,
        standsFor: fired.standsFor ?? 1,
      });
    },
    schedule(purpose, dueAt) {
      world.setTimer(state, table, entry, 'condition', purpose, dueAt);
    },
    cancel(purpose) {
      world.cancelTimer(table, entry, purpose);
    },
    count(counter, by) {
      count(state, counter, by);
    },
  });

  const planOf = (state: TriggerState): ReducerPlan => state.compiled.trigger.memory as ReducerPlan;

  const remember = (
    state: TriggerState,
    roles: readonly string[],
    group: GroupValues,
    occurrence: Occurrence,
    firings: Firing[],
  ): void => {
    const table = state.condition;
    if (table === null || state.reducer === null) return;
    const entry = table.touch(groupKey(group), group);
    if (entry === null) {
      refused(state, occurrence, world);
      return;
    }
    entry.slice = state.reducer.onEvent(
      entry.slice,
      roles,
      occurrence,
      planOf(state),
      contextFor(state, table, entry, 'event', firings),
    );
    table.settle(entry);
  };

  /** The hits of one stateless trigger on one event, from `from` up to the next trigger's: each is a firing. */
  const fireHits = (
    state: TriggerState,
    hits: readonly Hit[],
    from: number,
    to: number,
    base: Occurrence,
    firings: Firing[],
  ): void => {
    for (let i = from; i < to; i++) {
      const { item, index } = hits[i] as Hit;
      const group = state.readGroup(base.event, item);
      if (group === undefined) {
        count(state, 'ungrouped_events');
        continue;
      }
      const occurrence = index === -1 ? base : { ...base, item, index };
      firings.push({
        trigger: state.ordinal,
        group,
        groupBy: state.groupBy,
        event: occurrence,
        events: [occurrence],
        steps: NO_STEPS,
        value: null,
        at: now,
        cause: 'event',
        standsFor: 1,
      });
    }
  };

  /** The hits of one stateful trigger: one call per element and group, with all the roles the event has there. */
  const rememberHits = (
    state: TriggerState,
    hits: readonly Hit[],
    from: number,
    to: number,
    base: Occurrence,
    firings: Firing[],
  ): void => {
    const first = (state.compiled.listeners[0] as Listener).ordinal;
    const byGroup = new Map<string, { group: GroupValues; roles: string[]; occurrence: Occurrence }>();
    for (let i = from; i < to; i++) {
      const { listener, item, index } = hits[i] as Hit;
      const group = (state.groupReaders[listener.ordinal - first] as GroupReader)(base.event, item);
      if (group === undefined) {
        count(state, 'ungrouped_events');
        continue;
      }
      const key = `${index} ${groupKey(group)}`;
      const known = byGroup.get(key);
      if (known) known.roles.push(listener.role);
      else {
        const occurrence = index === -1 ? base : { ...base, item, index };
        byGroup.set(key, { group, roles: [listener.role], occurrence });
      }
    }
    for (const { group, roles, occurrence } of byGroup.values())
      remember(state, roles, group, occurrence, firings);
  };

  /** Arms the groups that a trigger's condition begins with; those it knows already are left as they are. */
  const armInitial = (state: TriggerState, firings: Firing[]): void => {
    const table = state.condition;
    if (table === null || state.reducer === null || !state.compiled.trigger.active) return;
    for (const values of state.reducer.initialGroups?.(planOf(state)) ?? []) {
      if (table.get(groupKey(values)) !== undefined) continue;
      const entry = table.touch(groupKey(values), values);
      if (entry !== null) begin(state, table, entry, firings);
    }
  };

  const begin = (
    state: TriggerState,
    table: GroupTable<unknown>,
    entry: GroupEntry<unknown>,
    firings: Firing[],
  ): void => {
    if (state.reducer?.onStart === undefined) return;
    entry.slice = state.reducer.onStart(
      entry.slice,
      planOf(state),
      contextFor(state, table, entry, 'start', firings),
    );
    table.settle(entry);
  };

  const decider: Decider = {
    get now() {
      return now;
    },
    start(nowMs) {
      now = Math.max(now, nowMs);
      const firings: Firing[] = [];
      for (const state of states) armInitial(state, firings);
      return decide(false, firings);
    },
    resume(graceUntilMs) {
      const waiting = new Set<number>();
      const firings: Firing[] = [];
      for (const state of states) {
        const table = state.condition;
        if (table === null || state.reducer === null) continue;
        const after = state.reducer.afterDowntime?.(planOf(state)) ?? 'go';
        if (after === 'wait') waiting.add(state.ordinal);
        else if (after === 'rearm')
          for (const entry of [...table.entries()]) begin(state, table, entry, firings);
      }
      timers.postpone(
        now,
        graceUntilMs,
        (timer) => timer.owner === 'condition' && waiting.has(timer.trigger),
      );
      return decide(false, firings);
    },
    event(event, at, arrivedAt) {
      now = Math.max(now, arrivedAt);
      const hits = matcher.match(event);
      if (hits.length === 0) return UNACCEPTED;
      const occurrence: Occurrence = { event, at: Math.min(at, now), arrivedAt: now, item: null, index: -1 };
      const firings: Firing[] = [];
      let from = 0;
      for (let i = 1; i <= hits.length; i++) {
        const trigger = (hits[from] as Hit).trigger;
        if (i < hits.length && (hits[i] as Hit).trigger === trigger) continue;
        const state = stateOf(trigger);
        if (at > now + SKEW_TOLERANCE_MS) count(state, 'skewed_events');
        if (state.reducer === null) fireHits(state, hits, from, i, occurrence, firings);
        else rememberHits(state, hits, from, i, occurrence, firings);
        from = i;
      }
      return decide(true, firings);
    },
    nextDue() {
      return timers.nextDue();
    },
    runTimer(nowMs) {
      const timer = timers.take();
      if (timer === null) return collector.take(false);
      now = Math.max(now, timer.runAt, nowMs);
      const state = stateOf(timer.trigger);
      const firings: Firing[] = [];
      switch (timer.owner) {
        case 'condition':
          runConditionTimer(state, timer, firings);
          break;
        case 'hold':
          runGateTimer(state.hold, timer, () => releaseHold(state, timer, world));
          break;
        case 'cooldown':
          runGateTimer(state.cooldown, timer, () => releaseTrailing(state, timer, world));
          break;
      }
      return decide(false, firings);
    },
    advance(nowMs) {
      now = Math.max(now, nowMs);
    },
    counters(trigger) {
      return stateOf(trigger).counters;
    },
    describe(trigger, event, item) {
      const state = stateOf(trigger);
      const group = state.readGroup(event, item);
      if (state.reducer?.describe === undefined || group === undefined) return null;
      const slice = state.condition?.get(groupKey(group))?.slice;
      return slice === undefined ? null : state.reducer.describe(slice, planOf(state), now);
    },
    reset(trigger, group) {
      const state = stateOf(trigger);
      const keys = new Set<string>();
      for (const table of [state.condition, state.hold, state.cooldown, state.limit]) {
        if (table === null) continue;
        const entries = group === null ? [...table.entries()] : [table.get(groupKey(group))];
        for (const entry of entries) {
          if (entry === undefined) continue;
          keys.add(entry.key);
          for (const timer of entry.timers?.values() ?? []) timers.cancel(timer);
          entry.timers = null;
          entry.slice = undefined;
          // Without a slice and a timer it is no longer kept.
          table.settle(entry as GroupEntry<never>);
        }
      }
      const firings: Firing[] = [];
      armInitial(state, firings);
      decide(false, firings);
      return keys.size;
    },
    snooze(trigger, untilMs) {
      const state = stateOf(trigger);
      state.snoozedUntil = untilMs;
      mark(state);
    },
    standing(trigger, limit) {
      return standingOf(stateOf(trigger), limit);
    },
    changes() {
      const rows = takeChanges([...changed].map(stateOf));
      changed.clear();
      return rows;
    },
    get left() {
      return left;
    },
    snapshot() {
      return takeSnapshot(states, now);
    },
  };

  /** A gate's timer has gone off: it is no longer its group's, whatever the gate does then. */
  const runGateTimer = <S>(table: GroupTable<S> | null, timer: Timer, release: () => void): void => {
    table?.get(timer.groupKey)?.timers?.delete(timer.purpose);
    release();
    const entry = table?.get(timer.groupKey);
    if (entry !== undefined) table?.settle(entry);
  };

  const standingOf = (state: TriggerState, limit: number): TriggerStanding => {
    const { condition, hold, cooldown, limit: executions, reducer } = state;
    const of: TriggerStanding['of'][number][] = [];
    const seen = new Set<string>();
    let groups = 0;
    for (const table of [condition, hold, cooldown, executions] as (GroupTable<unknown> | null)[]) {
      groups = Math.max(groups, table?.size ?? 0);
      for (const { key, values } of table?.entries() ?? []) {
        if (of.length >= limit) break;
        if (seen.has(key)) continue;
        seen.add(key);
        const slice = condition?.get(key)?.slice;
        const until = cooldown?.get(key)?.slice?.until ?? null;
        of.push({
          values,
          standing: slice === undefined ? null : (reducer?.describe?.(slice, planOf(state), now) ?? null),
          timers: [condition, hold, cooldown].flatMap((other) =>
            [...(other?.get(key)?.timers?.values() ?? [])].map(({ purpose, dueAt }) => ({ purpose, dueAt })),
          ),
          cooldownUntil: until !== null && until > now ? until : null,
        });
      }
    }
    const { snoozedUntil } = state;
    return {
      groups,
      timers: timers.count(state.ordinal),
      snoozedUntil: snoozedUntil !== null && snoozedUntil > now ? snoozedUntil : null,
      of,
    };
  };

  const runConditionTimer = (state: TriggerState, timer: Timer, firings: Firing[]): void => {
    const table = state.condition;
    const entry = table?.get(timer.groupKey);
    if (!table || entry === undefined || state.reducer === null) return;
    entry.timers?.delete(timer.purpose);
    entry.slice = state.reducer.onTimer(
      entry.slice,
      { purpose: timer.purpose, dueAt: timer.dueAt },
      planOf(state),
      contextFor(state, table, entry, timer.purpose, firings),
    );
    table.settle(entry);
  };

  let left: readonly LeftRow[] = [];
  if (options.snapshot !== undefined) {
    now = options.snapshot.now;
    left = restoreRows(options.snapshot.rows, states, timers);
    changed.clear();
  }
  return decider;
}

function reducerOf(compiled: CompiledTrigger, reducers: ReadonlyMap<string, Reducer>): Reducer | null {
  const { memory } = compiled.trigger;
  return memory === null ? null : (reducers.get(memory.kind) ?? null);
}
