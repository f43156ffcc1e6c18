import { isObject, type Json, type JsonObject, ownValue, preview, setOwn } from '../kernel/json.js';
import { formatTime, parseTime } from '../kernel/time.js';
import type { Event } from '../model/event.js';
import type { EventProblem } from './event.js';

/** Event fields that travel as extension attributes, under the names CloudEvents allows (lower case letters and digits). */
const EXTENSIONS = {
  priority: 'priority',
  correlation_id: 'correlationid',
  session_id: 'sessionid',
  user_id: 'userid',
  channel: 'channel',
  retryable: 'retryable',
  max_retries: 'maxretries',
  retry_count: 'retrycount',
} as const satisfies Partial<Record<keyof Event, string>>;
const EXTENSION_FIELDS = Object.keys(EXTENSIONS) as (keyof typeof EXTENSIONS)[];

/** The extension that carries, as JSON text, what no attribute can: see `toCloudEvent`. */
const EXTRA = 'triggerdextra';

const CONTEXT_ATTRIBUTES = ['specversion', 'id', 'source', 'type', 'time', 'subject', 'data', 'data_base64'];

/** Names a metadata member cannot travel under. The last four mean something to the JavaScript SDK. */
const RESERVED = new Set<string>([
  ...CONTEXT_ATTRIBUTES,
  ...Object.values(EXTENSIONS),
  EXTRA,
  'datacontenttype',
  'dataschema',
  'datacontentencoding',
  'schemaurl',
  'validate',
  'emit',
]);
const EXTENSION_NAME = /^[a-z0-9]{1,20}$/;
/** A cautious part of RFC 3986 URI references. */
const URI_REFERENCE = /^(?:[a-z][a-z0-9+.-]{1,31}:)?[A-Za-z0-9._~/-]+$/;
const PLAIN_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const JSON_TYPE = /^[^;]*[/+]json\s*(?:;|$)/i;

/** True for a parsed JSON value that says it is a CloudEvent (in structured mode). */
export function isCloudEvent(raw: unknown): raw is JsonObject {
  return isObject(raw) && ownValue(raw, 'specversion') !== undefined;
}

/**
 * Turns a CloudEvents 1.0 JSON event into an event as a person would write it, to be read by `readEvent`: `id source type
 * time subject data` become `event_id source event_type timestamp target payload`, known extensions their fields, other
 * extensions members of `metadata`. Data that is no object becomes `payload.data`.
 * Source: CloudEvents 1.0.2, JSON event format.
 */
export function fromCloudEvent(
  raw: JsonObject,
): { readonly raw: JsonObject } | { readonly problems: readonly EventProblem[] } {
  const problems: EventProblem[] = [];
  const attribute = (name: string): Json | undefined => ownValue(raw, name) ?? undefined;
  if (attribute('specversion') !== '1.0') {
    problems.push({
      path: 'specversion',
      message: `specversion must be "1.0", not ${preview(attribute('specversion') ?? null)}`,
      hint: 'only CloudEvents 1.0 are understood',
    });
  }
  const event: Record<string, Json> = {};
  for (const [name, field] of [
    ['id', 'event_id'],
    ['source', 'source'],
    ['type', 'event_type'],
  ] as const) {
    const value = attribute(name);
    if (typeof value === 'string' && value.length > 0) event[field] = value;
    else {
      const message = `a CloudEvent must have ${name}, a text that is not empty`;
      problems.push({ path: name, message, hint: null });
    }
  }
  const subject = attribute('subject');
  if (subject !== undefined) event['target'] = subject;
  const time = attribute('time');
  if (time !== undefined) event['timestamp'] = time;
  for (const field of EXTENSION_FIELDS) {
    const value = attribute(EXTENSIONS[field]);
    if (value !== undefined) event[field] = fromText(field, value);
  }

  const metadata: Record<string, Json> = {};
  const contentType = attribute('datacontenttype');
  for (const name of Object.keys(raw)) {
    const value = attribute(name);
    if (value === undefined || CONTEXT_ATTRIBUTES.includes(name)) continue;
    if (name === EXTRA && addExtra(value, event, metadata)) continue;
    if ((Object.values(EXTENSIONS) as string[]).includes(name)) continue;
    if (name === 'datacontenttype' && typeof value === 'string' && JSON_TYPE.test(value)) continue;
    if (ownValue(metadata, name) === undefined) setOwn(metadata, name, value);
  }
  if (Object.keys(metadata).length > 0) event['metadata'] = metadata;

  const data = readData(raw, contentType, problems);
  if (data !== undefined) event['payload'] = isObject(data) ? data : { data };
  return problems.length > 0 ? { problems } : { raw: event };
}

