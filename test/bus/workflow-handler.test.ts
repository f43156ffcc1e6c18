import { expect, test } from 'vitest';
import { createEventBus } from '../../src/bus/event-bus.js';
import { createWorkflowHandler } from '../../src/bus/workflow-handler.js';
import type { JsonObject } from '../../src/kernel/json.js';
import { createManualClock } from '../support/manual-clock.js';
import { event } from '../support/rules.js';

const clock = createManualClock();
const timestamp = '2026-03-01T08:00:00+02:00';
const known = { workflow_id: 'wf_1', workflow_name: 'data-processor' };
const unknown = { workflow_id: 'unknown', workflow_name: 'unknown' };
const STARTED = ['logged_workflow_start', 'updated_metrics', 'notified_monitoring'];
const COMPLETED = [
  'logged_workflow_completion',
  'updated_success_metrics',
  'cleaned_temp_resources',
  'sent_completion_notification',
];
const FAILED = [
  'logged_workflow_failure',
  'updated_error_metrics',
  'triggered_failure_alerts',
  'initiated_cleanup_procedures',
];
const launch = { launch_id: 'l-1', workflow_name: 'page', trigger_id: 'outage', error: null };

test.each<[string, JsonObject, JsonObject]>([
  ['started', known, { ...known, action: 'workflow_started', actions_taken: STARTED }],
  ['started', {}, { ...unknown, action: 'workflow_started', actions_taken: STARTED }],
  [
    'completed',
    { ...known, execution_time_ms: 1234 },
    { ...known, action: 'workflow_completed', execution_time_ms: 1234, actions_taken: COMPLETED },
  ],
  [
    'completed',
    known,
    { ...known, action: 'workflow_completed', execution_time_ms: 0, actions_taken: COMPLETED },
  ],
  [
    'completed',
    { ...launch, started_at: '2026-03-01T08:00:00Z', ended_at: '2026-03-01T08:00:01.500Z' },
    {
      workflow_id: 'l-1',
      workflow_name: 'page',
      action: 'workflow_completed',
      execution_time_ms: 1500,
      actions_taken: COMPLETED,
    },
  ],
  [
    'failed',
    { ...known, error: 'Database connection failed' },
    { ...known, action: 'workflow_failed', error: 'Database connection failed', actions_taken: FAILED },
  ],
  ['failed', {}, { ...unknown, action: 'workflow_failed', error: 'Unknown error', actions_taken: FAILED }],
  ['paused', known, { ...known, action: 'workflow_paused', pause_reason: 'User requested' }],
  [
    'paused',
    { ...known, pause_reason: 'lunch' },
    { ...known, action: 'workflow_paused', pause_reason: 'lunch' },
  ],
  ['resumed', known, { ...known, action: 'workflow_resumed' }],
  ['cancelled', known, { ...known, action: 'workflow_cancelled', cancel_reason: 'User cancelled' }],
  [
    'cancelled',
    { ...known, cancel_reason: 'no longer needed' },
    { ...known, action: 'workflow_cancelled', cancel_reason: 'no longer needed' },
  ],
])('an event workflow.%s with %j is accounted for', async (change, payload, account) => {
  const lines: unknown[] = [];
  const line =
    (level: string) =>
    (message: string, fields?: unknown): void =>
      void lines.push([level, message, fields]);
  const handler = createWorkflowHandler({
    log: { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') },
  });
  const result = await handler.handle(
    event({ event_id: 'e1', event_type: `workflow.${change}`, payload, timestamp }),
    clock,
  );
  expect(result).toMatchObject({
    handler_id: 'workflow_handler',
    status: 'success',
    result: { ...account, timestamp },
  });
  expect('result' in result && Object.keys(result.result as object).sort()).toEqual(
    [...Object.keys(account), 'timestamp'].sort(),
  );
  const level = change === 'failed' ? 'error' : change === 'cancelled' ? 'warn' : 'info';
  expect(lines).toEqual([[level, 'a workflow has changed', { ...account, timestamp }]]);
});

test('six counters count the six changes, and nothing else', async () => {
  const bus = createEventBus({ clock });
  const handler = createWorkflowHandler({ handlerId: 'lifecycle' });
  bus.registerHandler(handler);
  const changes = ['started', 'started', 'started', 'completed', 'failed', 'paused', 'resumed', 'cancelled'];
  for (const [index, change] of changes.entries())
    bus.publishAsync(event({ event_id: `e${index}`, event_type: `workflow.${change}` }));
  for (const event_type of ['workflow.started.twice', 'workflow.other', 'node.started', 'workflow'])
    bus.publishAsync(event({ event_id: event_type, event_type }));
  await bus.flush();
  const stats = { started: 3, completed: 1, failed: 1, paused: 1, resumed: 1, cancelled: 1 };
  expect(handler.getWorkflowStats()).toEqual(stats);
  // What was given out is a copy.
  Object.assign(handler.getWorkflowStats(), { started: 99 });
  expect(handler.getWorkflowStats()).toEqual(stats);
  expect(bus.getStats().handlers['lifecycle']).toMatchObject({
    execution_count: 8,
    error_count: 0,
    success_rate: 1,
  });
});
