import { formatDuration } from '../../kernel/duration.js';
import type { Json } from '../../kernel/json.js';
import { formatTime } from '../../kernel/time.js';
import type { Occurrence } from '../../model/event.js';
import type { StepContext } from '../../ports/condition-kind.js';
import { UNLESS } from '../unless-listener.js';
import { decideAt } from './absence.js';
import { cancelsWithin, forgetOld, forgottenAt, remember, type Remembered } from './remembered.js';
import type { TimeReducer } from './variant.js';

/** Settings of a silence, ready to run. */
export type SilenceSettings = {
  readonly silentMs: number;
  /** Groups armed from the start. */
  readonly expect: readonly (readonly Json[])[];
};

/** Events of a group that follow one another without a silence between them: what is silent is the time after the last. */
interface Run {
  /** Event time of the first and of the last. */
  startAt: number;
  lastAt: number;
  /** The last event; null = the group is expected and was never heard. */
  last: Occurrence | null;
  arrivedAt: number;
  /** Whether the last event is an `unless` event as well. */
  both: boolean;
  /** When the `unless` event that disarms it arrived; null = armed. */
  disarmedAt: number | null;
}

interface SilenceSlice {
  /** Not decided yet, by event time, a silence between each two. */
  runs: Run[];
  unless: Remembered[];
  /** Event time of the last event before the latest silence that fired; what happened no later comes too late. */
  firedAfter: number | null;
  /** When the timer is set. */
  wakeAt: number | null;
}

const PURPOSE = 'silence';
const MAX_RUNS = 1_000;

/**
 * Silences of a group, told by event time whatever the order of arrival, as long as events arrive within `lateness`; an
 * event exactly when a silence is due breaks it. See `absence.ts` for when one is decided.
 */
export const silenceReducer: TimeReducer = {
  afterDowntime: () => 'rearm',
  initialGroups: (plan) => (plan.settings as unknown as SilenceSettings).expect,
  onStart(slice, plan, context) {
    const state = (slice as SilenceSlice | undefined) ?? newSlice();
    const armed = state.runs.findLast((run) => run.disarmedAt === null);
    // After downtime a group is armed anew: what it said meanwhile was not heard.
    if (slice === undefined || armed !== undefined) {
      const { now } = context;
      const last = armed?.last ?? null;
      state.runs = [{ startAt: now, lastAt: now, last, arrivedAt: now, both: false, disarmedAt: null }];
    }
    return settle(state, plan.settings as unknown as SilenceSettings, context);
  },
  onEvent(slice, roles, occurrence, plan, context) {
    const settings = plan.settings as unknown as SilenceSettings;
    const state = (slice as SilenceSlice | undefined) ?? newSlice();
    forgetOld(state.unless, context.now, context.latenessMs);
    if (roles.includes(UNLESS)) disarm(state, occurrence, settings);
    if (roles.includes('match')) {
      if (state.firedAfter !== null && occurrence.at <= state.firedAfter) context.count('late_events');
      else hear(state, occurrence, roles.length > 1, settings, context);
    }
    return settle(state, settings, context);
  },
  onTimer(slice, _timer, plan, context) {
    const settings = plan.settings as unknown as SilenceSettings;
    const state = slice as SilenceSlice;
    state.wakeAt = null;
    const isDue = (run: Run): boolean => decisionOf(run, settings, context) <= context.now;
    for (const { last, lastAt } of state.runs.filter((run) => isDue(run) && run.disarmedAt === null)) {
      context.fire({ event: last, events: last === null ? [] : [last], at: lastAt + settings.silentMs });
      state.firedAfter = lastAt;
    }
    state.runs = state.runs.filter((run) => !isDue(run));
    forgetOld(state.unless, context.now, context.latenessMs);
    return settle(state, settings, context);
  },
  describe(slice, plan, now) {
    const { runs, firedAfter } = slice as SilenceSlice;
    const { silentMs } = plan.settings as unknown as SilenceSettings;
    const armed = runs.filter((run) => run.disarmedAt === null);
    const latest = armed.at(-1);
    if (latest === undefined) {
      return firedAfter === null
        ? 'disarmed until it is heard again'
        : `silent, fired at ${formatTime(firedAfter + silentMs)}, waits to be heard again`;
    }
    const heard = latest.last === null ? 'never heard' : `silent for ${formatDuration(now - latest.lastAt)}`;
    const dueAt = latest.lastAt + silentMs;
    return dueAt > now
      ? `${heard}, fires at ${formatTime(dueAt)}`
      : `${heard}, due at ${formatTime(dueAt)}, waits for late arrivals`;
  },
};