/** In HTTP headers every extension is a text. */
function fromText(field: keyof typeof EXTENSIONS, value: Json): Json {
  if (typeof value !== 'string') return value;
  if (field === 'retryable' && (value === 'true' || value === 'false')) return value === 'true';
  if ((field === 'max_retries' || field === 'retry_count') && /^\d{1,15}$/.test(value)) return Number(value);
  return value;
}

function readData(
  raw: JsonObject,
  contentType: Json | undefined,
  problems: EventProblem[],
): Json | undefined {
  const data = ownValue(raw, 'data');
  const base64 = ownValue(raw, 'data_base64') ?? undefined;
  if (base64 === undefined) return data === null ? undefined : data;
  if (data !== undefined) {
    problems.push({
      path: 'data_base64',
      message: 'a CloudEvent has data or data_base64, not both',
      hint: null,
    });
  } else if (typeof base64 !== 'string') {
    problems.push({ path: 'data_base64', message: 'data_base64 must be a Base64 text', hint: null });
  } else if (typeof contentType === 'string' && JSON_TYPE.test(contentType)) {
    try {
      return JSON.parse(Buffer.from(base64, 'base64').toString('utf8')) as Json;
    } catch {
      const hint = 'correct datacontenttype, or encode the JSON text';
      problems.push({ path: 'data_base64', message: 'data_base64 does not hold JSON', hint });
    }
  } else {
    return { data_base64: base64 };
  }
  return undefined;
}

/** False when the extension is not of our making. */
function addExtra(text: Json, event: Record<string, Json>, metadata: Record<string, Json>): boolean {
  if (typeof text !== 'string') return false;
  let extra: unknown;
  try {
    extra = JSON.parse(text);
  } catch {
    return false;
  }
  if (!isObject(extra)) return false;
  for (const field of ['source', 'target', 'timestamp']) {
    const value = ownValue(extra, field);
    if (value !== undefined) event[field] = value;
  }
  const members = ownValue(extra, 'metadata');
  if (isObject(members)) for (const name of Object.keys(members)) setOwn(metadata, name, members[name]);
  return true;
}

/**
 * Turns an event into a CloudEvents 1.0 JSON event (structured mode) from which `fromCloudEvent` and `readEvent` make the
 * same event again. What CloudEvents has no place for (metadata with other names or types than extensions may have, a
 * source that is no URI reference, an empty target) travels as JSON text in one extension, `triggerdextra`.
 */
export function toCloudEvent(event: Event): JsonObject {
  const extra: Record<string, Json> = {};
  const sourceFits = URI_REFERENCE.test(event.source);
  if (!sourceFits) extra['source'] = event.source;
  const timeFits = PLAIN_TIME.test(event.timestamp);
  if (!timeFits) extra['timestamp'] = event.timestamp;
  const cloudEvent: Record<string, Json> = {
    specversion: '1.0',
    id: event.event_id,
    source: sourceFits ? event.source : standInSource(event.source),
    type: event.event_type,
    time: timeFits ? event.timestamp : formatTime(parseTime(event.timestamp) ?? 0),
    datacontenttype: 'application/json',
  };
  if (event.target === '') extra['target'] = '';
  else if (event.target !== null) cloudEvent['subject'] = event.target;
  for (const field of EXTENSION_FIELDS) {
    const value = event[field];
    // null and the defaults come back by themselves.
    const isDefault =
      value === null || (field === 'retryable' && value === true) || (field === 'max_retries' && value === 3);
    if (!isDefault && !(field === 'retry_count' && value === 0)) cloudEvent[EXTENSIONS[field]] = value;
  }
  const members: Record<string, Json> = {};
  for (const name of Object.keys(event.metadata)) {
    const value = event.metadata[name] as Json;
    if (EXTENSION_NAME.test(name) && !RESERVED.has(name) && isExtensionValue(value)) cloudEvent[name] = value;
    else setOwn(members, name, value);
  }
  if (Object.keys(members).length > 0) extra['metadata'] = members;
  if (Object.keys(extra).length > 0) cloudEvent[EXTRA] = JSON.stringify(extra);
  cloudEvent['data'] = event.payload;
  return cloudEvent;
}

/** Strings, booleans and 32-bit integers (CloudEvents 1.0.2, type system). */
function isExtensionValue(value: Json): boolean {
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && (value | 0) === value)
  );
}

/** `source` must not be empty and must be a URI reference; the true one is beside it. */
function standInSource(source: string): string {
  return `urn:triggerd:${encodeURIComponent(source.replace(/[\ud800-\udfff]/gu, '_')).slice(0, 256) || 'none'}`;
}
