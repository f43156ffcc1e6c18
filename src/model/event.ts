import type { Json, JsonObject } from '../kernel/json.js';

/** The core event types of the Nexus event reference. Any other well-formed name is a type too. */
export const CORE_EVENT_TYPES = [
  'workflow.started',
  'workflow.completed',
  'workflow.failed',
  'workflow.paused',
  'workflow.resumed',
  'workflow.cancelled',
  'node.started',
  'node.completed',
  'node.failed',
  'node.retrying',
  'system.started',
  'system.shutdown',
  'system.error',
  'system.health_check',
  'user.authenticated',
  'user.session_started',
  'user.session_ended',
  'user.action',
  'channel.connected',
  'channel.disconnected',
  'channel.message',
  'custom.event',
] as const;

/** From the least to the most urgent; `{ at_least: high }` compares positions in this list. */
export const PRIORITIES = ['low', 'normal', 'high', 'critical'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** The wire form of an event, which is also its form in memory: fifteen fields, none optional. */
export interface Event {
  readonly event_id: string;
  readonly event_type: string;
  readonly source: string;
  readonly target: string | null;
  readonly payload: JsonObject;
  readonly metadata: JsonObject;
  /** RFC 3339, with `Z` or an offset, as it was sent. */
  readonly timestamp: string;
  readonly priority: Priority;
  readonly correlation_id: string | null;
  readonly session_id: string | null;
  readonly user_id: string | null;
  readonly channel: string | null;
  readonly retryable: boolean;
  readonly max_retries: number;
  readonly retry_count: number;
}

/** What the fields are when a producer leaves them out; identity, type and time are the reader's to fill in. */
export const BLANK_EVENT: Event = Object.freeze({
  event_id: '',
  event_type: '',
  source: '',
  target: null,
  payload: Object.freeze({}),
  metadata: Object.freeze({}),
  timestamp: '',
  priority: 'normal',
  correlation_id: null,
  session_id: null,
  user_id: null,
  channel: null,
  retryable: true,
  max_retries: 3,
  retry_count: 0,
});

/** The event's fields in wire order: also the roots a path may start at. */
export const EVENT_FIELDS = [
  'event_id',
  'event_type',
  'source',
  'target',
  'payload',
  'metadata',
  'timestamp',
  'priority',
  'correlation_id',
  'session_id',
  'user_id',
  'channel',
  'retryable',
  'max_retries',
  'retry_count',
] as const satisfies readonly (keyof Event)[];

export const EVENT_TYPE_MAX_LENGTH = 128;
/** One or more segments of letters, digits, `_`, `:`, `-`, joined by dots. */
export const EVENT_TYPE_PATTERN = /^[A-Za-z0-9_:-]+(?:\.[A-Za-z0-9_:-]+)*$/;
/** How deep an event may nest, and how large its JSON text may be. */
export const EVENT_MAX_DEPTH = 64;
export const EVENT_MAX_BYTES = 1_048_576;

/**
 * An event as the engine considers it: its time, when it arrived, and for a trigger with `for_each` the array element.
 * Plain data, so that a window can keep it.
 */
export interface Occurrence {
  readonly event: Event;
  /** Event time, epoch ms, never later than the engine's time on arrival. */
  readonly at: number;
  /** Engine time on arrival, epoch ms. */
  readonly arrivedAt: number;
  /** The `for_each` element, and its index; index is -1 without `for_each`. */
  readonly item: Json;
  readonly index: number;
}
