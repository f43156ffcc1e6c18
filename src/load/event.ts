import { isObject, type JsonObject, nesting, preview, type Json } from '../kernel/json.js';
import { suggest } from '../kernel/suggest.js';
import { formatTime, parseTime } from '../kernel/time.js';
import {
  type Event,
  EVENT_FIELDS,
  EVENT_MAX_DEPTH,
  EVENT_TYPE_MAX_LENGTH,
  EVENT_TYPE_PATTERN,
  PRIORITIES,
  type Priority,
} from '../model/event.js';

/** What is wrong with one field of an event. */
export interface EventProblem {
  /** The field; `''` when it is the event as a whole. */
  readonly path: string;
  readonly message: string;
  readonly hint: string | null;
}

export interface ReadEventOptions {
  /** `strict`: an unknown field is a problem. `lenient`: it is dropped and counted. */
  readonly mode: 'strict' | 'lenient';
  /** Epoch ms; the event's time when it does not say its own. */
  readonly receivedAt: number;
  /** Called only when the event has no `event_id`. */
  readonly newId: () => string;
  /** RFC 3339; instead of `receivedAt` for an event without `timestamp`. */
  readonly defaultTimestamp?: string;
}

export type ReadEvent =
  | {
      readonly event: Event;
      /** Epoch ms of its timestamp. */
      readonly at: number;
      /** Unknown fields left out (lenient mode). */
      readonly dropped: number;
    }
  | { readonly problems: readonly EventProblem[] };

const EVENT_ID_MAX_LENGTH = 256;
const MAX_RETRIES_LIMIT = 100;
/** Payload and metadata are one level down. */
const MEMBER_MAX_DEPTH = EVENT_MAX_DEPTH - 1;

/**
 * Reads a parsed JSON value as an event: every field checked, defaults filled in. The caller has bounded the size of its
 * text by `EVENT_MAX_BYTES`. Runs once per event, so the good case allocates nothing but the result; a raw value that is
 * complete already is returned itself. All problems of a bad one are reported at once.
 */
export function readEvent(raw: unknown, options: ReadEventOptions): ReadEvent {
  if (!isObject(raw)) return { problems: [notAnObject(raw)] };
  let unknown = 0;
  let present = 0;
  for (const key in raw) {
    switch (key) {
      case 'event_id':
      case 'event_type':
      case 'source':
      case 'target':
      case 'payload':
      case 'metadata':
      case 'timestamp':
      case 'priority':
      case 'correlation_id':
      case 'session_id':
      case 'user_id':
      case 'channel':
      case 'retryable':
      case 'max_retries':
      case 'retry_count':
        if (raw[key] !== undefined) present++;
        break;
      default:
        unknown++;
    }
  }
  const {
    event_id = options.newId(),
    event_type = 'custom.event',
    source = '',
    target = null,
    payload = {},
    metadata = {},
    timestamp = options.defaultTimestamp ?? formatTime(options.receivedAt),
    priority = 'normal',
    correlation_id = null,
    session_id = null,
    user_id = null,
    channel = null,
    retryable = true,
    max_retries = 3,
    retry_count = 0,
  } = raw as JsonObject & { readonly [field: string]: Json };
  const at = typeof timestamp === 'string' ? parseTime(timestamp) : undefined;
  if (
    at === undefined ||
    typeof event_id !== 'string' ||
    event_id.length === 0 ||
    event_id.length > EVENT_ID_MAX_LENGTH ||
    typeof event_type !== 'string' ||
    event_type.length > EVENT_TYPE_MAX_LENGTH ||
    !EVENT_TYPE_PATTERN.test(event_type) ||
    typeof source !== 'string' ||
    !isText(target) ||
    !isObject(payload) ||
    !isObject(metadata) ||
    !isPriority(priority) ||
    !isText(correlation_id) ||
    !isText(session_id) ||
    !isText(user_id) ||
    !isText(channel) ||
    typeof retryable !== 'boolean' ||
    !isCount(max_retries, MAX_RETRIES_LIMIT) ||
    !isCount(retry_count, Number.MAX_SAFE_INTEGER) ||
    (unknown > 0 && options.mode === 'strict') ||
    nesting(payload, MEMBER_MAX_DEPTH) > MEMBER_MAX_DEPTH ||
    nesting(metadata, MEMBER_MAX_DEPTH) > MEMBER_MAX_DEPTH
  ) {
    return { problems: findProblems(raw, options.mode) };
  }
  if (present === EVENT_FIELDS.length && unknown === 0) {
    return { event: raw as unknown as Event, at, dropped: 0 };
  }
  const event: Event = {
    event_id,
    event_type,
    source,
    target,
    payload,
    metadata,
    timestamp: timestamp as string,
    priority,
    correlation_id,
    session_id,
    user_id,
    channel,
    retryable,
    max_retries,
    retry_count,
  };
  return { event, at, dropped: unknown };
}

