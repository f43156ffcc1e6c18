import type { Occurrence } from '../model/event.js';
import type { StepContext } from '../ports/condition-kind.js';
import { advanced, type Progress } from './sequence-progress.js';
import type { SequenceSettings } from './sequence-settings.js';
import { decideAt } from './time/absence.js';

/** Sequences of one group that may wait for their end at once, and that may stand behind them; past it the oldest go. */
const MAX_WAITING = 100;
const MAX_SPARE = 32;

/** The begun sequences of one group: plain data. */
export interface Waiting {
  /** By arrival of their openers. No two overlap in event time: more than one wait only while late arrivals may come. */
  waiting: Progress[];
  /** What was opened in the time of one that waits: begins in its place if that is cancelled by a late arrival. */
  spare: Progress[];
}

export function dueOf({ opener }: Progress, { withinMs }: SequenceSettings): number {
  return opener.at + withinMs;
}

/** One timer for each that waits: as they do not overlap, no two are due at one time. */
export function purposeOf(progress: Progress, settings: SequenceSettings): string {
  return `incomplete:${dueOf(progress, settings)}`;
}

/** Whether an `unless` event happened in time to cancel what an opener began: not before it, nor after the deadline. */
export function cancels(
  unless: { readonly at: number },
  opener: Occurrence,
  { withinMs }: SequenceSettings,
): boolean {
  return unless.at >= opener.at && unless.at <= opener.at + withinMs;
}

function overlap(a: Progress, b: Progress, { withinMs }: SequenceSettings): boolean {
  return Math.abs(a.opener.at - b.opener.at) < withinMs;
}

/** Lets a sequence wait, or stand behind one that does. */
export function begin(
  state: Waiting,
  progress: Progress,
  settings: SequenceSettings,
  context: StepContext,
): void {
  if (state.waiting.some((other) => overlap(other, progress, settings))) {
    state.spare.push(progress);
    if (state.spare.length > MAX_SPARE) state.spare.shift();
    return;
  }
  if (state.waiting.length >= MAX_WAITING) {
    context.count('capped_events');
    context.cancel(purposeOf(state.waiting.shift() as Progress, settings));
  }
  state.waiting.push(progress);
  const decidedAt = decideAt(dueOf(progress, settings), progress.opener.arrivedAt, context.latenessMs);
  context.schedule(purposeOf(progress, settings), decidedAt);
}

/** Clears what an `unless` event cancels. */
export function cancel(
  state: Waiting,
  unless: Occurrence,
  settings: SequenceSettings,
  context: StepContext,
): void {
  const cancelled = state.waiting.filter(({ opener }) => cancels(unless, opener, settings));
  state.spare = state.spare.filter(({ opener }) => !cancels(unless, opener, settings));
  close(state, cancelled, settings, context);
}

/** Takes an arrival in; whether it completed a sequence, of which alone it then is a part. */
export function takeIn(
  state: Waiting,
  occurrence: Occurrence,
  steps: readonly number[],
  settings: SequenceSettings,
  context: StepContext,
): boolean {
  const next = state.waiting.map((progress) => advanced(progress, occurrence, steps, settings));
  const completed = state.waiting[next.indexOf(null)];
  if (completed === undefined) {
    state.waiting = next.filter((progress) => progress !== null);
    state.spare = state.spare
      .map((progress) => advanced(progress, occurrence, steps, settings))
      .filter((progress) => progress !== null);
    return false;
  }
  // What was opened before its end is over with it.
  state.spare = state.spare.filter(
    (progress) => progress.opener.at > occurrence.at || !overlap(progress, completed, settings),
  );
  close(state, [completed], settings, context);
  return true;
}

/** Takes out the sequence whose time is over; with it goes what stood behind it. */
export function takeDue(state: Waiting, purpose: string, settings: SequenceSettings): Progress | undefined {
  const due = state.waiting.find((progress) => purposeOf(progress, settings) === purpose);
  if (due === undefined) return undefined;
  state.waiting = state.waiting.filter((progress) => progress !== due);
  state.spare = state.spare.filter((progress) => !overlap(progress, due, settings));
  return due;
}

/** Forgets spares that no late arrival can bring forward any more. */
export function dropOldSpares(state: Waiting, { now, latenessMs }: StepContext): void {
  if (state.spare.length > 0)
    state.spare = state.spare.filter(({ opener }) => now - opener.arrivedAt <= latenessMs);
}

/** Ends sequences that wait; the first by event time of what stood behind them begin. */
function close(
  state: Waiting,
  closed: readonly Progress[],
  settings: SequenceSettings,
  context: StepContext,
): void {
  if (closed.length === 0) return;
  for (const progress of closed) context.cancel(purposeOf(progress, settings));
  state.waiting = state.waiting.filter((progress) => !closed.includes(progress));
  const spare = state.spare.toSorted((a, b) => a.opener.at - b.opener.at);
  state.spare = [];
  for (const progress of spare) begin(state, progress, settings, context);
}
