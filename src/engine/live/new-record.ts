import { lineageOf } from '../../decide/gates/loop.js';
import { Fault } from '../../kernel/fault.js';
import type { Firing, Launch } from '../../model/decision.js';
import { BLANK_EVENT } from '../../model/event.js';
import type { LaunchStatus } from '../../model/outcome.js';
import type { LaunchRecord } from '../../model/record.js';
import type { Ruleset } from '../../model/ruleset.js';

/** A launch as it enters the outbox. What `emit` publishes is followed where it is decided, so such a launch is done at once. */
export function newRecord(
  launch: Launch,
  firing: Firing,
  ruleset: Ruleset,
  position: number,
  nowMs: number,
): LaunchRecord {
  const workflow = ruleset.workflows.get(launch.workflow_name);
  if (workflow === undefined) throw new Fault('internal', `no workflow ${launch.workflow_name} in the rules`);
  const cause = firing.event?.event ?? null;
  const lineage = lineageOf(cause);
  const status: LaunchStatus =
    launch.mode === 'observe' ? 'observed' : workflow.executor === 'emit' ? 'succeeded' : 'pending';
  return {
    ...launch,
    position,
    ruleset_hash: ruleset.hash,
    status,
    workflow,
    hops: lineage.hops + 1,
    chain: [...lineage.chain, launch.trigger_id],
    correlation_id: cause === null ? null : (cause.correlation_id ?? cause.event_id),
    session_id: cause?.session_id ?? null,
    user_id: cause?.user_id ?? null,
    retryable: cause?.retryable ?? BLANK_EVENT.retryable,
    max_retries: cause?.max_retries ?? BLANK_EVENT.max_retries,
    attempts: [],
    redriven_after: 0,
    next_at: null,
    ended_at: status === 'pending' ? null : nowMs,
    output: null,
  };
}
