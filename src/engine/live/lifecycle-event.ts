import { formatTime } from '../../kernel/time.js';
import { traceMetadata, type TraceContext } from '../../kernel/trace-context.js';
import { ownInput } from '../../launch/own-input.js';
import type { LaunchChange } from '../../launch/dispatch/dispatcher.js';
import { BLANK_EVENT, type Event } from '../../model/event.js';
import type { LaunchRecord } from '../../model/record.js';

const EVENT_TYPES: Readonly<Record<LaunchChange, string | null>> = {
  started: 'workflow.started',
  succeeded: 'workflow.completed',
  dead: 'workflow.failed',
  skipped: 'workflow.cancelled',
  retrying: null,
};

/**
 * The event that tells of a launch's change, so that rules can follow workflows; null for a change that is no news: a further
 * attempt of the same run. Its id comes from the launch and the attempt, so that saying it twice is saying it once. `input` is
 * what the workflow was given by the trigger, without the event that caused it: events about events would grow with each.
 * `trace` is what it belongs into.
 */
export function lifecycleEvent(
  launch: LaunchRecord,
  change: LaunchChange,
  nowMs: number,
  trace: TraceContext | null,
): Event | null {
  const event_type = EVENT_TYPES[change];
  const attempts = launch.attempts.length;
  const run = attempts - launch.redriven_after;
  if (event_type === null || (change === 'started' && run > 1)) return null;
  const first = launch.attempts[launch.redriven_after] ?? null;
  const error = launch.attempts.at(-1)?.reason ?? null;
  const time = (ms: number | null | undefined): string | null =>
    ms === null || ms === undefined ? null : formatTime(ms);
  return {
    ...BLANK_EVENT,
    event_id: `${change}-${launch.launch_id}-${attempts}`,
    event_type,
    source: 'triggerd',
    target: launch.workflow_name,
    payload: {
      workflow_name: launch.workflow_name,
      trigger_id: launch.trigger_id,
      launch_id: launch.launch_id,
      status: launch.status,
      input: ownInput(launch.input),
      output: launch.output,
      error: change === 'dead' ? error : null,
      attempts,
      started_at: time(first?.started_at),
      ended_at: time(launch.ended_at),
    },
    metadata: {
      ...traceMetadata(trace),
      triggerd: { hops: launch.hops, chain: [...launch.chain], launch_id: launch.launch_id },
    },
    timestamp: formatTime(nowMs),
    priority: change === 'dead' ? 'high' : 'normal',
    correlation_id: launch.correlation_id,
    session_id: launch.session_id,
    user_id: launch.user_id,
  };
}
