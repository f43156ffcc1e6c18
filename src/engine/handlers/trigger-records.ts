import { createHistory } from '../../bus/event-history.js';
import type { Json } from '../../kernel/json.js';
import { formatTime } from '../../kernel/time.js';
import type { LaunchRecord } from '../../model/record.js';
import type { Daemon, Happening } from '../daemon.js';

interface TriggerRecordBase {
  readonly trigger_id: string;
  readonly workflow_name: string;
  /** The event that completed the condition; null for a timer. */
  readonly event_id: string | null;
  readonly launch_id: string;
  /** RFC 3339: when it ended. */
  readonly timestamp: string;
}

/** How a launch of a trigger ended. `skipped`: its workflow was full, and says that such launches are left out. */
export type TriggerRecord =
  | (TriggerRecordBase & { readonly status: 'success'; readonly execution_result: ExecutionResult })
  | (TriggerRecordBase & { readonly status: 'error'; readonly error: string })
  | (TriggerRecordBase & { readonly status: 'skipped' });

export interface ExecutionResult {
  readonly workflow_name: string;
  /** The launch id. */
  readonly execution_id: string;
  readonly status: 'completed';
  /** From the beginning of its first attempt. */
  readonly execution_time_ms: number;
  /** What the executor gave. */
  readonly result: Json;
}

/** Figures since the start. */
export interface TriggerStats {
  readonly total_triggers: number;
  readonly active_triggers: number;
  /** Launches decided, whatever became of them. */
  readonly total_executions: number;
  readonly successful_executions: number;
  readonly failed_executions: number;
  readonly trigger_history_size: number;
}

/** Launches that triggers decided since the start, and how those ended that have. */
export interface ExecutionCounts {
  readonly total: number;
  readonly successful: number;
  readonly failed: number;
}

/** What became of the launches of triggers. */
export interface TriggerRecords {
  /** The newest `limit`, oldest of them first; of one trigger, or of all with null. */
  history(limit: number, triggerId: string | null): readonly TriggerRecord[];
  stats(): TriggerStats;
  counts(): ExecutionCounts;
  stop(): void;
}

/** Follows a daemon from now on; keeps `historySize` records. */
export function recordTriggers(daemon: Daemon, historySize: number): TriggerRecords {
  const history = createHistory<TriggerRecord>(historySize);
  let executions = 0;
  let successes = 0;
  let failures = 0;

  const ended = (launch: LaunchRecord): void => {
    const record = recordOf(launch);
    if (record === null) return;
    history.add(record);
    if (record.status === 'success') successes++;
    if (record.status === 'error') failures++;
  };

  const hear = (happenings: readonly Happening[]): void => {
    // The launches a commit decided are those its decisions name; others in it have only moved on.
    const decided = new Set<string>();
    for (const happening of happenings) {
      if (happening.kind === 'decision') for (const id of happening.decision.launches) decided.add(id);
      if (happening.kind !== 'launch') continue;
      const { launch } = happening;
      if (decided.delete(launch.launch_id) && launch.mode === 'launch') executions++;
      ended(launch);
    }
  };

  const stop = daemon.listen(hear);
  return {
    history: (limit, triggerId) =>
      history.newest(limit, ({ trigger_id }) => triggerId === null || trigger_id === triggerId),
    stats() {
      const statuses = daemon.triggers();
      return {
        total_triggers: statuses.length,
        active_triggers: statuses.filter(({ active }) => active).length,
        total_executions: executions,
        successful_executions: successes,
        failed_executions: failures,
        trigger_history_size: history.size,
      };
    },
    counts: () => ({ total: executions, successful: successes, failed: failures }),
    stop,
  };
}

/** null for a launch that has not ended. */
function recordOf(launch: LaunchRecord): TriggerRecord | null {
  const { trigger_id, workflow_name, event_id, launch_id, ended_at, at } = launch;
  const base = { trigger_id, workflow_name, event_id, launch_id, timestamp: formatTime(ended_at ?? at) };
  switch (launch.status) {
    case 'succeeded':
      return {
        ...base,
        status: 'success',
        execution_result: {
          workflow_name,
          execution_id: launch_id,
          status: 'completed',
          execution_time_ms: durationMs(launch),
          result: launch.output,
        },
      };
    case 'dead':
      return { ...base, status: 'error', error: launch.attempts.at(-1)?.reason ?? 'Unknown error' };
    case 'skipped':
      return { ...base, status: 'skipped' };
    case 'observed':
    case 'pending':
    case 'running':
    case 'retrying':
      return null;
  }
}

function durationMs({ attempts, redriven_after, ended_at }: LaunchRecord): number {
  const started = attempts[redriven_after]?.started_at;
  return started === undefined || ended_at === null ? 0 : Math.max(0, ended_at - started);
}
