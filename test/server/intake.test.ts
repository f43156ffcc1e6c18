import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Fault, type FaultCode } from '../../src/kernel/fault.js';
import { ask, type HttpBench, type Reply, startHttp, tokenFor } from './http-bench.js';

let bench: HttpBench;
beforeAll(async () => {
  bench = await startHttp({ maxBodyBytes: 200_000, maxEventsPerRequest: 50 });
});
afterAll(() => bench.close());
beforeEach(() => {
  bench.daemon.stored.length = 0;
  bench.daemon.rejectedCount = 0;
  bench.daemon.failure = null;
  bench.counters.clear();
});

const send = (body: unknown, type = 'application/json', path = '/v1/events'): Promise<Reply> =>
  ask(bench, 'POST', path, {
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    headers: { 'content-type': type },
  });
const storedIds = (): string[] => bench.daemon.stored.map(({ event }) => event.event_id);

describe('events are taken', () => {
  const a = '{"event_id":"a"}';
  const b = '{"event_id":"b"}';
  it.each([
    ['one', 'application/json', a, ['a']],
    ['a list', 'application/json', `[${a},${b}]`, ['a', 'b']],
    ['an empty list', 'application/json', '[]', []],
    ['lines', 'application/x-ndjson', `${a}\n${b}\n`, ['a', 'b']],
    ['lines without a last line end', 'application/x-ndjson', `${a}\n${b}`, ['a', 'b']],
    [
      'lines as Windows ends them, with blank ones between',
      'application/x-ndjson',
      `${a}\r\n\r\n  \n${b}\r\n`,
      ['a', 'b'],
    ],
    ['one line', 'application/x-ndjson', a, ['a']],
    ['JSON that says its charset', 'application/json; charset=utf-8', a, ['a']],
    ['JSON in capitals', 'Application/JSON;Charset="UTF-8"', a, ['a']],
    ['lines that say their charset', 'application/x-ndjson;charset=utf-8', a, ['a']],
    ['JSON with a byte order mark', 'application/json', `\ufeff${a}`, ['a']],
    ['lines with a byte order mark', 'application/x-ndjson', `\ufeff${a}\n${b}`, ['a', 'b']],
    ['JSON with a further parameter', 'application/json; profile="x;y"', a, ['a']],
  ])('%s', async (_name, type, body, expected) => {
    const { status, body: answer } = await send(body, type);
    expect(status).toBe(202);
    expect(answer.events.map(({ event_id }: { readonly event_id: string }) => event_id)).toEqual(expected);
    expect(storedIds()).toEqual(expected);
  });

  it('with defaults filled in, and an id made where there is none', async () => {
    const { body } = await send({ payload: { n: 1 } });
    expect(bench.daemon.stored[0]?.event).toMatchObject({
      event_id: body.events[0].event_id,
      event_type: 'custom.event',
      timestamp: '2026-03-01T12:00:00Z',
      priority: 'normal',
      payload: { n: 1 },
    });
  });

  it('with duplicates flagged', async () => {
    await send({ event_id: 'a' });
    const { status, body } = await send([{ event_id: 'a' }, { event_id: 'b' }, { event_id: 'b' }]);
    expect(status).toBe(202);
    expect(body.events).toEqual([
      { event_id: 'a', position: null, duplicate: true },
      { event_id: 'b', position: 2, duplicate: false },
      { event_id: 'b', position: null, duplicate: true },
    ]);
  });

  it('with what they led to when that is asked for', async () => {
    const { body } = await send(
      [{ event_id: 'a', event_type: 'order.paid' }, { event_id: 'b' }, { event_id: 'a' }],
      'application/json',
      '/v1/events?wait=decision',
    );
    expect(body.events).toMatchObject([
      {
        event_id: 'a',
        decision: { launches: ['launch-1'], at: '2026-03-01T12:00:00Z' },
        launches: [{ status: 'pending' }],
      },
      { event_id: 'b', decision: null, launches: [] },
      { event_id: 'a', duplicate: true, decision: null, launches: [] },
    ]);
  });

  it('without their unknown fields, which are counted', async () => {
    await send({ event_id: 'a', colour: 'red', size: 1 });
    expect(bench.daemon.stored[0]?.event).not.toHaveProperty('colour');
    expect(bench.counters.get('event_fields_dropped_total')).toBe(2);
  });

  it('with a key named __proto__ as plain data', async () => {
    const { status } = await send(
      '{"event_id":"a","payload":{"__proto__":{"polluted":true}},"__proto__":{"channel":"x"}}',
    );
    expect(status).toBe(202);
    const { payload, channel } = bench.daemon.stored[0]?.event ?? {};
    expect(Object.getPrototypeOf(payload)).toBe(Object.prototype);
    expect(JSON.stringify(payload)).toBe('{"__proto__":{"polluted":true}}');
    expect(channel).toBeNull();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('that nest as deep as they may', async () => {
    const deep = `{"event_id":"a","payload":${'{"a":'.repeat(63)}1${'}'.repeat(63)}}`;
    expect((await send(deep)).status).toBe(202);
    expect((await send(`[${deep}]`)).body.events).toMatchObject([{ duplicate: true }]);
    expect((await send(deep, 'application/x-ndjson')).body.events).toMatchObject([{ duplicate: true }]);
  });

  it('whose texts are full of brackets and quotes', async () => {
    const source = `${'[{'.repeat(500)}"\\"${']}'.repeat(500)}`;
    expect(
      (
        await send([
          { event_id: 'a', source },
          { event_id: 'b', source: '\\' },
        ])
      ).status,
    ).toBe(202);
    expect(bench.daemon.stored[0]?.event.source).toBe(source);
  });
});

describe('events are refused', () => {
  it('all of them for the sake of one, each fault by index and path', async () => {
    const { status, body } = await send([
      { event_id: 'a' },
      { event_id: 5, priority: 'hihg' },
      [],
      { event_type: 'a b' },
    ]);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({
      code: 'event-invalid',
      message: '3 events are not valid, so nothing was taken',
    });
    expect(
      body.error.problems.map(({ index, path }: { readonly index: number; readonly path: string }) => [
        index,
        path,
      ]),
    ).toEqual([
      [1, 'event_id'],
      [1, 'priority'],
      [2, ''],
      [3, 'event_type'],
    ]);
    expect(body.error.problems[1].hint).toBe('did you mean high?');
    expect(bench.daemon.stored).toEqual([]);
    expect(bench.daemon.rejectedCount).toBe(3);
  });

  it('among lines, with faults of JSON and of events in their order', async () => {
    const lines = ['{"event_id":1}', '', '{"a":}', '{"event_id":"ok"}', '{"metadata":3}'].join('\n');
    const { status, body } = await send(lines, 'application/x-ndjson');
    expect(status).toBe(400);
    expect(body.error.problems).toMatchObject([
      { index: 0, path: 'event_id' },
      { index: 1, path: '', message: 'not JSON at column 6' },
      { index: 3, path: 'metadata' },
    ]);
    expect(bench.daemon.stored).toEqual([]);
  });

  it('with the first hundred faults named and the rest counted', async () => {
    const { body } = await send(Array.from({ length: 50 }, () => ({ event_id: 1, source: 2, channel: 3 })));
    expect(body.error.problems).toHaveLength(100);
    expect(body.error.message).toBe(
      '50 events are not valid, so nothing was taken (the first 100 of 150 problems are listed)',
    );
    expect(bench.daemon.rejectedCount).toBe(50);
  });

  it('by the index of the one that nests too deep', async () => {
    const deep = `${'['.repeat(70)}${']'.repeat(70)}`;
    const { body } = await send(`[{"source":"[,]"},{"payload":{"a":[1,2]}},{"payload":{"a":${deep}}}]`);
    expect(body.error.problems).toMatchObject([{ index: 2, path: '' }]);
  });

  it.each([
    [
      '51 in a list',
      'application/json',
      JSON.stringify(Array.from({ length: 51 }, () => ({}))),
      413,
      'too-many-events',
    ],
    ['51 lines', 'application/x-ndjson', '{}\n'.repeat(51), 413, 'too-many-events'],
    [
      'too many bytes',
      'application/json',
      JSON.stringify({ source: 'x'.repeat(200_000) }),
      413,
      'body-too-large',
    ],
    ['an unknown content type', 'application/yaml', '{}', 415, 'content-type'],
    ['another charset', 'application/json; charset=latin1', '{}', 415, 'content-type'],
    ['an empty body', 'application/json', '', 400, 'body-missing'],
    ['no lines', 'application/x-ndjson', '\n \n', 400, 'body-missing'],
    ['a body that is no JSON', 'application/json', '{"a":1', 400, 'body-invalid'],
  ])('%s', async (_name, type, body, status, code) => {
    const reply = await send(body, type);
    expect(reply.status).toBe(status);
    expect(reply.body.error.code).toBe(code);
    expect(bench.daemon.stored).toEqual([]);
  });

  it('saying where a body stops being JSON', async () => {
    const { body } = await send('{\n  "event_id": "a",\n}');
    expect(body.error).toMatchObject({
      message: 'the body is not JSON at line 3, column 1',
      hint: 'remove the comma before the closing bracket',
    });
  });

  it('when they are over a megabyte, whatever their characters', async () => {
    const large = await startHttp();
    const body = JSON.stringify([
      { event_id: 'a' },
      { source: 'ü'.repeat(540_000) },
      { source: 'x'.repeat(1_000_000) },
    ]);
    const reply = await ask(large, 'POST', '/v1/events', {
      body,
      headers: { 'content-type': 'application/json' },
    });
    await large.close();
    expect(reply.status).toBe(400);
    expect(reply.body.error.problems).toMatchObject([{ index: 1, path: '' }]);
    expect(large.daemon.stored).toEqual([]);
  });
});

describe('when the daemon takes nothing', () => {
  it.each<[FaultCode, number, string | null]>([
    ['intake-closed', 503, '5'],
    ['overloaded', 503, '1'],
    ['store-full', 503, '10'],
    ['store-failed', 503, '10'],
    ['event-invalid', 400, null],
    ['usage', 400, null],
  ])('the fault %s is answered %i, Retry-After %s', async (code, status, retryAfter) => {
    bench.daemon.failure = new Fault(code, 'not now', { hint: 'later' });
    const reply = await send({ event_id: 'a' });
    expect(reply.status).toBe(status);
    expect(reply.headers.get('retry-after')).toBe(retryAfter);
    expect(reply.body).toEqual({ error: { code, message: 'not now', hint: 'later' } });
  });

  it.each([
    ['an error nobody foresaw', new TypeError('secret detail of /srv/db')],
    ['a fault of ours', new Fault('internal', 'secret detail of /srv/db', { cause: new Error('deeper') })],
  ])('%s is answered 500 without a word about it, and logged', async (_name, failure) => {
    bench.daemon.failure = failure;
    const reply = await send({ event_id: 'a' });
    expect(reply.status).toBe(500);
    expect(reply.body.error.code).toBe('internal');
    expect(JSON.stringify(reply.body)).not.toMatch(/secret|srv|at /);
    expect(bench.errors.at(-1)).toMatchObject({
      message: 'a request failed unexpectedly',
      fields: { route: 'POST /v1/events', error: 'secret detail of /srv/db' },
    });
    expect(bench.errors.at(-1)?.fields?.['stack']).toContain('intake.test');
  });
});

describe('the rate', () => {
  const limited = { rateLimit: { eventsPerSecond: 10, burst: 20 } };
  const events = (count: number): object[] => Array.from({ length: count }, () => ({}));

  it('is kept, with the time to wait in the answer', async () => {
    const http = await startHttp(limited);
    const post = (count: number): Promise<Reply> => ask(http, 'POST', '/v1/events', { body: events(count) });
    expect((await post(15)).status).toBe(202);
    const refused = await post(15);
    expect(refused.status).toBe(429);
    expect(refused.body.error.code).toBe('rate-limited');
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(http.daemon.stored).toHaveLength(15);
    expect(http.daemon.rejectedCount).toBe(15);
    http.now += 1_000;
    expect((await post(15)).status).toBe(202);
    await http.close();
  });

  it('lets more than a burst through after a pause, and has it paid afterwards', async () => {
    const http = await startHttp(limited);
    const post = (count: number): Promise<Reply> => ask(http, 'POST', '/v1/events', { body: events(count) });
    expect((await post(45)).status).toBe(202);
    expect((await post(1)).headers.get('retry-after')).toBe('3');
    http.now += 2_600;
    expect((await post(1)).status).toBe(202);
    await http.close();
  });

  it('is each token’s own, and survives a clock set back', async () => {
    const http = await startHttp({
      ...limited,
      tokens: [tokenFor('one', 'token-one', 'ingest'), tokenFor('two', 'token-two', 'ingest')],
    });
    const post = (token: string): Promise<Reply> =>
      ask(http, 'POST', '/v1/events', { body: events(20), token });
    expect((await post('token-one')).status).toBe(202);
    http.now -= 3_600_000;
    expect((await post('token-one')).status).toBe(429);
    expect((await post('token-two')).status).toBe(202);
    await http.close();
  });
});
