import { SAMPLED } from '../../kernel/trace-context.js';
import { wasCutOff } from '../../launch/dispatch/changes.js';
import { attemptSpanId, launchSpanId } from '../../launch/trace/span-ids.js';
import { launchPlace, type LaunchLookup, type TracePlace } from '../../launch/trace/trace-place.js';
import type { Attempt } from '../../model/outcome.js';
import type { LaunchRecord } from '../../model/record.js';
import type { SpanDescription } from './span-description.js';

/** The spans that a change of a launch brought to their end: of an attempt, of the launch when it is done or given up. */
export function describeLaunch(launch: LaunchRecord, launchOf: LaunchLookup): SpanDescription[] {
  const attempt = endedAttempt(launch);
  const hasEnded = launch.status === 'succeeded' || launch.status === 'dead' || launch.status === 'skipped';
  if (attempt === null && !hasEnded) return [];
  const place = launchPlace(launch, launchOf);
  if ((place.flags & SAMPLED) === 0) return [];
  return [
    ...(attempt === null ? [] : [attemptSpan(launch, attempt, place)]),
    ...(hasEnded ? [launchSpan(launch, place)] : []),
  ];
}

/** The attempt of whose end this change tells. */
function endedAttempt({ status, attempts }: LaunchRecord): Attempt | null {
  switch (status) {
    case 'running': {
      // What the end of a process cut off is closed when the next attempt begins.
      const before = attempts.at(-2);
      return before !== undefined && wasCutOff(before) ? before : null;
    }
    case 'succeeded':
    case 'retrying':
    case 'dead':
      return attempts.at(-1) ?? null;
    case 'observed':
    case 'pending':
    case 'skipped':
      return null;
  }
}

function attemptSpan(launch: LaunchRecord, attempt: Attempt, place: TracePlace): SpanDescription {
  const { traceId, tracestate } = place;
  return {
    name: `attempt ${launch.workflow_name}`,
    kind: launch.workflow.executor === 'nats' ? 'producer' : 'client',
    traceId,
    spanId: attemptSpanId(launch, attempt.number),
    parentId: launchSpanId(launch.launch_id, runOf(launch, attempt)),
    isParentRemote: false,
    tracestate,
    startMs: attempt.started_at,
    endMs: attempt.ended_at ?? attempt.started_at,
    attributes: {
      'triggerd.launch.id': launch.launch_id,
      'triggerd.workflow.name': launch.workflow_name,
      'triggerd.executor': launch.workflow.executor,
      'triggerd.attempt': attempt.number,
    },
    error: attempt.reason,
  };
}

/** Which run of the launch an attempt is of. One from before the last redrive was cut off; that it was of the first run is likely. */
function runOf({ redriven_after }: LaunchRecord, { number }: Attempt): number {
  return number > redriven_after ? redriven_after : 0;
}

function launchSpan(launch: LaunchRecord, place: TracePlace): SpanDescription {
  const { launch_id, redriven_after, status, attempts } = launch;
  const endedAt = launch.ended_at ?? launch.at;
  // Redriven, it begins anew.
  const startMs = redriven_after === 0 ? launch.at : (attempts[redriven_after]?.started_at ?? endedAt);
  return {
    name: `launch ${launch.workflow_name}`,
    kind: 'internal',
    traceId: place.traceId,
    spanId: launchSpanId(launch_id, redriven_after),
    parentId: place.parentId,
    isParentRemote: false,
    tracestate: place.tracestate,
    startMs,
    endMs: Math.max(startMs, endedAt),
    attributes: {
      'triggerd.launch.id': launch_id,
      'triggerd.launch.status': status,
      'triggerd.launch.attempts': attempts.length - redriven_after,
      'triggerd.launch.hops': launch.hops,
      'triggerd.trigger.id': launch.trigger_id,
      'triggerd.workflow.name': launch.workflow_name,
      'triggerd.executor': launch.workflow.executor,
      'triggerd.ruleset.hash': launch.ruleset_hash,
    },
    error: status === 'dead' ? (attempts.at(-1)?.reason ?? 'given up') : null,
  };
}
