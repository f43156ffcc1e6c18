import type { LaunchRecord } from '../../model/record.js';
import { inheritedContexts } from '../trace/trace-contexts.js';
import type { Dispatcher, DispatcherOptions } from './api.js';
import type { AttemptRun } from './attempt.js';
import { carryOut, NOTHING, recordStillborn, type Carried, type CarryTools } from './carry.js';
import { cutOff as cutOffAttempt, DAEMON_FAULT, leftOut } from './changes.js';
import { createFigures } from './figures.js';
import { createLineups } from './lineups.js';
import { createLoadedExecutors } from './loaded-executors.js';
import { createNotices } from './notices.js';
import { messageOf, redacting, shortReason } from './outcome-check.js';
import { concurrencyKey } from './preparation.js';
import type { Waiting } from './waiting.js';

export type { Dispatcher, DispatcherLimits, DispatcherOptions, LaunchChange } from './api.js';

/** After something broke that should not, the launch is taken up again so much later. */
const AGAIN_MS = 1_000;

/** The daemon is ending: `record` rejected. */
class RecordRefused extends Error {
  override readonly name = 'RecordRefused';
}

/** Begins with nothing: what an earlier process left unfinished is handed to `add` first, then what is new. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { clock, limits, log, host } = options;
  const launches = new Map<string, Waiting>();
  const runs = new Map<Waiting, AttemptRun>();
  const whenStopped: (() => void)[] = [];
  let orders = 0;
  let running = 0;
  /** Launches whose end is being recorded without an attempt. */
  let settling = 0;
  let stopping = false;
  let cutOff = false;

  const lineups = createLineups(limits, { clock, log, notify: createNotices(options) }, startNext);
  const figures = createFigures(options.meter, log, {
    running: () => running,
    queued: () => launches.size - running,
    openBreakers: lineups.openBreakers,
  });
  const tools: CarryTools = {
    templates: options.templates,
    host,
    clock,
    random: options.random,
    figures,
    traces: options.traces ?? inheritedContexts,
    executor: createLoadedExecutors(options.executors),
    async record(waiting, changed, change) {
      try {
        await options.record(changed, change);
      } catch (cause) {
        throw new RecordRefused(messageOf(cause), { cause });
      }
      waiting.record = changed;
      const { redriven } = waiting;
      if (redriven !== null && redriven.redriven_after > changed.redriven_after)
        waiting.record = { ...changed, redriven_after: redriven.redriven_after };
    },
    running(waiting, run) {
      if (cutOff) return null;
      const attempt = run();
      runs.set(waiting, attempt);
      return attempt;
    },
  };

  /** Fills the free places. */
  function startNext(): void {
    while (!stopping && running < limits.maxRunning) {
      const next = lineups.next();
      if (next === undefined) return;
      running++;
      next.waiting.place = 'running';
      void carry(next.waiting, next.ticket);
      leaveOut(next.waiting);
    }
  }

  async function carry(waiting: Waiting, ticket: number): Promise<void> {
    let carried: Carried = NOTHING;
    try {
      carried = await carryOut(waiting, tools);
      if (carried.retryMs === null) forget(waiting);
      else later(waiting, carried.retryMs);
    } catch (cause) {
      broke(waiting, cause);
    }
    running--;
    runs.delete(waiting);
    lineups.ended(waiting, ticket, carried.result, carried.reason);
    startNext();
    tellStopped();
  }

  /** Takes a launch up for its next attempt, after a while. */
  function later(waiting: Waiting, delayMs: number): void {
    if (stopping) return;
    if (delayMs <= 0) {
      enqueue(waiting);
      return;
    }
    waiting.place = 'later';
    waiting.cancel = clock.after(delayMs, () => {
      enqueue(waiting);
      startNext();
    });
  }

  function enqueue(waiting: Waiting): void {
    waiting.place = 'queued';
    lineups.add(waiting);
  }

  /** Records as skipped what would rather be left out than wait beside this launch. */
  function leaveOut(beside: Waiting): void {
    for (const waiting of lineups.leftOut(beside)) {
      const reason = 'as many of its launches were running already as its concurrency allows';
      settle(waiting, async () => {
        await tools.record(waiting, leftOut(waiting.record, { reason }, clock.now()), 'skipped');
        figures.finished(waiting.record);
      });
    }
  }

  /** Ends a launch without an attempt. */
  function settle(waiting: Waiting, end: () => Promise<void>): void {
    waiting.place = 'settling';
    settling++;
    void end()
      .then(
        () => forget(waiting),
        (cause: unknown) => broke(waiting, cause),
      )
      .then(() => {
        settling--;
        tellStopped();
      });
  }

  /** Nothing that breaks costs a launch: it is taken up again, by the next process when this one is ending. */
  function broke(waiting: Waiting, cause: unknown): void {
    const fields = { launch_id: waiting.record.launch_id, error: messageOf(cause) };
    if (cause instanceof RecordRefused) {
      if (!stopping) log.error('A launch could not be recorded, so no more are begun', fields);
      beginStop();
    } else {
      log.error('A launch broke off and is taken up again', fields);
      if (stopping) return;
      const reason = shortReason(`${DAEMON_FAULT}${messageOf(cause)}`, redacting(host));
      waiting.record = cutOffAttempt(waiting.record, clock.now(), reason);
      waiting.place = 'later';
      waiting.cancel = clock.after(AGAIN_MS, () => {
        forget(waiting);
        if (isUnfinished(waiting.record)) take(waiting.record);
        startNext();
      });
    }
  }

  function forget(waiting: Waiting): void {
    const { record, redriven } = waiting;
    waiting.place = 'gone';
    launches.delete(record.launch_id);
    // Its end was durable, and it redriven, before we came to hear of either.
    if (
      redriven !== null &&
      !stopping &&
      !isUnfinished(record) &&
      redriven.redriven_after >= record.attempts.length
    )
      take(redriven);
  }

  function take(record: LaunchRecord): void {
    if (!isUnfinished(record)) {
      const { launch_id, status } = record;
      log.error('A launch was handed over that is not to be carried out', { launch_id, status });
      return;
    }
    const taken = { record, order: orders++, place: 'queued', cancel: () => {}, redriven: null } as const;
    let waiting: Waiting;
    try {
      waiting = { ...taken, concurrencyKey: concurrencyKey(record, options.templates) };
    } catch (cause) {
      const unkeyed: Waiting = { ...taken, concurrencyKey: null };
      launches.set(record.launch_id, unkeyed);
      const reason = `the key of its concurrency cannot be rendered: ${messageOf(cause)}`;
      settle(unkeyed, () => recordStillborn(unkeyed, cutOffAttempt(record, clock.now()), reason, tools));
      return;
    }
    launches.set(record.launch_id, waiting);
    if (record.status === 'retrying') later(waiting, (record.next_at ?? 0) - clock.now());
    else enqueue(waiting);
    leaveOut(waiting);
  }

  function beginStop(): void {
    stopping = true;
    lineups.stop();
    for (const waiting of launches.values()) if (waiting.place === 'later') waiting.cancel();
  }

  function tellStopped(): void {
    if (!stopping || running + settling > 0) return;
    for (const tell of whenStopped.splice(0)) tell();
  }

  return {
    add(added) {
      if (stopping) return;
      for (const record of added) {
        const { launch_id } = record;
        if (launches.has(launch_id)) log.warn('A launch was handed over twice', { launch_id });
        else take(record);
      }
      startNext();
    },
    replace(record) {
      if (stopping) return;
      const waiting = launches.get(record.launch_id);
      if (waiting?.place === 'running' || waiting?.place === 'settling') {
        waiting.redriven = record;
        waiting.record = { ...waiting.record, redriven_after: record.redriven_after };
        return;
      }
      if (waiting !== undefined) {
        const { place } = waiting;
        waiting.cancel();
        forget(waiting);
        if (place === 'queued') lineups.remove(waiting);
      }
      take(record);
      startNext();
    },
    get running() {
      return running;
    },
    get queued() {
      return launches.size - running;
    },
    async stop(graceMs) {
      beginStop();
      if (running + settling === 0) return;
      const stopped = new Promise<void>((resolve) => whenStopped.push(resolve));
      const cut = (): void => {
        cutOff = true;
        for (const run of runs.values()) run.abandon();
      };
      const cancel = graceMs > 0 ? clock.after(graceMs, cut) : cut();
      await stopped;
      cancel?.();
    },
  };
}

function isUnfinished({ status }: LaunchRecord): boolean {
  return status === 'pending' || status === 'running' || status === 'retrying';
}
