import { isObject, type Json, type JsonObject, nesting, ownValue, preview } from '../../kernel/json.js';
import { suggest } from '../../kernel/suggest.js';
import { CLIENT_MESSAGES, type ClientMessageType, SESSION_ID_MAX_CHARS } from './client-messages.js';
import { type Cursor, readCursor } from './cursor.js';
import type { StreamLimits } from './limits.js';
import { STREAM_KINDS, type StreamKind } from './stream-kinds.js';

/** What a client asks for when it subscribes, its form checked. */
export interface SubscribeRequest {
  readonly event_types: readonly string[];
  readonly filters: JsonObject;
  readonly session_id: string | null;
  readonly kinds: readonly StreamKind[];
  readonly from: 'now' | Cursor;
}

export type ClientMessage =
  | { readonly type: 'subscribe'; readonly request: SubscribeRequest }
  | { readonly type: 'unsubscribe'; readonly subscriptionId: Json }
  | { readonly type: 'get_stats' };

/** Why a message is not taken; `about` is the type of the message, where it has one that is known. */
export interface MessageProblem {
  readonly problem: string;
  readonly hint: string | null;
  readonly about: ClientMessageType | null;
}

const MESSAGES = Object.keys(CLIENT_MESSAGES);
const SUBSCRIBE_KEYS = Object.keys(CLIENT_MESSAGES.subscribe.schema.properties);
const MAX_DEPTH = 32;

/** Reads what a client sent. */
export function readMessage(text: string, limits: StreamLimits): ClientMessage | MessageProblem {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    // The words are those of the Nexus event reference.
    return { problem: 'Invalid JSON message', hint: null, about: null };
  }
  if (!isObject(value)) return refusal('a message is a JSON object with a type', hintOfTypes(), null);
  const type = ownValue(value, 'type');
  if (nesting(value, MAX_DEPTH) > MAX_DEPTH) {
    return refusal('the message nests too deeply', null, type === 'subscribe' ? type : null);
  }
  switch (type) {
    case 'subscribe':
      return readSubscribe(value, limits);
    case 'unsubscribe':
      return { type, subscriptionId: ownValue(value, 'subscription_id') ?? null };
    case 'get_stats':
      return { type };
    default: {
      const near = typeof type === 'string' ? suggest(type, MESSAGES) : undefined;
      const what = type === undefined ? 'the message has no type' : `there is no message ${preview(type)}`;
      return refusal(what, near === undefined ? hintOfTypes() : `did you mean ${near}?`, null);
    }
  }
}

function hintOfTypes(): string {
  return `types are ${MESSAGES.join(', ')}`;
}

function refusal(problem: string, hint: string | null, about: ClientMessageType | null): MessageProblem {
  return { problem, hint, about };
}

function readSubscribe(message: JsonObject, limits: StreamLimits): ClientMessage | MessageProblem {
  const wrong = (problem: string, hint: string | null): MessageProblem => refusal(problem, hint, 'subscribe');
  for (const key of Object.keys(message)) {
    if (SUBSCRIBE_KEYS.includes(key)) continue;
    // What a client adds for itself is its own business; what was meant for us must not be overheard.
    const near = suggest(key, SUBSCRIBE_KEYS);
    if (near !== undefined) return wrong(`subscribe has no ${preview(key)}`, `did you mean ${near}?`);
  }
  const types = given(message, 'event_types') ?? ['*'];
  if (!isTexts(types)) return wrong('event_types must be a list of texts', '["*"] stands for every type');
  if (types.length > limits.maxEventTypes) {
    return wrong(`event_types has more than ${limits.maxEventTypes} types`, 'use patterns such as order.*');
  }
  const filters = given(message, 'filters') ?? {};
  if (!isObject(filters)) {
    return wrong('filters must be a map of path to test', 'for example {"payload.region": "eu"}');
  }
  if (JSON.stringify(filters).length > limits.maxFiltersChars) {
    return wrong(`filters are longer than ${limits.maxFiltersChars} characters`, null);
  }
  const session = given(message, 'session_id') ?? null;
  if (session !== null && (typeof session !== 'string' || session.length > SESSION_ID_MAX_CHARS)) {
    return wrong(`session_id must be a text of at most ${SESSION_ID_MAX_CHARS} characters`, null);
  }
  const kinds = given(message, 'kinds') ?? ['event'];
  if (!isTexts(kinds) || kinds.length === 0) {
    return wrong('kinds must be a list', `of ${STREAM_KINDS.join(', ')}`);
  }
  const unknown = kinds.find((kind) => !(STREAM_KINDS as readonly string[]).includes(kind));
  if (unknown !== undefined) {
    const near = suggest(unknown, STREAM_KINDS);
    const hint = near === undefined ? `there are ${STREAM_KINDS.join(', ')}` : `did you mean ${near}?`;
    return wrong(`there is no kind ${preview(unknown)}`, hint);
  }
  const from = readFrom(given(message, 'from') ?? 'now');
  if (from === null) {
    return wrong('from must be a position, "now" or "beginning"', 'events carry their position');
  }
  return {
    type: 'subscribe',
    request: {
      event_types: types,
      filters,
      session_id: session,
      kinds: STREAM_KINDS.filter((kind) => kinds.includes(kind)),
      from,
    },
  };
}

/** A key that is null is one that was left out, as the reference's clients have it. */
function given(message: JsonObject, key: string): Json | undefined {
  return ownValue(message, key) ?? undefined;
}

function readFrom(value: Json): 'now' | Cursor | null {
  if (value === 'now') return value;
  return readCursor(value === 'beginning' ? 0 : value);
}

function isTexts(value: Json): value is readonly string[] {
  return Array.isArray(value) && (value as readonly Json[]).every((one) => typeof one === 'string');
}
