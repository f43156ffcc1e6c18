import { type CloudEvent, HTTP } from 'cloudevents';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/kernel/json.js';
import { parseTime } from '../../../src/kernel/time.js';
import { fromCloudEvent } from '../../../src/load/cloud-event.js';
import { readEvent } from '../../../src/load/event.js';
import type { Event } from '../../../src/model/event.js';
import { eventArbitrary } from '../../load/event-arbitrary.js';
import { run } from '../harness.js';
import { type FakeDaemon, fakeDaemon, refusal } from './fake-daemon.js';

// Whatever emit sends as CloudEvents is read by the SDK, over HTTP, with its strict validation.
let receiver: FakeDaemon;
const received: CloudEvent<JsonObject>[] = [];
let tooMany = Number.POSITIVE_INFINITY;

beforeAll(async () => {
  receiver = await fakeDaemon(({ headers, body }) => {
    const events = [HTTP.toEvent({ headers, body })].flat() as CloudEvent<JsonObject>[];
    if (events.length > tooMany) return refusal(413, 'body-too-large', 'too large');
    for (const event of events) {
      if (event.validate() !== true) throw new Error(`the SDK refuses ${body}`);
      received.push(event);
    }
    return {
      status: 202,
      body: { events: events.map(({ id }, i) => ({ event_id: id, position: i + 1, duplicate: false })) },
    };
  });
});
afterAll(() => receiver.close());
beforeEach(() => {
  tooMany = Number.POSITIVE_INFINITY;
});

async function emit(argv: readonly string[], events: readonly Partial<Event>[] = []): Promise<void> {
  received.length = 0;
  receiver.requests.length = 0;
  const stdin = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  const { code, err } = await run(['emit', ...argv, '--cloudevents', '--url', receiver.url], { stdin });
  expect({ code, err }).toEqual({ code: 0, err: '' });
}

/** The event that an SDK's CloudEvent stands for to the daemon. */
function eventOf(cloudEvent: CloudEvent<JsonObject>): Event {
  const read = fromCloudEvent(JSON.parse(JSON.stringify(cloudEvent)) as JsonObject);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  const event = readEvent(read.raw, { mode: 'strict', receivedAt: 0, newId: () => 'lost' });
  if ('problems' in event) throw new Error(JSON.stringify(event.problems));
  return event.event;
}

/** The SDK writes times anew; they are the same instants. */
function withInstant({ timestamp, ...event }: Event): object {
  return { ...event, at: parseTime(timestamp) };
}

test('one event from options is read field by field', async () => {
  await emit([
    ...['order.paid', '--id', 'e-1', '--source', 'shop/eu', '--target', 'order/7', '--priority', 'high'],
    ...['--session', 's-1', '--user', 'Jürgen', '--correlation', 'cart 9', '--channel', 'web'],
    ...['--timestamp', '2026-02-28T10:00:00+01:00', '--payload', '{"total":12.5,"note":"ä \\"quoted\\" €"}'],
    ...['--field', 'metadata.region=eu', '--field', 'retryable=false', '--field', 'max_retries=5'],
  ]);
  const [event] = received;
  expect(event).toMatchObject({
    specversion: '1.0',
    id: 'e-1',
    type: 'order.paid',
    source: 'shop/eu',
    subject: 'order/7',
    datacontenttype: 'application/json',
    priority: 'high',
    sessionid: 's-1',
    userid: 'Jürgen',
    correlationid: 'cart 9',
    channel: 'web',
    region: 'eu',
    retryable: false,
    maxretries: 5,
    data: { total: 12.5, note: 'ä "quoted" €' },
  });
  expect(Date.parse(event?.time ?? '')).toBe(Date.UTC(2026, 1, 28, 9));
});

test.each<[string, Partial<Event>]>([
  ['with nothing but a type', { event_type: 'a.b' }],
  ['with a long id', { event_id: 'é'.repeat(256) }],
  ['without a source', { source: '' }],
  ['of a source that is no URI', { source: 'Filiale München | Süd: 5 % [neu]' }],
  ['of a source that is an address', { source: 'https://shop.example/api?x=1#y' }],
  ['with an empty target', { target: '' }],
  ['with text of all sorts', { user_id: '😀\u0000\n"', session_id: ' ', payload: { '😀': 'ä\u2028' } }],
  [
    'with metadata of odd names',
    {
      metadata: {
        ...{ '': 1, id: 'x', data: {}, specversion: '0.3', datacontenttype: 'text/plain', dataschema: 'x' },
        ...{ data_base64: 'no', Upper: true, snake_case: null, 'a.b': [1], ['x'.repeat(40)]: 'long' },
        ...{ traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', validate: 1, emit: 'x' },
      },
    },
  ],
  [
    'with metadata called like a prototype',
    JSON.parse('{"metadata":{"__proto__":{"a":1},"constructor":"x"}}'),
  ],
  ['of last year and far away', { timestamp: '2025-12-31t23:59:60.123456-11:30' }],
  ['with an empty payload', { payload: {} }],
  ['with a nested payload', { payload: { a: { b: [{ c: null }, 1.5, -1, 1e300] } } }],
])('an event %s is accepted, and comes back as it was', async (_what, fields) => {
  await emit(
    ['--file', '-'],
    [{ event_id: 'one', event_type: 'a.b', timestamp: '2026-01-01T00:00:00Z', ...fields }],
  );
  expect(receiver.requests.map(({ headers }) => headers['content-type'])).toEqual([
    'application/cloudevents+json',
  ]);
  expect(received).toHaveLength(1);
  expect(eventOf(received[0] as CloudEvent<JsonObject>)).toMatchObject({
    ...fields,
    ...(fields.timestamp === undefined ? {} : { timestamp: expect.any(String) as string }),
  });
});

test('many events go in batches, and in smaller ones when they are too many', async () => {
  tooMany = 3;
  const events = Array.from({ length: 9 }, (_, i) => ({ event_id: `b-${i}`, event_type: 'a.b' }));
  await emit(['--file', '-'], events);
  expect(received.map(({ id }) => id)).toEqual(events.map(({ event_id }) => event_id));
  // Nine are halved until three or fewer are left.
  expect(new Set(receiver.requests.map(({ headers }) => headers['content-type']))).toEqual(
    new Set(['application/cloudevents-batch+json']),
  );
  tooMany = 1;
  await emit(['--file', '-'], events.slice(0, 2));
  expect(receiver.requests.map(({ headers }) => headers['content-type'])).toEqual([
    'application/cloudevents-batch+json',
    'application/cloudevents+json',
    'application/cloudevents+json',
  ]);
});

test('any events are accepted, and come back as they were', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(eventArbitrary, { minLength: 1, maxLength: 12 }), async (events) => {
      const sent = events.map((event) => JSON.parse(JSON.stringify(event)) as Event);
      await emit(['--file', '-'], sent);
      expect(received.map((one) => withInstant(eventOf(one)))).toEqual(sent.map(withInstant));
    }),
    { numRuns: 60 },
  );
});
