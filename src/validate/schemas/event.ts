import { EVENT_TYPE_MAX_LENGTH, PRIORITIES } from '../../model/event.js';
import type { JsonSchema } from '../../ports/condition-kind.js';

const nullableText = (title: string, description: string, example: string): JsonSchema => ({
  title,
  description,
  type: ['string', 'null'],
  default: null,
  examples: [example],
});

const RFC_3339 = '^\\d{4}-\\d{2}-\\d{2}[Tt ]\\d{2}:\\d{2}:\\d{2}(?:\\.\\d+)?(?:[Zz]|[+-]\\d{2}:\\d{2})$';

/** Schema of an RFC 3339 time. */
export const timeSchema = {
  type: 'string',
  minLength: 20,
  maxLength: 40,
  pattern: RFC_3339,
  patternErrorMessage: 'A time is RFC 3339 with a zone: 2026-01-31T12:00:00Z.',
  examples: ['2026-01-31T12:00:00Z', '2026-01-31T13:00:00.250+01:00'],
} as const;

/** Schemas of the event's fifteen fields. */
export const eventFieldSchemas = {
  event_id: {
    title: 'event_id',
    description: 'Identity. A second event with the same id is dropped for seven days. Default: one is made.',
    type: 'string',
    minLength: 1,
    maxLength: 256,
    examples: ['evt-001'],
  },
  event_type: {
    title: 'event_type',
    description: 'What kind of event: words of letters, digits, _ : - joined by dots.',
    type: 'string',
    minLength: 1,
    maxLength: EVENT_TYPE_MAX_LENGTH,
    pattern: '^[A-Za-z0-9_:-]+(?:\\.[A-Za-z0-9_:-]+)*$',
    patternErrorMessage: 'An event type is words of letters, digits, _ : - joined by dots: order.paid.',
    default: 'custom.event',
    examples: ['workflow.failed', 'order.paid', 'com.github.push'],
  },
  source: {
    title: 'source',
    description: 'Who says so.',
    type: 'string',
    default: '',
    examples: ['checkout/eu'],
  },
  target: nullableText('target', 'Whom or what it is about.', 'order-4711'),
  payload: {
    title: 'payload',
    description: 'The domain data.',
    type: 'object',
    default: {},
    examples: [{ workflow_name: 'checkout', region: 'eu' }],
  },
  metadata: {
    title: 'metadata',
    description: 'Data about the event.',
    type: 'object',
    default: {},
    examples: [{ trace_id: '4bf92f35' }],
  },
  timestamp: {
    ...timeSchema,
    title: 'timestamp',
    description: 'When it happened, RFC 3339 with a zone. Default: when it was received.',
  },
  priority: {
    title: 'priority',
    description: 'How urgent it is; ordered from low to critical.',
    enum: PRIORITIES,
    default: 'normal',
    examples: ['high'],
  },
  correlation_id: nullableText('correlation_id', 'Joins events of one matter.', 'order-4711'),
  session_id: nullableText('session_id', 'Session it belongs to.', 'session-8'),
  user_id: nullableText('user_id', 'User it belongs to.', 'maren'),
  channel: nullableText('channel', 'Channel it came through.', 'web'),
  retryable: {
    title: 'retryable',
    description: 'Whether launches caused by it may be retried.',
    type: 'boolean',
    default: true,
    examples: [false],
  },
  max_retries: {
    title: 'max_retries',
    description: 'Attempts after the first of launches caused by it, unless their workflow says otherwise.',
    type: 'integer',
    minimum: 0,
    maximum: 100,
    default: 3,
    examples: [5],
  },
  retry_count: {
    title: 'retry_count',
    description: 'How often its producer redelivered it.',
    type: 'integer',
    minimum: 0,
    default: 0,
    examples: [1],
  },
} as const satisfies Readonly<Record<string, JsonSchema>>;

/** Schema of an event as it is sent: every field has a default. */
export const eventSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:triggerd:event',
  title: 'triggerd event',
  description: 'Something that happened, in fifteen fields. What is left out has its default.',
  type: 'object',
  additionalProperties: false,
  properties: eventFieldSchemas,
  examples: [
    {
      event_type: 'workflow.failed',
      priority: 'high',
      payload: { workflow_name: 'checkout', region: 'eu' },
    },
  ],
};
