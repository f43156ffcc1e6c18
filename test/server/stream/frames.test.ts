import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startStream, type StreamBench } from './stream-bench.js';
import type { RawClient } from './raw-client.js';

let bench: StreamBench;
let witness: RawClient;
beforeAll(async () => {
  bench = await startStream();
  witness = await bench.follow();
});
afterAll(() => bench.close());

const SUBSCRIBE = JSON.stringify({ type: 'subscribe', event_types: ['x'] });

describe('what breaks the rules of WebSocket ends that connection, and no other', () => {
  test.each<[string, (client: RawClient) => void, number]>([
    ['a frame without a mask', (client) => client.frame(1, SUBSCRIBE, { masked: false }), 1002],
    ['a reserved bit', (client) => client.frame(1, SUBSCRIBE, { rsv: 1 }), 1002],
    ['all reserved bits', (client) => client.frame(1, SUBSCRIBE, { rsv: 7 }), 1002],
    ['an opcode that is none', (client) => client.frame(3, SUBSCRIBE), 1002],
    ['a control opcode that is none', (client) => client.frame(11, ''), 1002],
    ['a continuation of nothing', (client) => client.frame(0, SUBSCRIBE), 1002],
    ['a ping in parts', (client) => client.frame(9, '', { fin: false }), 1002],
    ['a ping that is too long', (client) => client.frame(9, 'x'.repeat(126)), 1002],
    ['a close frame of one byte', (client) => client.frame(8, 'x'), 1002],
    ['a close code that is none', (client) => client.frame(8, Buffer.from([3, 237])), 1002],
    ['bytes that are no UTF-8', (client) => client.frame(1, Buffer.from([0xff, 0xfe, 0x80])), 1007],
    ['more than a message may have', (client) => client.frame(1, 'x'.repeat(256 * 1024 + 1)), 1009],
    ['a length beyond all bounds', (client) => client.frame(1, '', { length: 2 ** 40 }), 1009],
    [
      'more parts than a message may have',
      (client) => {
        client.frame(1, '{', { fin: false });
        for (let i = 0; i < 70; i++) client.frame(0, ' ', { fin: false });
      },
      1008,
    ],
    [
      'parts that are too much together',
      (client) => {
        client.frame(1, '{', { fin: false });
        for (let i = 0; i < 5; i++) client.frame(0, ' '.repeat(64 * 1024), { fin: false });
      },
      1009,
    ],
  ])('%s', async (_what, act, code) => {
    const client = await bench.connect();
    await client.next('connection_established');
    act(client);
    expect((await client.untilClosed()).code).toBe(code);
    await bench.emit({ event_type: 'x' });
    expect((await witness.next()).event.event_type).toBe('x');
  });
});

test('a message may come in parts, as bytes, with pings between, and all at once', async () => {
  const client = await bench.connect();
  await client.next('connection_established');
  client.frame(1, SUBSCRIBE.slice(0, 9), { fin: false });
  client.frame(9, 'are you there');
  client.frame(0, SUBSCRIBE.slice(9));
  expect((await client.next()).type).toBe('subscription_created');
  client.frame(2, '{"type":"get_stats"}');
  expect((await client.next()).type).toBe('stats');
  for (let i = 0; i < 20; i++) client.send({ type: 'get_stats' });
  for (let i = 0; i < 20; i++) expect((await client.next()).type).toBe('stats');
  client.frame(8, Buffer.from([3, 232]));
  expect((await client.untilClosed()).code).toBe(1000);
});

test('a message as deep as it is large is answered like any other', async () => {
  const client = await bench.connect();
  await client.next('connection_established');
  const levels = 100_000;
  for (const text of [
    `${'['.repeat(levels)}${']'.repeat(levels)}`,
    `{"type":"unsubscribe","subscription_id":${'['.repeat(levels)}${']'.repeat(levels)}}`,
    `{"type":${'{"a":'.repeat(levels / 5)}1${'}'.repeat(levels / 5)}}`,
  ]) {
    client.frame(1, text);
    expect((await client.next()).type).toBe('error');
  }
});

test('random messages and random bytes never end the daemon', async () => {
  const scraps = fc.oneof(
    fc.json(),
    fc
      .record(
        {
          type: fc.constantFrom('subscribe', 'unsubscribe', 'get_stats', 'other'),
          event_types: fc.oneof(fc.jsonValue(), fc.array(fc.constantFrom('x', '*', 'a.*', 'a b', ''))),
          filters: fc.oneof(
            fc.jsonValue(),
            fc.dictionary(fc.constantFrom('source', 'payload.x', 'any', 'none', '.', 'item'), fc.jsonValue()),
          ),
          from: fc.jsonValue(),
          kinds: fc.oneof(fc.jsonValue(), fc.array(fc.constantFrom('event', 'decision', 'launch', 'x'))),
          session_id: fc.jsonValue(),
          subscription_id: fc.jsonValue(),
        },
        { requiredKeys: ['type'] },
      )
      .map((message) => JSON.stringify(message)),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(scraps, { maxLength: 8 }),
      fc.uint8Array({ maxLength: 40 }),
      async (texts, bytes) => {
        const client = await bench.connect();
        await client.next('connection_established');
        for (const text of texts) client.frame(1, text);
        for (let i = 0; i < texts.length; i++) await client.next();
        client.socket.write(bytes);
        client.socket.end();
        await client.untilClosed();
      },
    ),
    { numRuns: 60 },
  );
  await bench.emit({ event_type: 'x', event_id: 'after-all' });
  let last;
  do last = await witness.next();
  while (last.event?.event_id !== 'after-all');
});
