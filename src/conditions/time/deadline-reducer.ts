import { formatDuration } from '../../kernel/duration.js';
import { formatTime } from '../../kernel/time.js';
import type { Occurrence } from '../../model/event.js';
import type { StepContext } from '../../ports/condition-kind.js';
import { UNLESS } from '../unless-listener.js';
import { decideAt } from './absence.js';
import { cancelsWithin, forgetOld, forgottenAt, remember, type Remembered } from './remembered.js';
import type { TimeReducer } from './variant.js';

/** Settings of a deadline, ready to run. */
export type DeadlineSettings = {
  readonly afterMs: number;
  readonly restart: boolean;
  /** Whether something may cancel it; otherwise it is a plain delay. */
  readonly absence: boolean;
};

interface Opener {
  readonly occurrence: Occurrence;
  readonly arrivedAt: number;
  /** Whether it is an `unless` event as well. */
  readonly both: boolean;
}

interface Pending extends Opener {
  readonly dueAt: number;
  readonly decideAt: number;
}

interface DeadlineSlice {
  /** Not decided yet, by due time; no two overlap in event time. More than one only while late arrivals are waited for. */
  pending: Pending[];
  /** Openers that moved nothing, by arrival: one of them opens when a late `unless` event cancels what it stood behind. */
  spare: Opener[];
  unless: Remembered[];
  /** When the timer is set. */
  wakeAt: number | null;
}

const PURPOSE = 'deadline';
const MAX_PENDING = 1_000;
const MAX_SPARE = 100;

/** One deadline per group at a time, told by event time; see `absence.ts` for when it is decided. */
export const deadlineReducer: TimeReducer = {
  // Nothing is armed without an event.
  // A plain delay has nothing to wait for.
  afterDowntime: (plan) => ((plan.settings as unknown as DeadlineSettings).absence ? 'wait' : 'go'),
  initialGroups: () => [],
  onStart: (slice) => slice,
  onEvent(slice, roles, occurrence, plan, context) {
    const settings = plan.settings as unknown as DeadlineSettings;
    const state = (slice as DeadlineSlice | undefined) ?? {
      pending: [],
      spare: [],
      unless: [],
      wakeAt: null,
    };
    forget(state, context);
    const both = roles.length > 1;
    if (roles.includes(UNLESS)) cancel(state, occurrence, settings, context);
    if (roles.includes('match')) {
      const opener = { occurrence, arrivedAt: occurrence.arrivedAt, both };
      const keepsSpare = settings.absence && !settings.restart;
      if (open(state, opener, settings, context) === 'behind' && keepsSpare) {
        state.spare.push(opener);
        if (state.spare.length > MAX_SPARE) state.spare.shift();
      }
    }
    return settle(state, context);
  },
  onTimer(slice, _timer, _plan, context) {
    const state = slice as DeadlineSlice;
    state.wakeAt = null;
    const due = state.pending.filter((pending) => pending.decideAt <= context.now);
    for (const { occurrence, dueAt } of due) {
      context.fire({ event: occurrence, events: [occurrence], at: dueAt });
      state.spare = state.spare.filter((spare) => spare.occurrence.at >= dueAt);
    }
    if (due.length > 0) state.pending = state.pending.filter((pending) => pending.decideAt > context.now);
    forget(state, context);
    return settle(state, context);
  },
  describe(slice, plan, now) {
    const [first] = (slice as DeadlineSlice).pending;
    if (first === undefined) return 'no deadline is open';
    if (first.dueAt <= now) return `due at ${formatTime(first.dueAt)}, waits for late arrivals`;
    const what = (plan.settings as unknown as DeadlineSettings).absence ? 'waits for unless' : 'waits';
    return `${what} until ${formatTime(first.dueAt)}, ${formatDuration(first.dueAt - now)} left`;
  },
};

