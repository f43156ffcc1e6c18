import { formatDuration } from '../kernel/duration.js';
import type { Occurrence } from '../model/event.js';
import { advance, openProgress, standing, type Progress } from './sequence-progress.js';
import {
  progressText,
  stepsAmong,
  type SequenceReducer,
  type SequenceSettings,
} from './sequence-settings.js';
import { UNLESS } from './unless-listener.js';

/** Sequences of one group that may wait for their end at once, and `unless` events remembered; past it the oldest go. */
const MAX_WAITING = 100;

interface Remembered {
  readonly at: number;
  readonly arrivedAt: number;
}

interface DeadlineSlice {
  /** By arrival of their openers. No two of them overlap in event time. */
  waiting: Progress[];
  /** `unless` events that may still cancel an opener that arrives after them; by arrival. */
  cancelled: Remembered[];
}

/**
 * A sequence that fires when it stays incomplete: the first step has come, and its time passed without the rest. One
 * opener waits at a time, another one in its time moves nothing; but an opener that happened after the deadline of one that
 * is not decided yet, for the sake of late arrivals, begins the next.
 */
export const sequenceDeadline: SequenceReducer = {
  version: 1,
  onEvent(slice, roles, occurrence, plan, context) {
    const settings = plan.settings as unknown as SequenceSettings;
    const state = (slice as DeadlineSlice | undefined) ?? { waiting: [], cancelled: [] };
    const steps = stepsAmong(roles);
    const isUnless = roles.includes(UNLESS);
    const close = (progress: Progress): void => {
      state.waiting.splice(state.waiting.indexOf(progress), 1);
      context.cancel(purposeOf(progress, settings));
    };
    state.cancelled = state.cancelled.filter(
      ({ arrivedAt }) => context.now - arrivedAt <= context.latenessMs,
    );

    if (isUnless) {
      for (const progress of [...state.waiting])
        if (cancels(occurrence, progress.opener, settings)) close(progress);
    }
    const completed = state.waiting.find((progress) => advance(progress, occurrence, steps, settings));
    if (completed !== undefined) {
      close(completed);
    } else if (opens(occurrence, steps, state, settings)) {
      const progress = openProgress(occurrence, steps, settings);
      if (state.waiting.length >= MAX_WAITING) {
        context.count('capped_events');
        close(state.waiting[0] as Progress);
      }
      state.waiting.push(progress);
      const decidedAt = Math.max(dueOf(progress, settings), context.now) + context.latenessMs;
      context.schedule(purposeOf(progress, settings), decidedAt);
    }
    // Remembered last: an event that is both has cancelled what was there before it, and stands itself.
    if (isUnless) {
      state.cancelled.push({ at: occurrence.at, arrivedAt: context.now });
      if (state.cancelled.length > MAX_WAITING) state.cancelled.shift();
    }
    return kept(state);
  },
  onTimer(slice, timer, plan, context) {
    const settings = plan.settings as unknown as SequenceSettings;
    const state = slice as DeadlineSlice;
    const due = state.waiting.find((progress) => purposeOf(progress, settings) === timer.purpose);
    if (due === undefined) return state;
    state.waiting.splice(state.waiting.indexOf(due), 1);
    context.fire({ event: due.opener, ...standing(due, settings), at: dueOf(due, settings) });
    return kept(state);
  },
  describe(slice, plan, now) {
    const settings = plan.settings as unknown as SequenceSettings;
    const [first] = (slice as DeadlineSlice).waiting;
    if (first === undefined) return 'no sequence has begun';
    const there = Object.keys(standing(first, settings).steps);
    const left = dueOf(first, settings) - now;
    const rest = left > 0 ? `${formatDuration(left)} left` : 'its time is over, late arrivals are waited for';
    return `${progressText(there, settings.require)}, ${rest}`;
  },
};

function dueOf({ opener }: Progress, { withinMs }: SequenceSettings): number {
  return opener.at + withinMs;
}

/** One timer for each that waits: as they do not overlap, no two are due at one time. */
function purposeOf(progress: Progress, settings: SequenceSettings): string {
  return `incomplete:${dueOf(progress, settings)}`;
}

/** Whether an `unless` event happened in time to cancel what an opener began: not before it, nor after the deadline. */
function cancels(
  unless: { readonly at: number },
  opener: Occurrence,
  { withinMs }: SequenceSettings,
): boolean {
  return unless.at >= opener.at && unless.at <= opener.at + withinMs;
}

function opens(
  occurrence: Occurrence,
  steps: readonly number[],
  { waiting, cancelled }: DeadlineSlice,
  settings: SequenceSettings,
): boolean {
  const isOpener = settings.order === 'given' ? steps[0] === 0 : steps.length > 0;
  return (
    isOpener &&
    !waiting.some(({ opener }) => Math.abs(opener.at - occurrence.at) <= settings.withinMs) &&
    !cancelled.some((unless) => cancels(unless, occurrence, settings))
  );
}

function kept(state: DeadlineSlice): DeadlineSlice | undefined {
  return state.waiting.length === 0 && state.cancelled.length === 0 ? undefined : state;
}
