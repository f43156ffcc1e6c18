import type { Arrival } from '../../support/reducer-harness.js';
import { allChains, canFill, isStep, type AnyRule } from './sequence.js';

export interface IncompleteRule extends AnyRule {
  readonly order: 'given' | 'any';
  readonly latenessMs: number;
}

export interface ExpectedAbsence {
  readonly event: string;
  readonly at: number;
  readonly decidedAt: number;
}

interface Opened {
  readonly index: number;
  readonly opener: Arrival;
  readonly dueAt: number;
  readonly decidedAt: number;
}

/**
 * Firings of an incomplete sequence for one group's arrivals. Which opener waits is followed from arrival to arrival; what
 * has become of it is asked of all that came since.
 */
export function expectedAbsences(
  history: readonly Arrival[],
  rule: IncompleteRule,
): readonly ExpectedAbsence[] {
  const firings: ExpectedAbsence[] = [];
  let open: Opened[] = [];
  const decide = (now: number): void => {
    const due = open.filter(({ decidedAt }) => decidedAt <= now);
    due.sort((a, b) => a.decidedAt - b.decidedAt);
    for (const { opener, dueAt, decidedAt } of due) firings.push({ event: opener.id, at: dueAt, decidedAt });
    open = open.filter(({ decidedAt }) => decidedAt > now);
  };
  const inTime = (unless: Arrival, opener: Arrival): boolean =>
    unless.at >= opener.at && unless.at <= opener.at + rule.withinMs;

  history.forEach((arrival, index) => {
    decide(arrival.arrivedAt);
    if (arrival.roles.includes('unless')) open = open.filter(({ opener }) => !inTime(arrival, opener));
    const completed = open.find((opened) => isComplete(history.slice(opened.index, index + 1), rule));
    if (completed !== undefined) {
      open = open.filter((opened) => opened !== completed);
      return;
    }
    const isOpener = rule.order === 'given' ? isStep(arrival, 0) : hasStep(arrival, rule);
    const isTaken = open.some(({ opener }) => Math.abs(opener.at - arrival.at) <= rule.withinMs);
    const isCancelled = history
      .slice(0, index)
      .some(
        (before) =>
          before.roles.includes('unless') &&
          before.arrivedAt >= arrival.arrivedAt - rule.latenessMs &&
          inTime(before, arrival),
      );
    if (!isOpener || isTaken || isCancelled) return;
    const dueAt = arrival.at + rule.withinMs;
    const decidedAt = Math.max(dueAt, arrival.arrivedAt) + rule.latenessMs;
    open.push({ index, opener: arrival, dueAt, decidedAt });
  });
  decide(Number.POSITIVE_INFINITY);
  return firings;
}

function hasStep(arrival: Arrival, rule: AnyRule): boolean {
  return Array.from({ length: rule.steps }).some((_, step) => isStep(arrival, step));
}

/** Whether what came since the opener, it included, completes the sequence together with it. */
function isComplete(since: readonly Arrival[], rule: IncompleteRule): boolean {
  const opener = since[0] as Arrival;
  if (rule.order === 'any') return canFill(since, rule, opener);
  return allChains(since, rule).some((chain) => chain[0] === opener);
}
