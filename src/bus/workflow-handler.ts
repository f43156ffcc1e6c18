import { ownValue, type Json, type JsonObject } from '../kernel/json.js';
import type { Log } from '../kernel/log.js';
import { parseTime } from '../kernel/time.js';
import type { Event } from '../model/event.js';
import type { Meter } from '../ports/meter.js';
import { defineHandler, type EventHandler } from './event-handler.js';

const CHANGES = ['started', 'completed', 'failed', 'paused', 'resumed', 'cancelled'] as const;
type Change = (typeof CHANGES)[number];

/** How many lifecycle events of each sort came. */
export type WorkflowStats = Readonly<Record<Change, number>>;

/** Hears the life of workflows: counts it, and gives an account of each event as its result. */
export interface WorkflowHandler extends EventHandler {
  getWorkflowStats(): WorkflowStats;
}

export interface WorkflowHandlerOptions {
  /** `workflow_handler` by default. */
  readonly handlerId?: string;
  /** Gets a line per event; left out = none is written. */
  readonly log?: Log;
  /** Gets `workflow_events_total`; left out = none does. */
  readonly meter?: Meter;
}

/** The words under which the Nexus event reference accounts for an event; callers compare with them. */
const ACTIONS_TAKEN: Readonly<Partial<Record<Change, readonly string[]>>> = {
  started: ['logged_workflow_start', 'updated_metrics', 'notified_monitoring'],
  completed: [
    'logged_workflow_completion',
    'updated_success_metrics',
    'cleaned_temp_resources',
    'sent_completion_notification',
  ],
  failed: [
    'logged_workflow_failure',
    'updated_error_metrics',
    'triggered_failure_alerts',
    'initiated_cleanup_procedures',
  ],
};

const LEVELS: Readonly<Record<Change, 'info' | 'warn' | 'error'>> = {
  started: 'info',
  completed: 'info',
  failed: 'error',
  paused: 'info',
  resumed: 'info',
  cancelled: 'warn',
};

/** The workflow lifecycle handler, for the events of this daemon's launches and of any other workflow engine. */
export function createWorkflowHandler(options: WorkflowHandlerOptions = {}): WorkflowHandler {
  const { handlerId = 'workflow_handler', log } = options;
  const counter = options.meter?.counter(
    'workflow_events_total',
    'Events about the life of workflows: of launches, and of other workflow engines.',
    ['change'],
  );
  const stats: Record<Change, number> = {
    started: 0,
    completed: 0,
    failed: 0,
    paused: 0,
    resumed: 0,
    cancelled: 0,
  };
  const handler = defineHandler({
    handlerId,
    eventTypes: CHANGES.map((change) => `workflow.${change}`),
    handle(event) {
      const change = event.event_type.slice('workflow.'.length) as Change;
      stats[change]++;
      counter?.add(1, { change });
      const account = accountOf(event, change);
      log?.[LEVELS[change]]('a workflow has changed', account);
      return account;
    },
  });
  return { ...handler, getWorkflowStats: () => ({ ...stats }) };
}

/** What the reference's handler returns. Of an event about a launch, the launch stands for the workflow's run. */
function accountOf(event: Event, change: Change): JsonObject {
  const { payload, timestamp } = event;
  const actions = ACTIONS_TAKEN[change];
  return {
    workflow_id: ownValue(payload, 'workflow_id') ?? ownValue(payload, 'launch_id') ?? 'unknown',
    workflow_name: ownValue(payload, 'workflow_name') ?? 'unknown',
    action: `workflow_${change}`,
    ...detailsOf(payload, change),
    ...(actions === undefined ? {} : { actions_taken: actions }),
    timestamp,
  };
}

function detailsOf(payload: JsonObject, change: Change): JsonObject {
  switch (change) {
    case 'completed':
      return { execution_time_ms: ownValue(payload, 'execution_time_ms') ?? durationMs(payload) };
    case 'failed':
      return { error: ownValue(payload, 'error') ?? 'Unknown error' };
    case 'paused':
      return { pause_reason: ownValue(payload, 'pause_reason') ?? 'User requested' };
    case 'cancelled':
      return { cancel_reason: ownValue(payload, 'cancel_reason') ?? 'User cancelled' };
    case 'started':
    case 'resumed':
      return {};
  }
}

/** From the times that events about launches carry; 0 without. */
function durationMs(payload: JsonObject): number {
  const started = timeOf(ownValue(payload, 'started_at'));
  const ended = timeOf(ownValue(payload, 'ended_at'));
  return started === undefined || ended === undefined ? 0 : Math.max(0, ended - started);
}

function timeOf(value: Json | undefined): number | undefined {
  return typeof value === 'string' ? parseTime(value) : undefined;
}
