import type { Firing, Gate, Notice, Suppression } from '../model/decision.js';
import { groupMap } from '../model/group.js';
import { groupKey } from './group-key.js';
import type { GroupEntry, GroupTable } from './group-table.js';
import { hold, release } from './gates/hold.js';
import { askLimit, countExecution, emptyLimit } from './gates/limit.js';
import { loopReason } from './gates/loop.js';
import { askOnce } from './gates/once-per.js';
import type { Timer, TimerOwner } from './timers.js';
import type { TriggerState } from './trigger-state.js';

/** What the gates need of the engine around them. */
export interface GateWorld {
  readonly now: number;
  readonly maxHops: number;
  setTimer<S>(
    state: TriggerState,
    table: GroupTable<S>,
    entry: GroupEntry<S>,
    owner: TimerOwner,
    purpose: string,
    dueAt: number,
  ): void;
  cancelTimer<S>(table: GroupTable<S>, entry: GroupEntry<S>, purpose: string): void;
  launched(firing: Firing): void;
  suppressed(suppression: Suppression): void;
  notice(state: TriggerState, kind: Notice['kind'], message: string, cause: Firing['event']): void;
}

function suppress(
  state: TriggerState,
  firing: Firing,
  gate: Gate,
  until: number | null,
  world: GateWorld,
): void {
  world.suppressed({
    trigger_id: state.compiled.trigger.trigger_id,
    event_id: firing.event?.event.event_id ?? null,
    at: firing.at,
    gate,
    until,
    group: groupMap(firing.groupBy, firing.group),
  });
}

/** All places of a table hold groups with timers: the new group is not remembered, and somebody should know. */
export function refused(state: TriggerState, cause: Firing['event'], world: GateWorld): void {
  const { trigger_id, max_groups } = state.compiled.trigger;
  world.notice(
    state,
    'groups_refused',
    `trigger ${trigger_id} already waits for ${max_groups} groups: a new one was refused (max_groups)`,
    cause,
  );
}

/** Whether an operator has silenced the trigger; then the firing is suppressed here. */
export function isSnoozed(state: TriggerState, firing: Firing, world: GateWorld): boolean {
  const until = state.snoozedUntil;
  if (until === null || world.now >= until) return false;
  suppress(state, firing, 'snoozed', until, world);
  return true;
}

/** A firing beaten within its `first_of` set. */
export function beaten(state: TriggerState, firing: Firing, world: GateWorld): void {
  suppress(state, firing, 'first_of', null, world);
}

/** Takes a firing through the gates behind `first_of`, in their order, up to the launch. */
export function admit(state: TriggerState, firing: Firing, world: GateWorld): void {
  const loop = firing.event === null ? null : loopReason(firing.event.event, state.trigger_id, world.maxHops);
  if (loop === 'hops' || (loop === 'chain' && !state.allowLoop)) {
    suppress(state, firing, 'loop', null, world);
    const reason =
      loop === 'chain'
        ? 'it led to this event itself'
        : `more than ${world.maxHops} launches lie behind this event`;
    world.notice(state, 'loop', `trigger ${state.trigger_id} was stopped in a loop: ${reason}`, firing.event);
    return;
  }
  if (!state.controlled) {
    world.launched(firing);
    return;
  }
  const onceKey = firing.event !== null && state.onceKey !== null ? state.onceKey(firing.event) : null;
  if (onceKey !== null && state.once !== null) {
    const until = askOnce(state.once, onceKey, world.now);
    if (until !== null) {
      suppress(state, firing, 'once_per', until, world);
      return;
    }
  }
  const { trigger } = state.compiled;
  if (trigger.debounceMs !== null) debounce(state, firing, onceKey, trigger.debounceMs, world);
  else if (trigger.collect !== null) collect(state, firing, onceKey, world);
  else cool(state, firing, onceKey === null ? [] : [onceKey], world);
}

function debounce(
  state: TriggerState,
  firing: Firing,
  onceKey: string | null,
  quietMs: number,
  world: GateWorld,
): void {
  const table = state.hold;
  if (table === null) return;
  const entry = table.touch(groupKey(firing.group), firing.group);
  if (entry === null) {
    refused(state, firing.event, world);
    return;
  }
  const held = hold(entry.slice, firing, onceKey);
  entry.slice = held.slice;
  if (held.dropped > 0)
    state.counters.set('capped_events', (state.counters.get('capped_events') ?? 0) + held.dropped);
  const due = world.now + quietMs;
  world.setTimer(state, table, entry, 'hold', 'debounce', due);
  suppress(state, firing, 'debounce', due, world);
}

