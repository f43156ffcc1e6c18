import { expect, test } from 'vitest';
import { ownInput } from '../../src/launch/own-input.js';
import { event, folder, record } from '../support/rules.js';
import { notificationsOf } from './notifications-oracle.js';

const shipped = await folder('rules');
const AT = Date.UTC(2026, 0, 1, 12);

const failure = event({
  event_id: 'evt-1',
  event_type: 'workflow.failed',
  source: 'workflow_engine',
  payload: {
    workflow_id: 'wf_critical_123',
    workflow_name: 'payment-processor',
    error: 'Database connection failed',
    concurrent_workflows: 75,
  },
  priority: 'high',
  user_id: 'system',
  timestamp: '2026-01-01T12:00:00Z',
});

test("the reference's failure event launches failure-recovery-workflow, with the reference's input, and its notifications", () => {
  const { run, launches } = record(shipped);
  run.event(failure, AT);
  // The reference's notification handler is on the same bus; high_volume_trigger hears workflow.started only.
  expect(launches.map(({ trigger_id, workflow_name }) => [trigger_id, workflow_name])).toEqual([
    ['failure_response_trigger', 'failure-recovery-workflow'],
    ['notify_failed', 'notify-by-slack'],
    ['notify_failed_by_email', 'notify-by-email'],
  ]);
  expect(launches.slice(1).map(({ input }) => ownInput(input))).toEqual(
    expect.arrayContaining([...notificationsOf(failure)]),
  );
  expect(launches[0]?.input).toEqual({
    trigger_event: failure,
    trigger_id: 'failure_response_trigger',
    triggered_at: '2026-01-01T12:00:00Z',
    recovery_mode: 'automatic',
    notify_admins: true,
  });
  expect(Object.keys(launches[0]?.input ?? {})).toEqual([
    'trigger_event',
    'trigger_id',
    'triggered_at',
    'recovery_mode',
    'notify_admins',
  ]);
});

test.each([
  [75, ['scale-up-workflow']],
  [51, ['scale-up-workflow']],
  [50, []],
  [undefined, []],
])('workflow.started with %s concurrent workflows launches %j', (concurrent_workflows, workflows) => {
  const { run, launches } = record(shipped);
  const payload = concurrent_workflows === undefined ? {} : { concurrent_workflows };
  run.event(
    event({ event_id: 'evt-2', event_type: 'workflow.started', source: 'workflow_engine', payload }),
    AT,
  );
  expect(launches.map(({ workflow_name }) => workflow_name)).toEqual(workflows);
});
