import { formatTime } from '../kernel/time.js';
import { reportSuppression } from '../engine/report-parts.js';
import type { LiveDryRun, Receipt } from '../engine/daemon.js';
import type { LaunchRecord, StoredDecision, StoredEvent } from '../model/record.js';
import type { WireDecision, WireDryRun, WireLaunch, WireReceipts, WireStoredEvent } from '../model/wire.js';

const timeOrNull = (epochMs: number | null): string | null => (epochMs === null ? null : formatTime(epochMs));

export function wireStoredEvent({ position, received_at, event }: StoredEvent): WireStoredEvent {
  return { position, received_at: formatTime(received_at), event };
}

/** A launch without the definition it runs under, which may hold what is nobody's business. */
export function wireLaunch(record: LaunchRecord): WireLaunch {
  return {
    launch_id: record.launch_id,
    trigger_id: record.trigger_id,
    workflow_name: record.workflow_name,
    mode: record.mode,
    at: formatTime(record.at),
    event_id: record.event_id,
    events: record.events,
    group: record.group,
    input: record.input,
    item_index: record.item_index,
    warnings: record.warnings,
    status: record.status,
    position: record.position,
    ruleset_hash: record.ruleset_hash,
    executor: record.workflow.executor,
    attempts: record.attempts.map(({ number, started_at, ended_at, reason }) => ({
      number,
      started_at: formatTime(started_at),
      ended_at: timeOrNull(ended_at),
      reason,
    })),
    next_at: timeOrNull(record.next_at),
    ended_at: timeOrNull(record.ended_at),
    output: record.output,
  };
}

export function wireDecision(decision: StoredDecision): WireDecision {
  return {
    position: decision.position,
    event_id: decision.event_id,
    at: formatTime(decision.at),
    ruleset_hash: decision.ruleset_hash,
    launches: decision.launches,
    suppressed: decision.suppressed.map(reportSuppression),
  };
}

/** Receipts; with `decisions`, what the events led to. */
export function wireReceipts(receipts: readonly Receipt[], decisions: boolean): WireReceipts {
  return {
    events: receipts.map(({ event_id, position, duplicate, decision, launches }) =>
      decisions
        ? {
            event_id,
            position,
            duplicate,
            decision: decision === null ? null : wireDecision(decision),
            launches: launches.map(wireLaunch),
          }
        : { event_id, position, duplicate },
    ),
  };
}

export function wireDryRun(run: LiveDryRun): WireDryRun {
  return {
    ruleset_hash: run.ruleset_hash,
    event_id: run.event_id,
    duplicate: run.duplicate,
    launches: run.launches,
    suppressed: run.suppressed.map(reportSuppression),
    why: run.why,
  };
}