function collect(state: TriggerState, firing: Firing, onceKey: string | null, world: GateWorld): void {
  const settings = state.compiled.trigger.collect;
  const table = state.hold;
  if (settings === null || table === null) return;
  let grouped = firing;
  if (state.collectGroup !== null && settings.group_by !== null) {
    // A timer without an event has nothing to read the collection's group from: it joins the empty one's place.
    const group =
      firing.event === null
        ? settings.group_by.map(() => null)
        : state.collectGroup(firing.event.event, firing.event.item);
    if (group === undefined) {
      state.counters.set('ungrouped_events', (state.counters.get('ungrouped_events') ?? 0) + 1);
      return;
    }
    grouped = { ...firing, group, groupBy: settings.group_by };
  }
  const entry = table.touch(groupKey(grouped.group), grouped.group);
  if (entry === null) {
    refused(state, firing.event, world);
    return;
  }
  const opening = entry.slice === undefined;
  const held = hold(entry.slice, grouped, onceKey);
  entry.slice = held.slice;
  if (held.dropped > 0)
    state.counters.set('capped_events', (state.counters.get('capped_events') ?? 0) + held.dropped);
  if (settings.max !== null && held.slice.count >= settings.max) {
    world.cancelTimer(table, entry, 'collect');
    entry.slice = undefined;
    table.settle(entry);
    cool(state, release(held.slice, firing.at, firing.cause), held.slice.onceKeys, world);
    return;
  }
  const known = entry.timers?.get('collect');
  const due = opening || known === undefined ? world.now + settings.forMs : known.dueAt;
  if (opening) world.setTimer(state, table, entry, 'hold', 'collect', due);
  suppress(state, grouped, 'collect', due, world);
}

/** The hold's timer is due: what it held goes on to the cooldown. */
export function releaseHold(state: TriggerState, timer: Timer, world: GateWorld): void {
  const table = state.hold;
  const entry = table?.get(timer.groupKey);
  if (!table || entry?.slice === undefined) return;
  const held = entry.slice;
  entry.slice = undefined;
  table.settle(entry);
  const firing = release(held, timer.dueAt, timer.purpose);
  if (!isSnoozed(state, firing, world)) cool(state, firing, held.onceKeys, world);
}

function cool(state: TriggerState, firing: Firing, onceKeys: readonly string[], world: GateWorld): void {
  const settings = state.compiled.trigger.cooldown;
  const table = state.cooldown;
  if (settings === null || table === null) {
    limit(state, firing, onceKeys, world);
    return;
  }
  const values = settings.scope === 'trigger' ? [] : firing.group;
  const entry = table.touch(groupKey(values), values);
  if (entry === null) {
    refused(state, firing.event, world);
    return;
  }
  if (entry.slice !== undefined && world.now < entry.slice.until) {
    if (settings.trailing) {
      entry.slice.trailing = firing;
      entry.slice.trailingOnceKey = onceKeys.at(-1) ?? null;
      if (!entry.timers?.has('cooldown')) {
        world.setTimer(state, table, entry, 'cooldown', 'cooldown', entry.slice.until);
      }
    }
    suppress(state, firing, 'cooldown', entry.slice.until, world);
    return;
  }
  if (limit(state, firing, onceKeys, world)) {
    entry.slice = { until: world.now + settings.forMs, trailing: null, trailingOnceKey: null };
  }
  table.settle(entry);
}

/** The cooldown of a group is over and something was suppressed meanwhile: `trailing` launches it now. */
export function releaseTrailing(state: TriggerState, timer: Timer, world: GateWorld): void {
  const settings = state.compiled.trigger.cooldown;
  const table = state.cooldown;
  const entry = table?.get(timer.groupKey);
  const trailing = entry?.slice?.trailing;
  if (settings === null || !table || entry === undefined || entry.slice === undefined || !trailing) return;
  const onceKeys = entry.slice.trailingOnceKey === null ? [] : [entry.slice.trailingOnceKey];
  const firing: Firing = { ...trailing, at: timer.dueAt, cause: 'cooldown' };
  entry.slice =
    !isSnoozed(state, firing, world) && limit(state, firing, onceKeys, world)
      ? { until: world.now + settings.forMs, trailing: null, trailingOnceKey: null }
      : undefined;
  table.settle(entry);
}

/** The last gate; true when the firing became a launch. */
function limit(state: TriggerState, firing: Firing, onceKeys: readonly string[], world: GateWorld): boolean {
  const { trigger } = state.compiled;
  const settings = trigger.max_executions;
  if (settings !== null && state.limit !== null) {
    const values = settings.scope === 'trigger' ? [] : firing.group;
    const entry = state.limit.touch(groupKey(values), values);
    if (entry === null) {
      refused(state, firing.event, world);
      return false;
    }
    entry.slice ??= emptyLimit();
    const asked = askLimit(entry.slice, settings, world.now);
    if (!asked.open) {
      suppress(state, firing, 'max_executions', asked.until, world);
      return false;
    }
    countExecution(entry.slice, settings, world.now);
  }
  for (const key of onceKeys) state.once?.set(key, world.now);
  world.launched(firing);
  return true;
}
