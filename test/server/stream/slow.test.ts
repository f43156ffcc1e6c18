import { afterEach, describe, expect, test } from 'vitest';
import { STREAM_LIMITS } from '../../../src/server/stream/limits.js';
import { settled } from '../../support/manual-clock.js';
import { createMemoryStream, type MemoryClient, type MemoryStream } from './memory-stream.js';
import { runSlowLoad } from './slow-load.js';
import { startStream, type StreamBench } from './stream-bench.js';

const { clientBytes, totalBytes } = STREAM_LIMITS;
const TEXT = 'x'.repeat(600);

async function follow(world: MemoryStream, request: object = {}): Promise<MemoryClient> {
  const client = world.connect();
  client.send({ type: 'subscribe', event_types: ['x'], ...request });
  await settled();
  return client;
}

const followers = async (world: MemoryStream, count: number): Promise<MemoryClient[]> =>
  Promise.all(Array.from({ length: count }, () => follow(world)));

const positionsOf = ({ messages }: MemoryClient): number[] =>
  messages.filter(({ type }) => type === 'event').map(({ position }) => position as number);

const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** Publishes one at a time; the most that waited for one client, and for all. */
async function publishMany(
  world: MemoryStream,
  clients: readonly MemoryClient[],
  count: number,
  text = TEXT,
): Promise<{ each: number; all: number }> {
  let [each, all] = [0, 0];
  for (let i = 0; i < count; i++) {
    await world.publish({ payload: { text } });
    await settled();
    const waiting = clients.map(({ waitingBytes, isDestroyed }) => (isDestroyed ? 0 : waitingBytes));
    each = Math.max(each, ...waiting);
    all = Math.max(
      all,
      waiting.reduce((sum, bytes) => sum + bytes, 0),
    );
  }
  return { each, all };
}

describe('clients that never read', () => {
  test('are cut off at 64 KiB, told from where to resume, and gone in time; others miss nothing', async () => {
    const world = createMemoryStream();
    const healthy = await followers(world, 50);
    const slow = await followers(world, 200);
    for (const client of slow) client.setReading(false);
    const { each } = await publishMany(world, slow, 150);
    expect(each).toBeGreaterThan(clientBytes * 0.9);
    expect(each).toBeLessThanOrEqual(clientBytes);
    await world.clock.advance(7_000);
    expect(world.drops.get('slow')).toBe(200);
    expect(world.stream.stats()).toMatchObject({ connected_clients: 50, dropped: 200 });
    // What was sent before is theirs still, and ends with the place from which to go on.
    for (const client of slow) {
      client.setReading(true);
      const positions = positionsOf(client);
      expect(positions).toEqual(upTo(positions.length));
      expect(client.closed).toEqual({ code: 1013, reason: `too slow: resume from ${positions.length}` });
    }
    for (const client of healthy) expect(positionsOf(client)).toEqual(upTo(150));
    await settled();
    expect(world.stream.stats().buffered_bytes).toBe(0);
    await world.stream.close();
  });

  test('two thousand of them take no more than 64 MiB', async () => {
    const world = createMemoryStream();
    const healthy = await followers(world, 50);
    const slow = await followers(world, 2_000);
    for (const client of slow) client.setReading(false);
    const { each, all } = await publishMany(world, slow, 14, 'x'.repeat(6_000));
    expect(each).toBeLessThanOrEqual(clientBytes);
    expect(all).toBeGreaterThan(totalBytes * 0.7);
    expect(all).toBeLessThanOrEqual(totalBytes);
    expect(world.drops.get('memory')).toBeGreaterThan(0);
    await world.clock.advance(7_000);
    expect(world.stream.stats()).toMatchObject({ connected_clients: 50, dropped: 2_000 });
    for (const client of healthy) expect(positionsOf(client)).toEqual(upTo(14));
    for (const client of slow) client.setReading(true);
    await world.stream.close();
  });
});