function isText(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function isPriority(value: unknown): value is Priority {
  return value === 'normal' || value === 'high' || value === 'low' || value === 'critical';
}

function isCount(value: unknown, limit: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= limit;
}

function notAnObject(raw: unknown): EventProblem {
  const what = raw === null ? 'null' : Array.isArray(raw) ? 'a list' : `a ${typeof raw}`;
  const hint = 'an event is an object: {"event_type": "order.paid", "payload": {…}}';
  return { path: '', message: `an event is expected, this is ${what}`, hint };
}

/** The slow way, for an event that is known to be bad: every field on its own, with words. */
function findProblems(raw: JsonObject, mode: 'strict' | 'lenient'): EventProblem[] {
  const problems: EventProblem[] = [];
  for (const key of Object.keys(raw)) {
    const value = raw[key];
    if ((EVENT_FIELDS as readonly string[]).includes(key)) {
      if (value === undefined) continue;
      const problem = fieldProblem(key as keyof Event, value);
      if (problem !== undefined) problems.push({ path: key, ...problem });
    } else if (mode === 'strict') {
      const near = suggest(key, EVENT_FIELDS);
      problems.push({
        path: key,
        message: `${preview(key)} is no field of an event`,
        hint: near
          ? `did you mean ${near}?`
          : 'put data of your own into payload, data about the event into metadata',
      });
    }
  }
  return problems;
}

function fieldProblem(field: keyof Event, value: Json): Omit<EventProblem, 'path'> | undefined {
  const wrong = (wanted: string, hint: string | null = null): Omit<EventProblem, 'path'> => ({
    message: `${field} must be ${wanted}, not ${preview(value)}`,
    hint,
  });
  switch (field) {
    case 'event_id':
      if (typeof value === 'string' && value.length > 0 && value.length <= EVENT_ID_MAX_LENGTH)
        return undefined;
      return wrong(`a text of 1 to ${EVENT_ID_MAX_LENGTH} characters`, 'leave it out to have one made');
    case 'event_type':
      if (
        typeof value === 'string' &&
        value.length <= EVENT_TYPE_MAX_LENGTH &&
        EVENT_TYPE_PATTERN.test(value)
      )
        return undefined;
      return wrong(
        `words of letters, digits, _ : - joined by dots, at most ${EVENT_TYPE_MAX_LENGTH} characters`,
        'for example order.paid',
      );
    case 'source':
      return typeof value === 'string' ? undefined : wrong('a text', 'leave it out if there is none');
    case 'target':
    case 'correlation_id':
    case 'session_id':
    case 'user_id':
    case 'channel':
      return isText(value) ? undefined : wrong('a text or null', 'put numbers in quotes');
    case 'payload':
    case 'metadata':
      if (!isObject(value)) return wrong('an object');
      if (nesting(value, MEMBER_MAX_DEPTH) <= MEMBER_MAX_DEPTH) return undefined;
      return {
        message: `${field} nests deeper than an event may (${EVENT_MAX_DEPTH} levels)`,
        hint: 'flatten it',
      };
    case 'timestamp':
      if (typeof value === 'string' && parseTime(value) !== undefined) return undefined;
      return wrong('an RFC 3339 time with a zone', 'for example 2026-01-31T12:00:00Z');
    case 'priority':
      if (isPriority(value)) return undefined;
      return wrong(`one of ${PRIORITIES.join(', ')}`, nearPriority(value));
    case 'retryable':
      return typeof value === 'boolean' ? undefined : wrong('true or false');
    case 'max_retries':
      if (isCount(value, MAX_RETRIES_LIMIT)) return undefined;
      return wrong(`a whole number from 0 to ${MAX_RETRIES_LIMIT}`);
    case 'retry_count':
      return isCount(value, Number.MAX_SAFE_INTEGER) ? undefined : wrong('a whole number, 0 or more');
  }
}

function nearPriority(value: Json): string | null {
  const near = typeof value === 'string' ? suggest(value, PRIORITIES) : undefined;
  return near ? `did you mean ${near}?` : null;
}
