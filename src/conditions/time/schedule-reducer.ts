import { formatTime } from '../../kernel/time.js';
import type { ReducerPlan, StepContext } from '../../ports/condition-kind.js';
import { clockOf, type Clock, type ClockSettings } from './clock.js';
import type { TimeReducer } from './variant.js';

/** Settings of a schedule, ready to run. */
export interface ScheduleSettings {
  readonly clock: ClockSettings;
  readonly missed: 'latest' | 'skip' | 'all';
  readonly missedWithinMs: number;
}

interface ScheduleSlice {
  /** The next instant, epoch ms; null = the schedule is over. */
  nextAt: number | null;
}

const PURPOSE = 'schedule';
/** An instant that is decided no later than this was not missed: an engine under load is not down. */
const ON_TIME_MS = 10_000;
/** Missed instants that are counted, and made up for, at most. */
const MAX_COUNTED = 100_000;
const MAX_MADE_UP = 1_000;

/**
 * A schedule: one group without values, one timer. It begins with the engine: the first firing of a `cron` or `every` is
 * the first one after it (so that a run of events from midnight does not begin with every nightly schedule), a time given
 * by `at` fires even when the engine starts at it. Instants that have gone by unnoticed are told by their age: the engine was down.
 */
export const scheduleReducer: TimeReducer = {
  afterDowntime: () => 'go',
  initialGroups: () => [[]],
  onStart: (slice, plan, context) =>
    slice ?? waitFor(firstTime(settingsOf(plan).clock, context.now), context),
  // It listens to nothing.
  onEvent: (slice) => slice,
  onTimer(_slice, timer, plan, context) {
    const settings = settingsOf(plan);
    const clock = clockOf(settings.clock);
    const passed = instantsPassed(timer.dueAt, clock, settings, context.now);
    fireFor(passed, settings, context);
    return waitFor(passed.following, context);
  },
  describe(slice) {
    const { nextAt } = slice as ScheduleSlice;
    return nextAt === null ? 'its times are over' : `fires next at ${formatTime(nextAt)}`;
  },
};

function firstTime(clock: ClockSettings, startMs: number): number | null {
  return clockOf(clock).next(clock.from === 'at' ? startMs - 1 : startMs);
}

function settingsOf(plan: ReducerPlan): ScheduleSettings {
  return plan.settings as unknown as ScheduleSettings;
}

/** The slice that stays when the schedule is over keeps it from beginning again. */
function waitFor(nextAt: number | null, context: StepContext): ScheduleSlice {
  if (nextAt !== null) context.schedule(PURPOSE, nextAt);
  return { nextAt };
}

interface Passed {
  /** Those within `missed_within`, ascending. */
  readonly recent: readonly number[];
  readonly latestAt: number;
  readonly count: number;
  /** The first one that has not passed. */
  readonly following: number | null;
}

/** The instants from the first up to now. */
function instantsPassed(first: number, clock: Clock, settings: ScheduleSettings, now: number): Passed {
  const recent: number[] = [];
  let latestAt = first;
  let count = 0;
  let at: number | null = first;
  while (at !== null && at <= now) {
    latestAt = at;
    count++;
    if (at >= now - settings.missedWithinMs) recent.push(at);
    if (count === MAX_COUNTED) {
      latestAt = latestUntil(now, at, clock);
      const isRecent = latestAt >= now - settings.missedWithinMs;
      return { recent: isRecent ? [latestAt] : [], latestAt, count, following: clock.next(latestAt) };
    }
    at = clock.next(at);
  }
  return { recent, latestAt, count, following: at };
}

/** The last instant up to now, looked for in steps back that double, so that years of seconds are not walked through. */
function latestUntil(now: number, notBefore: number, clock: Clock): number {
  let latest = notBefore;
  for (let back = 1_000; ; back *= 2) {
    const from = Math.max(now - back, notBefore - 1);
    let at = clock.next(from);
    if (at !== null && at <= now) {
      while (at !== null && at <= now) {
        latest = at;
        at = clock.next(at);
      }
      return latest;
    }
    if (from < notBefore) return latest;
  }
}

function fireFor(
  { recent, latestAt, count }: Passed,
  settings: ScheduleSettings,
  context: StepContext,
): void {
  const onTime = context.now - latestAt <= ON_TIME_MS;
  const missed = onTime ? count - 1 : count;
  if (missed > 0) context.count('missed_schedules', missed);
  const fire = (at: number, standsFor: number): void =>
    context.fire({ event: null, events: [], at, standsFor });
  switch (settings.missed) {
    case 'latest':
      if (onTime || recent.length > 0) fire(latestAt, count);
      break;
    case 'skip':
      if (onTime) fire(latestAt, 1);
      break;
    case 'all':
      for (const at of recent.slice(-MAX_MADE_UP)) fire(at, 1);
      if (onTime && recent.length === 0) fire(latestAt, 1);
      break;
  }
}
