import type { Log } from '../../kernel/log.js';
import type { LaunchRecord } from '../../model/record.js';
import type { Meter } from '../../ports/meter.js';
import { messageOf } from './outcome-check.js';

const LATENCY_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600];

/** What operators see of the dispatcher. */
export interface Figures {
  /** The first attempt of a launch began. */
  firstStarted(record: LaunchRecord, now: number): void;
  attempted(record: LaunchRecord, outcome: 'succeeded' | 'failed'): void;
  /** It is succeeded, dead or skipped. */
  finished(record: LaunchRecord): void;
}

export function createFigures(
  meter: Meter,
  log: Log,
  read: {
    readonly running: () => number;
    readonly queued: () => number;
    readonly openBreakers: () => number;
  },
): Figures {
  const launches = meter.counter('launches_total', 'Launches that ended, by workflow and how.', [
    'workflow',
    'outcome',
  ]);
  const attempts = meter.counter('attempts_total', 'Attempts that ended, by workflow and how.', [
    'workflow',
    'outcome',
  ]);
  const dead = meter.counter('dead_letters_total', 'Launches given up on, by workflow.', ['workflow']);
  const latency = meter.histogram(
    'event_to_launch_seconds',
    'From the decision of a launch to the start of its first attempt.',
    LATENCY_BUCKETS_S,
  );
  meter.watch('launches_running', 'Launches whose executor is at work.', read.running);
  meter.watch('launches_queued', 'Launches that wait for an attempt.', read.queued);
  meter.watch(
    'breakers_open',
    'Workflows that are not tried for now, having failed too often.',
    read.openBreakers,
  );
  /** A figure that cannot be counted is no reason to do anything about a launch. */
  const count = (counting: () => void): void => {
    try {
      counting();
    } catch (cause) {
      log.error('A launch could not be counted', { error: messageOf(cause) });
    }
  };
  return {
    firstStarted: (record, now) => count(() => latency.observe(Math.max(0, now - record.at) / 1_000)),
    attempted: ({ workflow_name: workflow }, outcome) => count(() => attempts.add(1, { workflow, outcome })),
    finished: ({ workflow_name: workflow, status }) =>
      count(() => {
        launches.add(1, { workflow, outcome: status });
        if (status === 'dead') dead.add(1, { workflow });
      }),
  };
}
