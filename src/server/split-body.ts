import { isUtf8 } from 'node:buffer';
import { isObject } from '../kernel/json.js';
import { jsonElements } from '../load/json-elements.js';
import { describeJsonError } from '../load/json-error.js';
import { EVENT_MAX_BYTES, EVENT_MAX_DEPTH } from '../model/event.js';
import { readBinaryCloudEvent } from './cloud-event-headers.js';
import { elementAt, tooDeepAt } from '../kernel/json-soundness.js';
import type { Call } from './route.js';
import type { Parameters } from './parameters.js';
import { createProblems, type Problems } from './problems.js';
import { Refusal } from './refusal.js';

/** An event as it was sent, parsed; `isCloudEvent` when the content type says so. */
export interface SentEvent {
  readonly index: number;
  readonly raw: unknown;
  readonly isCloudEvent: boolean;
}

/** Lists may hold events, and CloudEvents hold their payload a level further down. */
const TEXT_MAX_DEPTH = EVENT_MAX_DEPTH + 2;
/** Finding where a text stops being JSON is slower than reading it. */
const DESCRIBED_MAX_CHARS = 1_000_000;
const NEWLINE = 0x0a;

/**
 * The events of a body, in their order. What cannot be parsed is a problem of its event where the events can be told apart
 * (NDJSON), and refuses the whole body elsewhere. No more than `maxEvents`; one more refuses it too.
 */
export function splitBody(
  { mode, body, headers }: Pick<Call<Parameters>, 'mode' | 'body' | 'headers'>,
  maxEvents: number,
  problems: Problems,
): SentEvent[] {
  switch (mode) {
    case null:
      throw new Refusal(400, 'body-missing', 'the request has no body', { hint: 'send an event as JSON' });
    case 'ndjson':
      return splitLines(body, maxEvents, problems);
    case 'cloud-event-binary':
      refuseLarge(body);
      return [{ index: 0, raw: readBinaryCloudEvent(headers, body, parseJson), isCloudEvent: true }];
    case 'cloud-event': {
      refuseLarge(body);
      const raw = parseJson(body);
      if (isObject(raw)) return [{ index: 0, raw, isCloudEvent: true }];
      throw new Refusal(400, 'body-invalid', 'a CloudEvent is an object', { hint: hintForList(raw) });
    }
    case 'cloud-events':
    case 'json': {
      const raw = parseJson(body);
      if (!Array.isArray(raw)) {
        if (mode === 'cloud-events')
          throw new Refusal(400, 'body-invalid', 'a batch of CloudEvents is a list');
        refuseLarge(body);
        return [{ index: 0, raw, isCloudEvent: false }];
      }
      if (raw.length > maxEvents) throw tooMany(maxEvents);
      if (body.length > EVENT_MAX_BYTES) addLargeElements(body, problems);
      return raw.map((element: unknown, index) => ({
        index,
        raw: element,
        isCloudEvent: mode === 'cloud-events',
      }));
    }
  }
}

function splitLines(body: Buffer, maxEvents: number, problems: Problems): SentEvent[] {
  refuseNoUtf8(body);
  const events: SentEvent[] = [];
  let index = 0;
  for (let from = startOf(body); from < body.length; ) {
    const newline = body.indexOf(NEWLINE, from);
    const to = newline === -1 ? body.length : newline;
    const text = to - from > EVENT_MAX_BYTES ? null : body.toString('utf8', from, to);
    const depthStart = from;
    from = to + 1;
    if (text !== null && isBlank(text)) continue;
    if (index >= maxEvents) throw tooMany(maxEvents);
    if (text === null) problems.add(index, '', TOO_LARGE, TOO_LARGE_HINT);
    else if (tooDeepAt(body, TEXT_MAX_DEPTH, depthStart, to) !== -1)
      problems.add(index, '', TOO_DEEP, TOO_DEEP_HINT);
    else {
      try {
        events.push({ index, raw: JSON.parse(text), isCloudEvent: false });
      } catch {
        const { message, hint } = describeJsonError(text, false);
        problems.add(index, '', message, hint);
      }
    }
    index++;
  }
  if (index === 0) throw new Refusal(400, 'body-missing', 'the body holds no event', { events: 0 });
  return events;
}

/** Blank lines between events are nothing. */
function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  return Number.isNaN(first) || (first <= 0x20 && text.trim() === '');
}

/** Parses a body as one JSON value. Throws a Refusal. */
export function parseJson(body: Buffer): unknown {
  refuseNoUtf8(body);
  if (body.length === 0)
    throw new Refusal(400, 'body-missing', 'the body is empty', { hint: 'send an event as JSON' });
  const deepAt = tooDeepAt(body, TEXT_MAX_DEPTH);
  if (deepAt !== -1) {
    const problems = createProblems();
    const isList = body[startOf(body)] === 0x5b;
    problems.add(isList ? elementAt(body, deepAt) : 0, '', TOO_DEEP, TOO_DEEP_HINT);
    throw problems.refusal();
  }
  const text = body.toString('utf8', startOf(body));
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { message, hint } =
      text.length > DESCRIBED_MAX_CHARS
        ? { message: 'not JSON', hint: 'send fewer events at once to be told where' }
        : describeJsonError(text, true);
    throw new Refusal(400, 'body-invalid', `the body is ${message}`, { hint, cause });
  }
}

/** Behind a byte order mark. */
function startOf(body: Buffer): number {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
}

function refuseNoUtf8(body: Buffer): void {
  if (!isUtf8(body)) throw new Refusal(400, 'body-invalid', 'the body is not UTF-8');
}

const TOO_LARGE = 'the event is over 1 MiB, more than an event may have';
const TOO_LARGE_HINT = 'refer to large data instead of sending it along';
const TOO_DEEP = `the event nests deeper than an event may (${EVENT_MAX_DEPTH} levels)`;
const TOO_DEEP_HINT = 'flatten it';

function refuseLarge(body: Buffer): void {
  if (body.length <= EVENT_MAX_BYTES) return;
  const problems = createProblems();
  problems.add(0, '', TOO_LARGE, TOO_LARGE_HINT);
  throw problems.refusal();
}

function addLargeElements(body: Buffer, problems: Problems): void {
  // In Latin-1 a character is a byte, and what marks the elements is ASCII in UTF-8 too.
  jsonElements(body.toString('latin1', startOf(body))).forEach(({ length }, index) => {
    if (length > EVENT_MAX_BYTES) problems.add(index, '', TOO_LARGE, TOO_LARGE_HINT);
  });
}

function tooMany(maxEvents: number): Refusal {
  return new Refusal(413, 'too-many-events', `a request may hold ${maxEvents} events`, {
    hint: 'send the events in several requests',
  });
}

function hintForList(raw: unknown): string | null {
  return Array.isArray(raw) ? 'a list of them is application/cloudevents-batch+json' : null;
}
