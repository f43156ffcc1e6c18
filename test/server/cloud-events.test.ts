import { CloudEvent, HTTP, type Message } from 'cloudevents';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Event } from '../../src/model/event.js';
import { ask, type HttpBench, type Reply, startHttp } from './http-bench.js';

let bench: HttpBench;
beforeAll(async () => {
  bench = await startHttp();
});
afterAll(() => bench.close());
beforeEach(() => {
  bench.daemon.stored.length = 0;
});

const send = ({ headers, body }: Message): Promise<Reply> =>
  ask(bench, 'POST', '/v1/events', {
    body: (body ?? '') as string,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
  });
const stored = (): Event => bench.daemon.stored[0]?.event as Event;

const ORDER = {
  id: 'ce-1',
  source: '/shop/eu',
  type: 'order.paid',
  subject: 'order/7',
  time: '2026-02-28T10:00:00.000Z',
  datacontenttype: 'application/json',
  priority: 'high',
  correlationid: 'cart-9',
  maxretries: 5,
  region: 'eu',
  data: { total: 12.5, note: 'ä "quoted" €' },
};

describe('a CloudEvent of the SDK', () => {
  it.each([
    ['structured', HTTP.structured],
    ['binary', HTTP.binary],
  ] as const)('in %s mode is taken whole', async (_mode, serialise) => {
    const reply = await send(serialise(new CloudEvent(ORDER)));
    expect(reply).toMatchObject({ status: 202, body: { events: [{ event_id: 'ce-1', position: 1 }] } });
    expect(stored()).toMatchObject({
      event_id: 'ce-1',
      event_type: 'order.paid',
      source: '/shop/eu',
      target: 'order/7',
      priority: 'high',
      correlation_id: 'cart-9',
      max_retries: 5,
      metadata: { region: 'eu' },
      payload: { total: 12.5, note: 'ä "quoted" €' },
    });
    expect(Date.parse(stored().timestamp)).toBe(Date.parse(ORDER.time));
  });

  it.each([
    ['structured', HTTP.structured],
    ['binary', HTTP.binary],
  ] as const)('in %s mode carries whatever attributes and data may hold', async (_mode, serialise) => {
    const data = { text: 'ä € 😀 "q" \\ \n', list: [1, null, { deep: [true] }], empty: {} };
    const event = new CloudEvent({
      ...{ id: '1f/ü "x" y', source: 'https://shop.example/eu?x=1#y', type: 'com.example.order-paid' },
      ...{ subject: 'Grüße, "neu"', time: '2026-02-28T23:59:59.123+05:30' },
      ...{ sessionid: 's 1', userid: 'Jürgen', channel: 'web', retryable: false, retrycount: 2 },
      ...{ flag: true, count: -7, note: 'long '.repeat(100).trim() },
      data,
    });
    const reply = await send(serialise(event));
    expect(reply.status).toBe(202);
    const isBinary = serialise === HTTP.binary;
    expect(stored()).toMatchObject({
      event_id: '1f/ü "x" y',
      event_type: 'com.example.order-paid',
      source: 'https://shop.example/eu?x=1#y',
      target: 'Grüße, "neu"',
      session_id: 's 1',
      user_id: 'Jürgen',
      channel: 'web',
      retryable: false,
      retry_count: 2,
      // Headers are texts.
      metadata: { flag: isBinary ? 'true' : true, count: isBinary ? '-7' : -7 },
      payload: data,
    });
    expect(Date.parse(stored().timestamp)).toBe(Date.parse('2026-02-28T18:29:59.123Z'));
  });

  it.each([
    ['binary', HTTP.binary],
    ['structured', HTTP.structured],
  ] as const)(
    'in %s mode may hold percent signs, which the SDK does not encode',
    async (_mode, serialise) => {
      const reply = await send(serialise(new CloudEvent({ ...ORDER, subject: '100 % sure' })));
      expect(reply.status).toBe(202);
      expect(stored().target).toBe('100 % sure');
    },
  );

  it('in a batch', async () => {
    const batch = [new CloudEvent(ORDER), new CloudEvent({ ...ORDER, id: 'ce-2' })];
    const reply = await send({
      headers: { 'content-type': 'application/cloudevents-batch+json; charset=utf-8' },
      body: JSON.stringify(batch),
    });
    expect(reply.body.events).toMatchObject([{ event_id: 'ce-1' }, { event_id: 'ce-2' }]);
  });

  it('as plain JSON, alone, in a list and on a line', async () => {
    const text = JSON.stringify(new CloudEvent(ORDER));
    for (const [type, body] of [
      ['application/json', text],
      ['application/json', `[${text},{"event_id":"plain"}]`],
      ['application/x-ndjson', `${text}\n`],
    ] as const) {
      bench.daemon.stored.length = 0;
      expect((await send({ headers: { 'content-type': type }, body })).status).toBe(202);
      expect(stored()).toMatchObject({ event_id: 'ce-1', target: 'order/7' });
    }
  });

  it('with data that is no JSON', async () => {
    await send(HTTP.binary(new CloudEvent({ ...ORDER, datacontenttype: 'text/plain', data: 'hello' })));
    expect(stored()).toMatchObject({
      payload: { data: 'hello' },
      metadata: { datacontenttype: 'text/plain' },
    });
  });

  it('with bytes', async () => {
    const bytes = Buffer.from([0, 255, 1, 254]);
    const reply = await ask(bench, 'POST', '/v1/events', {
      body: bytes,
      headers: {
        'content-type': 'application/octet-stream',
        'ce-specversion': '1.0',
        'ce-id': 'b-1',
        'ce-source': '/a',
        'ce-type': 'bytes.sent',
      },
    });
    expect(reply.status).toBe(202);
    expect(stored().payload).toEqual({ data_base64: bytes.toString('base64') });
  });

  it('without data or content type', async () => {
    const reply = await ask(bench, 'POST', '/v1/events', {
      headers: { 'ce-specversion': '1.0', 'ce-id': 'n-1', 'ce-source': '/a', 'ce-type': 'nothing.sent' },
    });
    expect(reply.status).toBe(202);
    expect(stored()).toMatchObject({ event_id: 'n-1', payload: {} });
  });

  it.each([
    ['%C3%A4%20%22b%22', 'ä "b"'],
    ['100%25', '100%'],
    ['%zz %C3%A4%', '%zz ä%'],
    ['"quoted \\"text\\""', 'quoted "text"'],
    ['plain text', 'plain text'],
  ])('whose header %s reads %s', async (header, value) => {
    await ask(bench, 'POST', '/v1/events', {
      body: { a: 1 },
      headers: {
        'ce-specversion': '1.0',
        'ce-id': 'p',
        'ce-source': '/a',
        'ce-type': 'a.b',
        'ce-subject': header,
      },
    });
    expect(stored().target).toBe(value);
  });

  it('of a dry run', async () => {
    const message = HTTP.binary(new CloudEvent(ORDER));
    const reply = await ask(bench, 'POST', '/v1/dry-run', {
      body: message.body as string,
      headers: message.headers as Record<string, string>,
    });
    expect(reply).toMatchObject({ status: 200, body: { event_id: 'ce-1' } });
  });

  it('that lacks what it must have is named in full', async () => {
    const reply = await ask(bench, 'POST', '/v1/events', {
      body: {},
      headers: { 'ce-specversion': '0.3', 'ce-id': '1' },
    });
    expect(reply.status).toBe(400);
    expect(reply.body.error.problems.map(({ path }: { readonly path: string }) => path)).toEqual([
      'specversion',
      'source',
      'type',
    ]);
  });
});
