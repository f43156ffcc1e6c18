import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CORE_EVENT_TYPES } from '../../../src/model/event.js';
import { startStream, type StreamBench } from './stream-bench.js';

// What a client may expect that was written from the Nexus event reference alone.
let bench: StreamBench;
beforeAll(async () => {
  bench = await startStream();
});
afterAll(() => bench.close());

test('a script written from the reference alone passes with a client that is not the server’s', async () => {
  const own = await startStream();
  try {
    // Node 20 has its WebSocket behind an option; later ones take the option and have it anyway.
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--experimental-websocket',
      '--no-warnings',
      'test/server/stream/reference-client.mjs',
      own.url,
    ]);
    expect(stdout).toBe('as the reference has it\n');
  } finally {
    await own.close();
  }
});

test('a client is welcomed', async () => {
  const client = await bench.connect();
  expect(await client.next()).toMatchObject({
    type: 'connection_established',
    client_id: expect.stringMatching(/^client_./),
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/),
    capabilities: ['event_streaming', 'real_time_updates', 'filtered_subscriptions'],
  });
});

test('it subscribes, gets events of its types, unsubscribes, and gets no more', async () => {
  const client = await bench.connect();
  await client.next('connection_established');
  client.send({ type: 'subscribe', event_types: ['workflow.failed', 'user.action'], filters: {} });
  const created = await client.next();
  expect(created).toMatchObject({
    type: 'subscription_created',
    subscription_id: expect.stringMatching(/^sub_./),
    event_types: ['workflow.failed', 'user.action'],
    filters: {},
  });
  await bench.emit(
    { event_id: 'r-1', event_type: 'node.started' },
    { event_id: 'r-2', event_type: 'user.action', payload: { action: 'login' }, priority: 'high' },
  );
  const message = await client.next();
  expect(message).toMatchObject({
    type: 'event',
    subscription_id: created.subscription_id,
    event: { event_id: 'r-2', event_type: 'user.action', payload: { action: 'login' }, priority: 'high' },
  });
  expect(Object.keys(message.event).sort()).toEqual(
    [
      ...['event_id', 'event_type', 'source', 'target', 'payload', 'metadata', 'timestamp', 'priority'],
      ...['correlation_id', 'session_id', 'user_id', 'channel', 'retryable', 'max_retries', 'retry_count'],
    ].sort(),
  );
  client.send({ type: 'unsubscribe', subscription_id: created.subscription_id });
  expect(await client.next()).toEqual({
    type: 'unsubscribed',
    subscription_id: created.subscription_id,
    success: true,
  });
  await bench.emit({ event_type: 'user.action' });
  client.send({ type: 'unsubscribe', subscription_id: created.subscription_id });
  expect(await client.next()).toMatchObject({ type: 'unsubscribed', success: false });
});

test.each([
  ['session_id', { session_id: 's-1' }, { session_id: 's-2' }],
  ['user_id', { user_id: 'u-1' }, { user_id: 'u-2' }],
  ['source', { source: 'shop' }, { source: 'bank' }],
  ['priority', { priority: 'high' as const }, { priority: 'normal' as const }],
])('events are filtered by %s', async (key, wanted, other) => {
  const client = await bench.connect();
  client.send({ type: 'subscribe', event_types: ['user.action'], filters: wanted });
  expect((await client.next('subscription_created')).filters).toEqual(wanted);
  const id = `filter-${key}`;
  await bench.emit(
    { event_type: 'user.action', ...other },
    { event_type: 'user.action', ...wanted, event_id: id },
  );
  expect((await client.next()).event.event_id).toBe(id);
});

test('the events of a session reach it on any channel', async () => {
  const client = await bench.connect();
  client.send({ type: 'subscribe', event_types: [...CORE_EVENT_TYPES], session_id: 's-7' });
  await client.next('subscription_created');
  const channels = ['api', 'cli', 'mcp', null];
  await bench.emit(
    ...channels.flatMap((channel, i) => [
      { event_id: `other-${i}`, event_type: 'channel.message', channel, session_id: 's-8' },
      { event_id: `own-${i}`, event_type: 'channel.message', channel, session_id: 's-7' },
    ]),
  );
  for (const [i, channel] of channels.entries()) {
    expect((await client.next()).event).toMatchObject({ event_id: `own-${i}`, channel });
  }
});

test('several subscriptions of a client are told apart, and others have their own', async () => {
  const [one, two] = [await bench.connect(), await bench.connect()];
  one.send({ type: 'subscribe', event_types: ['user.action'] });
  one.send({ type: 'subscribe', event_types: ['user.action', 'node.failed'] });
  two.send({ type: 'subscribe', event_types: ['node.failed'] });
  const first = (await one.next('subscription_created')).subscription_id;
  const second = (await one.next('subscription_created')).subscription_id;
  const third = (await two.next('subscription_created')).subscription_id;
  await bench.emit({ event_type: 'user.action' }, { event_type: 'node.failed' });
  const got = [await one.next(), await one.next(), await one.next()];
  expect(got.map((message) => [message.subscription_id, message.event.event_type])).toEqual([
    [first, 'user.action'],
    [second, 'user.action'],
    [second, 'node.failed'],
  ]);
  expect((await two.next()).subscription_id).toBe(third);
});

test('statistics count streams, clients and subscriptions by type; who leaves is counted no more', async () => {
  const own = await startStream();
  try {
    const [one, two] = [await own.connect(), await own.connect()];
    one.send({ type: 'subscribe', event_types: ['user.action', 'node.failed'] });
    two.send({ type: 'subscribe', event_types: ['user.action'] });
    await two.next('subscription_created');
    await one.next('subscription_created');
    one.send({ type: 'get_stats' });
    expect(await one.next()).toMatchObject({
      type: 'stats',
      stats: {
        active_streams: 2,
        total_subscriptions: 2,
        connected_clients: 2,
        subscriptions_by_type: { 'user.action': 2, 'node.failed': 1 },
      },
    });
    two.destroy();
    let stats;
    do {
      one.send({ type: 'get_stats' });
      ({ stats } = await one.next('stats'));
    } while (stats.connected_clients === 2);
    expect(stats).toMatchObject({
      active_streams: 1,
      total_subscriptions: 1,
      subscriptions_by_type: { 'user.action': 1, 'node.failed': 1 },
    });
  } finally {
    await own.close();
  }
});

test('what is not JSON is an error, and the connection stays', async () => {
  const client = await bench.connect();
  await client.next('connection_established');
  for (const text of ['{', '', 'hello', '{"type":', '\u0000']) {
    client.frame(1, text);
    expect(await client.next()).toEqual({ type: 'error', message: 'Invalid JSON message' });
  }
  client.send({ type: 'get_stats' });
  expect((await client.next()).type).toBe('stats');
});

test('a broadcast reaches everybody, whatever they subscribed to', async () => {
  const [one, two] = [await bench.connect(), await bench.connect()];
  await one.next('connection_established');
  await two.next('connection_established');
  bench.server.broadcast({ type: 'announcement', text: 'back at noon' });
  for (const client of [one, two]) {
    expect(await client.next()).toEqual({ type: 'announcement', text: 'back at noon' });
  }
});