/** An `unless` event cancels what was opened no later than it and was due no earlier. */
function cancel(
  state: DeadlineSlice,
  unless: Occurrence,
  settings: DeadlineSettings,
  context: StepContext,
): void {
  const { at } = unless;
  const open = state.pending.filter((pending) => pending.occurrence.at > at || pending.dueAt < at);
  const cancelled = open.length < state.pending.length;
  state.pending = open;
  remember(state.unless, unless);
  if (cancelled && state.spare.length > 0) reopen(state, at, settings, context);
}

/** What came after a cancelled opener moved nothing then; now all that is later than `unless` opens in its own order. */
function reopen(
  state: DeadlineSlice,
  unlessAt: number,
  settings: DeadlineSettings,
  context: StepContext,
): void {
  const isLater = ({ occurrence }: Opener): boolean => occurrence.at > unlessAt;
  const openers: Opener[] = [...state.pending.filter(isLater), ...state.spare];
  state.pending = state.pending.filter((pending) => !isLater(pending));
  openers.sort((a, b) => Number(follows(a, b)) - Number(follows(b, a)));
  state.spare = openers
    .filter(
      ({ occurrence, arrivedAt, both }) =>
        open(state, { occurrence, arrivedAt, both }, settings, context) === 'behind',
    )
    .sort((a, b) => a.arrivedAt - b.arrivedAt);
}

/** Opens a deadline, unless a remembered `unless` event cancels it or it stands behind another. */
function open(
  state: DeadlineSlice,
  opener: Opener,
  settings: DeadlineSettings,
  context: StepContext,
): 'opened' | 'cancelled' | 'behind' {
  const { at } = opener.occurrence;
  const dueAt = at + settings.afterMs;
  const overlaps = ({ occurrence }: Pending): boolean => Math.abs(occurrence.at - at) < settings.afterMs;
  if (settings.restart) {
    // It puts off what it follows, even if it is cancelled or put off itself by what has arrived before it.
    state.pending = state.pending.filter((pending) => !overlaps(pending) || follows(pending, opener));
  }
  if (cancelsWithin(state.unless, at, dueAt, opener.both)) return 'cancelled';
  if (state.pending.some(overlaps)) return 'behind';
  const decided = settings.absence
    ? decideAt(dueAt, opener.arrivedAt, context.latenessMs)
    : Math.max(dueAt, opener.arrivedAt);
  state.pending.push({ ...opener, dueAt, decideAt: decided });
  state.pending.sort((a, b) => a.dueAt - b.dueAt);
  if (state.pending.length > MAX_PENDING) {
    state.pending.shift();
    context.count('capped_events');
  }
  return 'opened';
}

/** Whether an opener happened after another. Of one instant one that is `unless` too comes last, then order of arrival. */
function follows(opener: Opener, other: Opener): boolean {
  const afterMs = opener.occurrence.at - other.occurrence.at;
  return afterMs > 0 || (afterMs === 0 && opener.both && !other.both);
}

function forget(state: DeadlineSlice, { now, latenessMs }: StepContext): void {
  forgetOld(state.unless, now, latenessMs);
  forgetOld(state.spare, now, latenessMs);
}

/** Sets the timer for what comes next: a decision, or else the time to forget the group. */
function settle(state: DeadlineSlice, context: StepContext): DeadlineSlice | undefined {
  let wakeAt: number | null = null;
  if (state.pending.length > 0) {
    wakeAt = Math.min(...state.pending.map((pending) => pending.decideAt));
  } else {
    // With nothing pending a spare has nothing to stand behind any more.
    state.spare = [];
    wakeAt = forgottenAt(state.unless, context.latenessMs);
    // A timer that is set already will look again: it need not be moved at every event.
    if (wakeAt !== null && state.wakeAt !== null) wakeAt = Math.min(wakeAt, state.wakeAt);
  }
  if (wakeAt !== state.wakeAt) {
    if (wakeAt === null) context.cancel(PURPOSE);
    else context.schedule(PURPOSE, wakeAt);
    state.wakeAt = wakeAt;
  }
  return wakeAt === null ? undefined : state;
}