describe('a client that only lags', () => {
  test('is given the rest from the journal at its own pace, with nothing missing and nothing twice', async () => {
    const world = createMemoryStream();
    const client = await follow(world);
    let published = 0;
    for (let round = 0; round < 8; round++) {
      client.setReading(false);
      await publishMany(world, [client], 130);
      await world.clock.advance(2_000);
      client.setReading(true);
      published += 130;
      // Some more while it catches up.
      for (let i = 0; i < 5; i++) await world.publish({ payload: { text: TEXT } });
      published += 5;
      while (positionsOf(client).length < published) await settled();
    }
    await publishMany(world, [client], 3);
    expect(positionsOf(client)).toEqual(upTo(published + 3));
    expect(client.closed).toBeNull();
    await world.stream.close();
  });

  test('a burst that is larger than what may wait is no reason to drop anybody', async () => {
    const world = createMemoryStream();
    const client = await follow(world);
    client.setReading(false);
    await world.publish(...upTo(500).map(() => ({ payload: { text: TEXT } })));
    client.setReading(true);
    while (positionsOf(client).length < 500) await settled();
    expect(positionsOf(client)).toEqual(upTo(500));
    await world.stream.close();
  });

  test('an event that is larger than what may wait is sent alone', async () => {
    const world = createMemoryStream({ clientBytes: 2_000 });
    const client = await follow(world);
    await world.publish(...upTo(4).map(() => ({ payload: { text: 'x'.repeat(10_000) } })));
    while (positionsOf(client).length < 4) await settled();
    expect(positionsOf(client)).toEqual(upTo(4));
    await world.stream.close();
  });

  test('answers that are not read count as well', async () => {
    const world = createMemoryStream();
    const client = await follow(world);
    client.setReading(false);
    for (let i = 0; i < 1_000 && !client.isDestroyed; i++) {
      client.send({ type: 'get_stats' });
      await settled();
      expect(client.waitingBytes).toBeLessThanOrEqual(clientBytes + 200);
    }
    expect(world.drops.get('slow')).toBe(1);
    client.setReading(true);
    await world.stream.close();
  });
});

describe('a peer that is not there any more', () => {
  test('is found out by its silence, and others by their answers', async () => {
    const world = createMemoryStream();
    const [alive, dead] = [await follow(world), await follow(world)];
    dead.answersPings = false;
    await world.clock.advance(30_000);
    expect([alive.pings, dead.pings]).toEqual([1, 1]);
    expect(dead.isDestroyed).toBe(false);
    await world.clock.advance(30_000);
    expect(dead.isDestroyed).toBe(true);
    expect(alive.isDestroyed).toBe(false);
    expect(world.drops.get('dead')).toBe(1);
    await world.clock.advance(60_000);
    expect(alive.pings).toBeGreaterThanOrEqual(3);
    expect(world.stream.stats()).toMatchObject({ connected_clients: 1, total_subscriptions: 1 });
    await world.stream.close();
  });
});

describe('when the daemon stops', () => {
  test('everybody is told from where to resume, and nothing is left behind', async () => {
    const world = createMemoryStream();
    const clients = await followers(world, 3);
    await publishMany(world, clients, 4);
    await world.stream.close();
    for (const client of clients) {
      expect(client.closed).toEqual({ code: 1001, reason: 'the daemon is stopping: resume from 4' });
    }
    expect(world.stream.stats()).toMatchObject({ connected_clients: 0, total_subscriptions: 0 });
    expect(world.clock.waiting).toBe(0);
  });
});

describe('over real connections', () => {
  let bench: StreamBench | null = null;
  afterEach(() => bench?.close());

  test('those that never read are dropped in time, and others miss nothing', async () => {
    const { emit, port } = (bench = await startStream({ streamLimits: { stallMs: 1_000 } }));
    const outcome = await runSlowLoad({
      port,
      slow: 10,
      healthy: 50,
      payloadBytes: 100,
      bulkBytes: 60 * 1024,
      everyMs: 0,
      limitMs: 10_000,
      emit: (event) => emit({ ...event, payload: event.payload as never }),
    });
    expect(outcome.droppedAfterMs).toBeLessThan(10_000);
    expect(outcome).toMatchObject({ dropped: 10, wrong: 0 });
    expect(outcome.bufferedBytes).toBeLessThanOrEqual(60 * clientBytes);
  });
});
