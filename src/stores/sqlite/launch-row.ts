import type { Json, JsonObject } from '../../kernel/json.js';
import type { Event } from '../../model/event.js';
import type { Attempt, LaunchStatus } from '../../model/outcome.js';
import type { LaunchRecord } from '../../model/record.js';
import type { Workflow } from '../../model/trigger.js';
import { fromColumn } from './column-text.js';

/** A launch as the database gives it: `details` is what never changes and nobody asks for by itself. */
export interface LaunchRow {
  readonly seq: number;
  readonly launch_id: string;
  readonly trigger_id: string;
  readonly workflow_name: string;
  readonly status: LaunchStatus;
  readonly at: number;
  readonly position: number;
  readonly redriven_after: number;
  readonly next_at: number | null;
  readonly ended_at: number | null;
  readonly attempts: string;
  readonly output: string;
  readonly details: string;
  readonly workflow: string;
  /** The journal's event, when the launch's input borrows it. */
  readonly borrowed: string | null;
}

/** Reads launches whole; ends before its WHERE. */
export const SELECT_LAUNCH = `
  SELECT l.seq, l.launch_id, l.trigger_id, l.workflow_name, l.status, l.at, l.position, l.redriven_after, l.next_at,
    l.ended_at, l.attempts, l.output, details.details, definitions.workflow, events.event AS borrowed
  FROM launches AS l
  JOIN launch_details AS details ON details.seq = l.seq
  JOIN definitions ON definitions.id = l.definition
  LEFT JOIN events ON l.borrows = 1 AND events.position = l.position`;

/**
 * Whether an input begins with the very event of the journal: then the journal's text is read back instead of keeping it
 * twice.
 */
export function borrows(input: JsonObject, event: Event | undefined): boolean {
  if (event === undefined || (input['trigger_event'] as unknown) !== event) return false;
  for (const first in input) return first === 'trigger_event';
  return false;
}

/** The text of what never changes in a launch, without the event where it is borrowed. */
export function detailsText(launch: LaunchRecord, isBorrowing: boolean): string {
  return JSON.stringify({
    mode: launch.mode,
    event_id: launch.event_id,
    events: launch.events,
    group: launch.group,
    input: isBorrowing ? withoutEvent(launch.input) : launch.input,
    item_index: launch.item_index,
    warnings: launch.warnings,
    ruleset_hash: launch.ruleset_hash,
    hops: launch.hops,
    chain: launch.chain,
    correlation_id: launch.correlation_id,
    session_id: launch.session_id,
    user_id: launch.user_id,
    retryable: launch.retryable,
    max_retries: launch.max_retries,
  });
}

function withoutEvent(input: JsonObject): JsonObject {
  const { trigger_event: _event, ...rest } = input;
  return rest;
}

/** The details with the event put back where it stood. */
export function ownedDetails(details: string, borrowed: string): string {
  const parsed = JSON.parse(details) as { readonly input: JsonObject };
  return JSON.stringify({
    ...parsed,
    input: { trigger_event: JSON.parse(borrowed) as Json, ...parsed.input },
  });
}

/** The record behind a row. */
export function launchOf(row: LaunchRow): LaunchRecord {
  const details = JSON.parse(row.details) as Omit<
    LaunchRecord,
    Exclude<keyof LaunchRow, 'details' | 'seq' | 'borrowed'>
  >;
  return {
    launch_id: fromColumn(row.launch_id),
    trigger_id: fromColumn(row.trigger_id),
    workflow_name: fromColumn(row.workflow_name),
    ...details,
    input:
      row.borrowed === null
        ? details.input
        : { trigger_event: JSON.parse(row.borrowed) as Json, ...details.input },
    at: row.at,
    position: row.position,
    status: row.status,
    workflow: JSON.parse(row.workflow) as Workflow,
    attempts: JSON.parse(row.attempts) as readonly Attempt[],
    redriven_after: row.redriven_after,
    next_at: row.next_at,
    ended_at: row.ended_at,
    output: JSON.parse(row.output) as Json,
  };
}
