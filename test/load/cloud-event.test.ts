import { CloudEvent } from 'cloudevents';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.ts';
import { fromCloudEvent, isCloudEvent, toCloudEvent } from '../../src/load/cloud-event.ts';
import { readEvent } from '../../src/load/event.ts';
import type { Event } from '../../src/model/event.ts';
import { eventArbitrary } from './event-arbitrary.ts';

const BASE = { specversion: '1.0', id: '1', source: '/orders', type: 'order.paid' };

function converted(cloudEvent: JsonObject): JsonObject {
  const read = fromCloudEvent(cloudEvent);
  expect(read).toHaveProperty('raw');
  return (read as { raw: JsonObject }).raw;
}

function problems(cloudEvent: JsonObject): string[] {
  const read = fromCloudEvent(cloudEvent);
  return 'problems' in read ? read.problems.map(({ path, message }) => `${path}: ${message}`) : [];
}

/** As it goes over the wire and is read at the other end. */
function roundTrip(event: Event): Event {
  const wire = JSON.parse(JSON.stringify(toCloudEvent(event))) as JsonObject;
  expect(isCloudEvent(wire)).toBe(true);
  const read = readEvent(converted(wire), { mode: 'strict', receivedAt: 0, newId: () => 'lost' });
  expect(read).toHaveProperty('event');
  return (read as { event: Event }).event;
}

describe('an event as a CloudEvent', () => {
  it('comes back as it was, whatever it holds', () => {
    fc.assert(
      fc.property(eventArbitrary, (event) => {
        const sent = JSON.parse(JSON.stringify(event)) as Event;
        expect(roundTrip(sent)).toEqual(sent);
      }),
      { numRuns: 500 },
    );
  });

  it('is accepted by the SDK', () => {
    fc.assert(
      fc.property(eventArbitrary, (event) => {
        const wire = JSON.parse(JSON.stringify(toCloudEvent(event))) as ConstructorParameters<
          typeof CloudEvent
        >[0];
        const accepted = new CloudEvent(wire);
        expect(accepted.id).toBe(event.event_id);
        expect(accepted.type).toBe(event.event_type);
        expect(accepted.data).toEqual(JSON.parse(JSON.stringify(event.payload)));
      }),
      { numRuns: 300 },
    );
  });

  it('puts every field where CloudEvents have it', () => {
    const event: Event = {
      event_id: 'e-1',
      event_type: 'order.paid',
      source: '/orders',
      target: 'order/7',
      payload: { total: 5 },
      metadata: { traceparent: '00-ab', hops: 2, big: 2 ** 40, snake_case: true, list: [1] },
      timestamp: '2026-01-31T12:00:00Z',
      priority: 'high',
      correlation_id: 'c',
      session_id: 's',
      user_id: 'u',
      channel: 'web',
      retryable: false,
      max_retries: 7,
      retry_count: 1,
    };
    expect(toCloudEvent(event)).toEqual({
      specversion: '1.0',
      id: 'e-1',
      source: '/orders',
      type: 'order.paid',
      time: '2026-01-31T12:00:00Z',
      datacontenttype: 'application/json',
      subject: 'order/7',
      priority: 'high',
      correlationid: 'c',
      sessionid: 's',
      userid: 'u',
      channel: 'web',
      retryable: false,
      maxretries: 7,
      retrycount: 1,
      traceparent: '00-ab',
      hops: 2,
      triggerdextra: '{"metadata":{"big":1099511627776,"snake_case":true,"list":[1]}}',
      data: { total: 5 },
    });
  });
});

describe('a CloudEvent', () => {
  it('becomes an event', () => {
    expect(
      converted({
        ...BASE,
        time: '2026-01-31T12:00:00Z',
        subject: 'order/7',
        datacontenttype: 'application/json; charset=utf-8',
        priority: 'high',
        correlationid: 'c',
        traceparent: '00-ab',
        sequence: 7,
        dataschema: 'https://x.example/s',
        data: { total: 5 },
      }),
    ).toEqual({
      event_id: '1',
      source: '/orders',
      event_type: 'order.paid',
      timestamp: '2026-01-31T12:00:00Z',
      target: 'order/7',
      priority: 'high',
      correlation_id: 'c',
      metadata: { traceparent: '00-ab', sequence: 7, dataschema: 'https://x.example/s' },
      payload: { total: 5 },
    });
  });

  it.each<readonly [string, JsonObject, JsonObject | undefined]>([
    ['no data', {}, undefined],
    ['null', { data: null }, undefined],
    ['a text', { data: 'x' }, { data: 'x' }],
    ['a list', { data: [1] }, { data: [1] }],
    ['a number', { data: 0 }, { data: 0 }],
    ['binary data', { data_base64: 'AAE=' }, { data_base64: 'AAE=' }],
    ['binary JSON', { data_base64: 'eyJhIjoxfQ==', datacontenttype: 'application/json' }, { a: 1 }],
    [
      'binary JSON of a kind',
      { data_base64: 'WzFd', datacontenttype: 'application/vnd.x+json; v=1' },
      { data: [1] },
    ],
  ])('with %s has a payload of its own', (_name, attributes, payload) => {
    expect(converted({ ...BASE, ...attributes })['payload']).toEqual(payload);
  });

  it('may have its extensions as texts, as HTTP headers do', () => {
    expect(converted({ ...BASE, retryable: 'false', maxretries: '5', retrycount: '0' })).toMatchObject({
      retryable: false,
      max_retries: 5,
      retry_count: 0,
    });
  });

  it.each<readonly [JsonObject, RegExp]>([
    [{ ...BASE, specversion: '0.3' }, /specversion/],
    [{ ...BASE, specversion: 1 }, /specversion/],
    [{ ...BASE, id: '' }, /id/],
    [{ specversion: '1.0', id: '1', type: 'a' }, /source/],
    [{ ...BASE, type: null }, /type/],
    [{ ...BASE, data: 1, data_base64: 'AA==' }, /not both/],
    [{ ...BASE, data_base64: 5 }, /Base64/],
    [{ ...BASE, data_base64: 'AA==', datacontenttype: 'text/json' }, /JSON/],
  ])('that is wrong says what: %j', (cloudEvent, message) => {
    expect(problems(cloudEvent)).toEqual([expect.stringMatching(message)]);
  });

  it('is told by its specversion', () => {
    expect(isCloudEvent(BASE)).toBe(true);
    for (const other of [{ event_type: 'a' }, null, [BASE], 'x', Object.create(BASE) as object]) {
      expect(isCloudEvent(other)).toBe(false);
    }
  });

  it('keeps an extension called like ours that is not ours', () => {
    expect(converted({ ...BASE, triggerdextra: 'no JSON' })['metadata']).toEqual({
      triggerdextra: 'no JSON',
    });
  });

  it('reaches no prototype', () => {
    const raw = JSON.parse(
      '{"specversion":"1.0","id":"1","source":"a","type":"b","__proto__":{"polluted":1},"constructor":"x"}',
    ) as JsonObject;
    const metadata = converted(raw)['metadata'] as object;
    expect(Object.keys(metadata)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});
