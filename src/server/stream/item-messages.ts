import { count, POSITION, refTo, SUBSCRIPTION_ID } from './message-fields.js';
import { type MessageForm, messageForm } from './message-form.js';

/** The messages that subscriptions bring, by type. */
export const ITEM_MESSAGES = {
  event: messageForm(
    'event',
    'An event that a subscription selects, once it is durable and decided.',
    {
      subscription_id: SUBSCRIPTION_ID,
      event: refTo('StoredEvent/properties/event', 'The event with all its fifteen fields.'),
      position: POSITION,
      received_at: { type: 'string', format: 'date-time', description: 'When it was received.' },
    },
    {
      example: {
        subscription_id: 'sub_0198c0de',
        event: {
          event_id: 'e-1',
          event_type: 'order.paid',
          source: 'shop',
          target: null,
          payload: { total: 120, region: 'eu' },
          metadata: {},
          timestamp: '2026-03-01T12:00:01Z',
          priority: 'normal',
          correlation_id: null,
          session_id: null,
          user_id: 'u-17',
          channel: null,
          retryable: true,
          max_retries: 3,
          retry_count: 0,
        },
        position: 1211,
        received_at: '2026-03-01T12:00:01.200Z',
      },
    },
  ),
  decision: messageForm(
    'decision',
    'A decision that launched something or held something back. It comes behind its event.',
    {
      subscription_id: SUBSCRIPTION_ID,
      decision: refTo('Decision', 'As `GET /v1/decisions` lists it.'),
      position: POSITION,
      number: count(
        'Which of the decisions at that position it is, from 1; resume from `"position/number"`.',
      ),
    },
    {
      example: {
        subscription_id: 'sub_0198c0de',
        decision: {
          position: 1211,
          event_id: 'e-1',
          at: '2026-03-01T12:00:01.200Z',
          ruleset_hash: '9b1c',
          launches: ['5f2d'],
          suppressed: [],
        },
        position: 1211,
        number: 1,
      },
    },
  ),
  launch: messageForm(
    'launch',
    'A launch, when it is decided and whenever its status changes. It comes behind its decision.',
    {
      subscription_id: SUBSCRIPTION_ID,
      launch: refTo('Launch', 'As `GET /v1/launches` lists it.'),
      position: count('Position of the event that it was decided on.'),
    },
    {
      example: {
        subscription_id: 'sub_0198c0de',
        launch: {
          launch_id: '5f2d',
          trigger_id: 'ship-order',
          workflow_name: 'ship',
          mode: 'launch',
          at: '2026-03-01T12:00:01.200Z',
          event_id: 'e-1',
          events: ['e-1'],
          group: {},
          input: { trigger_id: 'ship-order', order: 'o-1' },
          item_index: null,
          warnings: [],
          status: 'succeeded',
          position: 1211,
          ruleset_hash: '9b1c',
          executor: 'http',
          attempts: [
            {
              number: 1,
              started_at: '2026-03-01T12:00:01.210Z',
              ended_at: '2026-03-01T12:00:01.400Z',
              reason: null,
            },
          ],
          next_at: null,
          ended_at: '2026-03-01T12:00:01.400Z',
          output: { status: 201 },
        },
        position: 1211,
      },
    },
  ),
} as const satisfies Readonly<Record<string, MessageForm>>;
