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
  /** Its opener's place in the history. */
  readonly index: number;
  readonly opener: Arrival;
  readonly dueAt: number;
  readonly decidedAt: number;
}

/**
 * Firings of an incomplete sequence for one group's arrivals. Who waits, and who stands behind them, is followed from
 * arrival to arrival; what has become of each is asked of all that came since.
 */
export function expectedAbsences(
  history: readonly Arrival[],
  rule: IncompleteRule,
): readonly ExpectedAbsence[] {
  const firings: ExpectedAbsence[] = [];
  // What has completed one sequence is no part of another.
  const used = new Set<Arrival>();
  let waiting: Opened[] = [];
  let behind: Opened[] = [];
  const overlap = (a: Opened, b: Opened): boolean => Math.abs(a.opener.at - b.opener.at) < rule.withinMs;
  const inTime = (unless: Arrival, opener: Arrival): boolean =>
    unless.at >= opener.at && unless.at <= opener.at + rule.withinMs;

  const decide = (now: number): void => {
    const due = waiting.filter(({ decidedAt }) => decidedAt <= now);
    due.sort((a, b) => a.decidedAt - b.decidedAt);
    for (const { opener, dueAt, decidedAt } of due) firings.push({ event: opener.id, at: dueAt, decidedAt });
    waiting = waiting.filter((one) => !due.includes(one));
    behind = behind.filter((one) => !due.some((other) => overlap(one, other)));
  };
  const open = (one: Opened): void => {
    (waiting.some((other) => overlap(one, other)) ? behind : waiting).push(one);
  };
  const moveUp = (): void => {
    const candidates = behind.toSorted((a, b) => a.opener.at - b.opener.at);
    behind = [];
    candidates.forEach(open);
  };

  history.forEach((arrival, index) => {
    const isDone = (one: Opened): boolean =>
      isComplete(
        history.slice(one.index, index + 1).filter((other) => !used.has(other)),
        rule,
      );
    decide(arrival.arrivedAt);
    behind = behind.filter(({ opener }) => opener.arrivedAt >= arrival.arrivedAt - rule.latenessMs);
    if (arrival.roles.includes('unless')) {
      const before = waiting.length;
      waiting = waiting.filter(({ opener }) => !inTime(arrival, opener));
      behind = behind.filter(({ opener }) => !inTime(arrival, opener));
      if (waiting.length < before) moveUp();
    }
    const completed = waiting.find(isDone);
    if (completed !== undefined) {
      used.add(arrival);
      waiting = waiting.filter((one) => one !== completed);
      behind = behind.filter((one) => one.opener.at > arrival.at || !overlap(one, completed));
      moveUp();
      return;
    }
    behind = behind.filter((one) => !isDone(one));
    const isCancelled = history
      .slice(0, index)
      .some(
        (before) =>
          before.roles.includes('unless') &&
          before.arrivedAt >= arrival.arrivedAt - rule.latenessMs &&
          inTime(before, arrival),
      );
    if (!isOpener(arrival, rule) || isCancelled) return;
    const dueAt = arrival.at + rule.withinMs;
    open({
      index,
      opener: arrival,
      dueAt,
      decidedAt: Math.max(dueAt, arrival.arrivedAt) + Math.max(rule.latenessMs, 1),
    });
  });
  decide(Number.POSITIVE_INFINITY);
  return firings;
}

function isOpener(arrival: Arrival, { order, steps }: IncompleteRule): boolean {
  if (order === 'given') return isStep(arrival, 0);
  return Array.from({ length: steps }).some((_, step) => isStep(arrival, step));
}

/** Whether what came since the opener, it included, completes the sequence together with it. */
function isComplete(since: readonly Arrival[], rule: IncompleteRule): boolean {
  const opener = since[0] as Arrival;
  if (rule.order === 'any') return canFill(since, rule, opener);
  return allChains(since, rule).some((chain) => chain[0] === opener);
}