function newSlice(): SilenceSlice {
  return { runs: [], unless: [], firedAfter: null, wakeAt: null };
}

/** An `unless` event disarms a group that it follows, up to the end of the silence. */
function disarm(state: SilenceSlice, unless: Occurrence, { silentMs }: SilenceSettings): void {
  for (const run of state.runs) {
    if (unless.at >= run.lastAt && unless.at <= run.lastAt + silentMs) run.disarmedAt = unless.arrivedAt;
  }
  remember(state.unless, unless);
}

/** Puts an event into the run that it continues, or joins two with it, or begins one. */
function hear(
  state: SilenceSlice,
  occurrence: Occurrence,
  both: boolean,
  { silentMs }: SilenceSettings,
  context: StepContext,
): void {
  const { at, arrivedAt } = occurrence;
  const before = state.runs.findLast((run) => run.startAt <= at && at <= run.lastAt + silentMs);
  const after = state.runs.find((run) => run.startAt > at && run.startAt <= at + silentMs);
  if (after !== undefined) {
    after.startAt = before?.startAt ?? at;
    after.last ??= occurrence;
    if (before !== undefined) state.runs.splice(state.runs.indexOf(before), 1);
    return;
  }
  // Of one instant an event that is `unless` too comes last, however they arrived: it disarms and arms anew.
  if (before !== undefined && (at < before.lastAt || (at === before.lastAt && before.both && !both))) return;
  const run = before ?? { startAt: at, lastAt: at, last: occurrence, arrivedAt, both, disarmedAt: null };
  Object.assign(run, { lastAt: at, last: occurrence, arrivedAt, both });
  run.disarmedAt = cancelsWithin(state.unless, at, at + silentMs, both) ? arrivedAt : null;
  if (before !== undefined) return;
  const position = state.runs.findIndex((other) => other.startAt > at);
  state.runs.splice(position === -1 ? state.runs.length : position, 0, run);
  if (state.runs.length > MAX_RUNS) {
    state.runs.shift();
    context.count('capped_events');
  }
}

/** When a run is decided; a disarmed one only waits for late arrivals that belong to it. */
function decisionOf(run: Run, { silentMs }: SilenceSettings, { latenessMs }: StepContext): number {
  return run.disarmedAt === null
    ? decideAt(run.lastAt + silentMs, run.arrivedAt, latenessMs)
    : decideAt(run.disarmedAt, run.arrivedAt, latenessMs);
}

/** Sets the timer for what comes next. Each event moves a silence on, so a timer that is set already is left to look again. */
function settle(
  state: SilenceSlice,
  settings: SilenceSettings,
  context: StepContext,
): SilenceSlice | undefined {
  const decisions = state.runs.map((run) => decisionOf(run, settings, context));
  const next = decisions.length > 0 ? Math.min(...decisions) : forgottenAt(state.unless, context.latenessMs);
  if (next === null) {
    if (state.wakeAt !== null) context.cancel(PURPOSE);
    state.wakeAt = null;
    return state.firedAfter === null ? undefined : state;
  }
  if (state.wakeAt === null || next < state.wakeAt) {
    context.schedule(PURPOSE, next);
    state.wakeAt = next;
  }
  return state;
}
