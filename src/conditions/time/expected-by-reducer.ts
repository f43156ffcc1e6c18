import { formatTime } from '../../kernel/time.js';
import type { Occurrence } from '../../model/event.js';
import type { ReducerPlan, StepContext } from '../../ports/condition-kind.js';
import { decideAt } from './absence.js';
import { clockOf, type Clock, type ClockSettings } from './clock.js';
import type { TimeReducer } from './variant.js';

/** Settings of an expectation, ready to run. */
export interface ExpectedBySettings {
  readonly clock: ClockSettings;
  /** Whether there are groups: those are expected once they were seen. */
  readonly grouped: boolean;
}

interface ExpectedBySlice {
  /** The time that is decided next; null = none comes any more. */
  dueAt: number | null;
  /** The last event before each of the coming times, from `dueAt` on, that has one. */
  heard: { readonly by: number; readonly event: Occurrence }[];
  /** The last event of what is decided already. */
  last: Occurrence | null;
}

const PURPOSE = 'expected_by';

/**
 * A time of day by which an event must have come: an event belongs to the first such time that it happened no later than.
 * Without groups it is expected from the first time after the start, with groups from the first after one was seen.
 */
export const expectedByReducer: TimeReducer = {
  afterDowntime: () => 'wait',
  initialGroups: (plan) => (settingsOf(plan).grouped ? [] : [[]]),
  onStart: (slice, plan, context) => slice ?? begin(context.now, clock(plan), context),
  onEvent(slice, _roles, occurrence, plan, context) {
    const times = clock(plan);
    const state = (slice as ExpectedBySlice | undefined) ?? begin(occurrence.arrivedAt - 1, times, context);
    const by = times.next(occurrence.at - 1);
    if (state.dueAt === null || by === null) return state;
    if (by < state.dueAt) {
      context.count('late_events');
      if (state.last === null || occurrence.at >= state.last.at) state.last = occurrence;
      return state;
    }
    const position = state.heard.findIndex((entry) => entry.by >= by);
    const known = state.heard[position];
    if (known === undefined) state.heard.push({ by, event: occurrence });
    else if (known.by > by) state.heard.splice(position, 0, { by, event: occurrence });
    else if (occurrence.at >= known.event.at) state.heard[position] = { by, event: occurrence };
    return state;
  },
  onTimer(slice, _timer, plan, context) {
    const times = clock(plan);
    const state = slice as ExpectedBySlice;
    let missedAt: number | null = null;
    let missed = 0;
    let before: Occurrence | null = null;
    while (state.dueAt !== null && decisionOf(state.dueAt, context) <= context.now) {
      if (state.heard[0]?.by === state.dueAt) {
        state.last = (state.heard.shift() as { readonly event: Occurrence }).event;
      } else {
        missedAt = state.dueAt;
        missed++;
        before = state.last;
      }
      state.dueAt = times.next(state.dueAt);
    }
    // Several are missed at once only after downtime: one firing stands for them.
    if (missedAt !== null) {
      context.fire({
        event: before,
        events: before === null ? [] : [before],
        at: missedAt,
        standsFor: missed,
      });
    }
    return scheduled(state, context);
  },
  describe(slice) {
    const { dueAt, heard } = slice as ExpectedBySlice;
    if (dueAt === null) return 'its times are over';
    return heard[0]?.by === dueAt
      ? `heard in time for ${formatTime(dueAt)}`
      : `waits for a matching event until ${formatTime(dueAt)}`;
  },
};

function settingsOf(plan: ReducerPlan): ExpectedBySettings {
  return plan.settings as unknown as ExpectedBySettings;
}

function clock(plan: ReducerPlan): Clock {
  return clockOf(settingsOf(plan).clock);
}

function begin(afterMs: number, times: Clock, context: StepContext): ExpectedBySlice {
  return scheduled({ dueAt: times.next(afterMs), heard: [], last: null }, context);
}

function scheduled(state: ExpectedBySlice, context: StepContext): ExpectedBySlice {
  if (state.dueAt !== null) context.schedule(PURPOSE, decisionOf(state.dueAt, context));
  return state;
}

function decisionOf(dueAt: number, context: StepContext): number {
  return decideAt(dueAt, dueAt, context.latenessMs);
}
