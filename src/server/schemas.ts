import type { JsonObject } from '../kernel/json.js';
import { GATES } from '../model/decision.js';
import { EVENT_TYPE_MAX_LENGTH, PRIORITIES } from '../model/event.js';
import { LAUNCH_STATUSES } from '../model/outcome.js';

const STRING = { type: 'string' };
const INTEGER = { type: 'integer', minimum: 0 };
const BOOLEAN = { type: 'boolean' };
const OBJECT = { type: 'object' };
const STRINGS = { type: 'array', items: STRING };
const TIME = { type: 'string', format: 'date-time' };
const TEXT_OR_NULL = { type: ['string', 'null'] };
const TIME_OR_NULL = { type: ['string', 'null'], format: 'date-time' };
const COUNTS = { type: 'object', additionalProperties: INTEGER };

const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });
const listOf = (items: JsonObject): JsonObject => ({ type: 'array', items });

/** An object all of whose properties are there; further ones may come in later versions. */
function record(
  properties: Readonly<Record<string, JsonObject>>,
  optional: readonly string[] = [],
): JsonObject {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', required, properties };
}

const pageOf = (name: string): JsonObject =>
  record({
    items: listOf(ref(name)),
    next: { ...TEXT_OR_NULL, description: 'The cursor of the next page; null at the end.' },
  });

const EVENT_PROPERTIES = {
  event_id: { type: 'string', minLength: 1, maxLength: 256 },
  event_type: { type: 'string', maxLength: EVENT_TYPE_MAX_LENGTH, examples: ['order.paid'] },
  source: STRING,
  target: TEXT_OR_NULL,
  payload: OBJECT,
  metadata: OBJECT,
  timestamp: TIME,
  priority: { type: 'string', enum: PRIORITIES },
  correlation_id: TEXT_OR_NULL,
  session_id: TEXT_OR_NULL,
  user_id: TEXT_OR_NULL,
  channel: TEXT_OR_NULL,
  retryable: BOOLEAN,
  max_retries: { type: 'integer', minimum: 0, maximum: 100 },
  retry_count: INTEGER,
};

const REPORT_LAUNCH = {
  launch_id: STRING,
  trigger_id: STRING,
  workflow_name: STRING,
  mode: { type: 'string', enum: ['launch', 'observe'] },
  at: TIME,
  event_id: TEXT_OR_NULL,
  events: STRINGS,
  group: OBJECT,
  input: OBJECT,
  item_index: { type: ['integer', 'null'] },
  warnings: STRINGS,
};

const TRIGGER = {
  trigger_id: STRING,
  description: STRING,
  event_types: STRINGS,
  active: BOOLEAN,
  mode: { type: 'string', enum: ['launch', 'observe'] },
  tags: STRINGS,
  file: STRING,
  line: INTEGER,
  launched: INTEGER,
  observed: INTEGER,
  suppressed: INTEGER,
  last_launch_at: TIME_OR_NULL,
  snoozed_until: TIME_OR_NULL,
  groups: INTEGER,
  timers: INTEGER,
  counters: COUNTS,
};

