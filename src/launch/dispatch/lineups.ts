import { formatDuration } from '../../kernel/duration.js';
import type { Log } from '../../kernel/log.js';
import type { Clock } from '../../ports/clock.js';
import { createBacklog, type Backlog } from './backlog.js';
import { createBreaker, type Breaker, type BreakerSettings } from './breaker.js';
import { createFifo } from './fifo.js';
import type { Notify } from './notices.js';
import { createStormGuard } from './storm-guard.js';
import { isFresh, type Waiting } from './waiting.js';

export interface Lineups {
  /** Puts a launch, whose place is `queued`, where it belongs. */
  add(waiting: Waiting): void;
  /** Takes a queued launch out; its `place` must no longer be `queued`. */
  remove(waiting: Waiting): void;
  /** The next launch that may start, counted as running from now on; its ticket goes to `ended`. */
  next(): { readonly waiting: Waiting; readonly ticket: number } | undefined;
  ended(waiting: Waiting, ticket: number, result: 'succeeded' | 'failed' | 'nothing', reason: string): void;
  /** Takes out the launches that would rather be left out than wait beside this one, running or queued. */
  leftOut(beside: Waiting): readonly Waiting[];
  /** Workflows that are left alone for now. */
  openBreakers(): number;
  /** Ends its timers; from then on nothing may be taken. */
  stop(): void;
}

/** One workflow's queue and health. */
interface Lineup {
  readonly backlog: Backlog;
  readonly breaker: Breaker;
  /** In line for the next free place. */
  listed: boolean;
}

/**
 * The queues of all workflows. Each workflow gets one start a round, so that none starves the others, whatever waits in
 * it. `wake` is called when something may start again that could not before, by the clock.
 */
export function createLineups(
  limits: { readonly stormPerMinute: number | null; readonly breaker: BreakerSettings },
  { clock, log, notify }: { readonly clock: Clock; readonly log: Log; readonly notify: Notify },
  wake: () => void,
): Lineups {
  const lineups = new Map<string, Lineup>();
  /** Workflows that may have something to start. */
  const round = createFifo<Lineup>();
  let stopped = false;

  const list = (lineup: Lineup): void => {
    if (lineup.listed) return;
    lineup.listed = true;
    round.push(lineup);
  };
  const lineupOf = ({ record }: Waiting): Lineup => {
    const known = lineups.get(record.workflow_name);
    if (known !== undefined) return known;
    const breaker = createBreaker(limits.breaker, clock, () => {
      list(lineup);
      wake();
    });
    const lineup: Lineup = { backlog: createBacklog(), breaker, listed: false };
    lineups.set(record.workflow_name, lineup);
    return lineup;
  };
  const storm = createStormGuard(limits.stormPerMinute, clock, (triggerId) => {
    for (const lineup of lineups.values()) {
      lineup.backlog.resume(triggerId);
      list(lineup);
    }
    wake();
  });
  const admits = (triggerId: string): boolean => {
    if (storm.admits(triggerId)) return true;
    storm.wait(triggerId);
    notify(
      'storm',
      triggerId,
      `${triggerId} launches more often than ${limits.stormPerMinute} times a minute, so the rest has to wait`,
    );
    return false;
  };
  const tellOpened = (workflowName: string, openMs: number, reason: string): void => {
    const wait = formatDuration(openMs);
    log.warn('A workflow failed too often and is left alone for a while', {
      workflow_name: workflowName,
      wait,
      reason,
    });
    notify(
      'breaker',
      workflowName,
      `${workflowName} failed too often and is left alone for ${wait}: ${reason}`,
    );
  };

  return {
    add(waiting) {
      const lineup = lineupOf(waiting);
      lineup.backlog.add(waiting);
      list(lineup);
    },
    remove: (waiting) => lineupOf(waiting).backlog.remove(waiting),
    next() {
      for (let lineup = round.shift(); lineup !== undefined; lineup = round.shift()) {
        lineup.listed = false;
        const waiting = lineup.breaker.admits ? lineup.backlog.take(admits) : undefined;
        if (waiting === undefined) continue;
        list(lineup);
        if (isFresh(waiting)) storm.started(waiting.record.trigger_id);
        return { waiting, ticket: lineup.breaker.begin() };
      }
      return undefined;
    },
    ended(waiting, ticket, result, reason) {
      const lineup = lineupOf(waiting);
      lineup.backlog.release(waiting);
      if (stopped) return;
      const change = lineup.breaker.ended(ticket, result);
      const { workflow_name } = waiting.record;
      if (change === 'closed') log.info('A workflow works again', { workflow_name });
      else if (change !== null) tellOpened(workflow_name, change.openMs, reason);
      list(lineup);
    },
    leftOut(beside) {
      const wanted = beside.record.workflow.concurrency?.when_full === 'skip';
      return wanted ? lineupOf(beside).backlog.leftOut(beside) : [];
    },
    openBreakers: () => [...lineups.values()].filter(({ breaker }) => breaker.isOpen).length,
    stop() {
      stopped = true;
      storm.stop();
      for (const { breaker } of lineups.values()) breaker.stop();
    },
  };
}
