import { formatDuration } from '../kernel/duration.js';
import type { JsonObject } from '../kernel/json.js';
import type { Occurrence } from '../model/event.js';
import type { Test } from '../model/test.js';
import type { ListenerPlan } from '../model/trigger.js';
import type { ConditionKind, Reducer } from '../ports/condition-kind.js';
import { SCHEMA_PARTS } from '../ports/schema-parts.js';
import { durationSchema, readDuration } from './duration-setting.js';

type HoldSettings = { readonly forMs: number };

interface HoldSlice {
  /** Greatest event time of the group. */
  latestAt: number;
  /** First and last event of the unbroken run; null when it is broken, or has been reported. */
  run: { first: Occurrence; last: Occurrence; dueAt: number } | null;
  /** Whether this run has fired: it does once, until it is broken. */
  fired: boolean;
}

const PURPOSE = 'held';

const reducer: Reducer = {
  version: 1,
  onEvent(slice, roles, occurrence, plan, context) {
    const { forMs } = plan.settings as unknown as HoldSettings;
    const state = (slice as HoldSlice | undefined) ?? { latestAt: occurrence.at, run: null, fired: false };
    if (occurrence.at < state.latestAt) {
      context.count('late_events');
      return state;
    }
    state.latestAt = occurrence.at;
    if (!roles.includes('holds')) {
      if (state.run !== null) context.cancel(PURPOSE);
      state.run = null;
      state.fired = false;
    } else if (state.run !== null) {
      state.run.last = occurrence;
    } else if (!state.fired) {
      // By the clock: an event that was long on its way is due now, not in the past.
      const dueAt = Math.max(occurrence.at + forMs, context.now);
      state.run = { first: occurrence, last: occurrence, dueAt };
      context.schedule(PURPOSE, dueAt);
    }
    return state;
  },
  onTimer(slice, _timer, _plan, context) {
    const state = slice as HoldSlice;
    if (state.run === null) return state;
    const { first, last, dueAt } = state.run;
    state.run = null;
    state.fired = true;
    const isOne = first.event.event_id === last.event.event_id && first.index === last.index;
    context.fire({ event: last, events: isOne ? [last] : [first, last], at: dueAt });
    return state;
  },
  describe(slice, plan, now) {
    const { run, fired } = slice as HoldSlice;
    const { forMs } = plan.settings as unknown as HoldSettings;
    if (fired) return 'it holds and has been reported; the next time is after a break';
    if (run === null) return 'it does not hold';
    const left = formatDuration(Math.max(run.dueAt - now, 0));
    return `it holds, and has to for another ${left} of ${formatDuration(forMs)}`;
  },
};

/** Fires when a group's events have passed a test without a break for a time. */
export const holdsFor: ConditionKind = {
  name: 'holds_for',
  summary: "Fires when a group's events have passed a test without a break for a time.",
  schema: {
    title: 'holds_for',
    description:
      "Fires once when the group's events have passed `where` for this long by the clock, without one that fails it; again after a break. `event` is the last event that passed, `events` the first and the last of the run. Late events are ignored.",
    type: 'object',
    additionalProperties: false,
    required: ['where', 'for'],
    properties: {
      where: SCHEMA_PARTS.fieldTests,
      for: durationSchema('How long it must hold.', '5m'),
    },
    examples: [{ where: { 'payload.celsius': { at_least: 80 } }, for: '5m' }],
  },
  classicSchema: null,
  examples: [{ holds_for: { where: { 'payload.celsius': { at_least: 80 } }, for: '5m' } }],
  build(settings, context) {
    const given = settings as { readonly where: JsonObject; readonly for: string };
    const { pointer } = context;
    const where = context.tests(given.where, `${pointer}/where`);
    const listener = (role: string, ...tests: readonly Test[]): ListenerPlan => ({
      role,
      event_types: context.eventTypes,
      test: { kind: 'all', tests: [context.filters, ...tests], pointer },
      group_by: context.groupBy,
    });
    const ready: HoldSettings = { forMs: readDuration(given.for, `${pointer}/for`, context) };
    return {
      memory: 'group',
      variant: 'held',
      settings: ready,
      listeners: [listener('match'), listener('holds', where)],
    };
  },
  reducer,
};