/** Shapes of bodies and answers, by the name they have in the OpenAPI document. */
export const SCHEMAS = {
  Event: {
    type: 'object',
    description: 'All fields may be left out. Unknown ones are dropped.',
    properties: EVENT_PROPERTIES,
  },
  Events: { oneOf: [ref('Event'), listOf(ref('Event'))] },
  Nothing: { type: 'object', maxProperties: 0 },
  Reset: {
    type: 'object',
    required: ['group'],
    additionalProperties: false,
    properties: {
      group: { type: ['object', 'null'], description: 'Values by group_by path; null for all groups.' },
    },
  },
  Snooze: {
    type: 'object',
    required: ['until'],
    additionalProperties: false,
    properties: {
      until: {
        ...TEXT_OR_NULL,
        description: 'RFC 3339, or a duration from now; null ends it.',
        examples: ['2h'],
      },
    },
  },
  StoredEvent: record({ position: INTEGER, received_at: TIME, event: record(EVENT_PROPERTIES) }),
  Attempt: record({ number: INTEGER, started_at: TIME, ended_at: TIME_OR_NULL, reason: TEXT_OR_NULL }),
  Launch: record({
    ...REPORT_LAUNCH,
    status: { type: 'string', enum: LAUNCH_STATUSES },
    position: INTEGER,
    ruleset_hash: STRING,
    executor: STRING,
    attempts: listOf(ref('Attempt')),
    next_at: TIME_OR_NULL,
    ended_at: TIME_OR_NULL,
    output: {},
  }),
  Suppression: record({
    trigger_id: STRING,
    event_id: TEXT_OR_NULL,
    at: TIME,
    gate: { type: 'string', examples: [...GATES] },
    until: TIME_OR_NULL,
    group: OBJECT,
  }),
  Decision: record({
    position: INTEGER,
    event_id: TEXT_OR_NULL,
    at: TIME,
    ruleset_hash: STRING,
    launches: STRINGS,
    suppressed: listOf(ref('Suppression')),
  }),
  Receipts: record({
    events: listOf(
      record(
        {
          event_id: STRING,
          position: { type: ['integer', 'null'] },
          duplicate: BOOLEAN,
          decision: { oneOf: [ref('Decision'), { type: 'null' }] },
          launches: listOf(ref('Launch')),
        },
        ['decision', 'launches'],
      ),
    ),
  }),
  DryRun: record({
    ruleset_hash: STRING,
    event_id: STRING,
    duplicate: BOOLEAN,
    launches: listOf(record(REPORT_LAUNCH)),
    suppressed: listOf(ref('Suppression')),
    why: listOf(record({ trigger_id: STRING, event_id: TEXT_OR_NULL, outcome: STRING, reason: STRING })),
  }),
  EventPage: pageOf('StoredEvent'),
  LaunchPage: pageOf('Launch'),
  DecisionPage: pageOf('Decision'),
  TriggerPage: pageOf('Trigger'),
  Trigger: record(TRIGGER),
  TriggerDetail: record({
    ...TRIGGER,
    of: listOf(
      record({
        group: OBJECT,
        standing: TEXT_OR_NULL,
        timers: listOf(record({ purpose: STRING, due_at: TIME })),
        cooldown_until: TIME_OR_NULL,
      }),
    ),
  }),
  ResetDone: record({ trigger_id: STRING, groups: INTEGER }),
  Snoozed: record({ trigger_id: STRING, snoozed_until: TIME_OR_NULL }),
  Health: record({ status: { type: 'string', enum: ['ok'] } }),
  Readiness: record({
    ready: BOOLEAN,
    problems: STRINGS,
    ruleset_hash: STRING,
    triggers: INTEGER,
    loaded_at: TIME,
    refused_at: TIME_OR_NULL,
    diagnostics: listOf(
      record({
        code: STRING,
        severity: { type: 'string', enum: ['error', 'warning'] },
        message: STRING,
        hint: TEXT_OR_NULL,
        file: STRING,
        line: INTEGER,
        column: INTEGER,
        pointer: STRING,
      }),
    ),
  }),
  Stats: record({
    started_at: TIME,
    now: TIME,
    ruleset_hash: STRING,
    position: INTEGER,
    events: record({
      received: INTEGER,
      duplicate: INTEGER,
      rejected: INTEGER,
      stored: INTEGER,
      by_type: COUNTS,
    }),
    launches: COUNTS,
    triggers: record({ total: INTEGER, active: INTEGER }),
    running: INTEGER,
    queued: INTEGER,
    reloads: record({ taken: INTEGER, refused: INTEGER }),
    store_bytes: INTEGER,
    workflows: record({
      started: INTEGER,
      completed: INTEGER,
      failed: INTEGER,
      paused: INTEGER,
      resumed: INTEGER,
      cancelled: INTEGER,
    }),
    executions: record({ total: INTEGER, successful: INTEGER, failed: INTEGER }),
    handlers: { type: 'object', additionalProperties: ref('Handler') },
    stream: record({
      active_streams: INTEGER,
      total_subscriptions: INTEGER,
      connected_clients: INTEGER,
      subscriptions_by_type: COUNTS,
      dropped: INTEGER,
      sent: INTEGER,
      buffered_bytes: INTEGER,
    }),
  }),
  Handler: record({
    handler_id: STRING,
    event_types: STRINGS,
    execution_count: INTEGER,
    error_count: INTEGER,
    last_execution: TIME_OR_NULL,
    success_rate: { type: 'number', minimum: 0, maximum: 1 },
  }),
  OpenApi: OBJECT,
  Error: record({
    error: record(
      {
        code: { type: 'string', description: 'A stable word.' },
        message: STRING,
        hint: TEXT_OR_NULL,
        problems: listOf(record({ index: INTEGER, path: STRING, message: STRING, hint: TEXT_OR_NULL })),
      },
      ['problems'],
    ),
  }),
} as const satisfies Readonly<Record<string, JsonObject>>;

export type SchemaName = keyof typeof SCHEMAS;
