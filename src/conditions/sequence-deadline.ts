import { formatDuration } from '../kernel/duration.js';
import type { StepContext } from '../ports/condition-kind.js';
import { openProgress, standing } from './sequence-progress.js';
import {
  progressText,
  stepsAmong,
  type SequenceReducer,
  type SequenceSettings,
} from './sequence-settings.js';
import {
  begin,
  cancel,
  cancels,
  dropOldSpares,
  dueOf,
  takeDue,
  takeIn,
  type Waiting,
} from './sequence-waiting.js';
import { forgetOld, forgottenAt, remember, type Remembered } from './time/remembered.js';
import { UNLESS } from './unless-listener.js';

interface DeadlineSlice extends Waiting {
  /** `unless` events that may still cancel an opener that arrives after them; by arrival. */
  unless: Remembered[];
  /** Whether the timer is set that forgets them. */
  forgets: boolean;
}

const FORGET = 'forget';

/**
 * A sequence that fires when it stays incomplete: the first step has come, and its time passed without the rest. One opener
 * waits at a time, and another one in its time moves nothing; an opener that happened at its deadline or later begins the
 * next, though the first may not be decided yet for the sake of late arrivals.
 */
export const sequenceDeadline: SequenceReducer = {
  version: 1,
  onEvent(slice, roles, occurrence, plan, context) {
    const settings = plan.settings as unknown as SequenceSettings;
    const state = (slice as DeadlineSlice | undefined) ?? {
      waiting: [],
      spare: [],
      unless: [],
      forgets: false,
    };
    const steps = stepsAmong(roles);
    const isUnless = roles.includes(UNLESS);
    const isOpener = settings.order === 'given' ? steps[0] === 0 : steps.length > 0;
    forgetOld(state.unless, context.now, context.latenessMs);
    dropOldSpares(state, context);

    if (isUnless) cancel(state, occurrence, settings, context);
    const isCompleted = takeIn(state, occurrence, steps, settings, context);
    if (isOpener && !isCompleted && !state.unless.some((unless) => cancels(unless, occurrence, settings)))
      begin(state, openProgress(occurrence, steps, settings), settings, context);
    // Remembered last: an event that is both has cancelled what was there before it, and stands itself.
    if (isUnless) remember(state.unless, occurrence);
    return settle(state, context);
  },
  onTimer(slice, timer, plan, context) {
    const settings = plan.settings as unknown as SequenceSettings;
    const state = slice as DeadlineSlice;
    if (timer.purpose === FORGET) {
      state.forgets = false;
      forgetOld(state.unless, context.now, context.latenessMs);
    }
    const due = takeDue(state, timer.purpose, settings);
    if (due !== undefined)
      context.fire({ event: due.opener, ...standing(due, settings), at: dueOf(due, settings) });
    return settle(state, context);
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

/** A group of which nothing but `unless` events is left is forgotten with them, so that groups do not pile up. */
function settle(state: DeadlineSlice, context: StepContext): DeadlineSlice | undefined {
  if (state.waiting.length > 0) return state;
  const forgetAt = forgottenAt(state.unless, context.latenessMs);
  if (forgetAt === null) {
    if (state.forgets) context.cancel(FORGET);
    return undefined;
  }
  // A timer that is set already will look again: it need not be moved at every event.
  if (!state.forgets) context.schedule(FORGET, forgetAt);
  state.forgets = true;
  return state;
}
