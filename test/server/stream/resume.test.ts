import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StoredDecision, StoredEvent } from '../../../src/model/record.js';
import type { PageQuery } from '../../../src/ports/store.js';
import { startStream, type StreamBench } from './stream-bench.js';
import type { Message, RawClient } from './raw-client.js';

const PAGE: PageQuery = { cursor: null, limit: 1_000, order: 'oldest' };
const TIMES = { sinceMs: null, untilMs: null };

function journalOf({ store }: StreamBench): readonly StoredEvent[] {
  const events: StoredEvent[] = [];
  for (;;) {
    const { items } = store.events({
      ...PAGE,
      ...TIMES,
      types: [],
      afterPosition: events.at(-1)?.position ?? 0,
    });
    if (items.length === 0) return events;
    events.push(...items);
  }
}

function decisionsOf({ store }: StreamBench): readonly StoredDecision[] {
  return store.decisions({ ...PAGE, ...TIMES, event_id: null, trigger_id: null }).items;
}

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** Where a client stands that has had these messages. */
function placeAfter(messages: readonly Message[], before: string): string {
  const last = messages.findLast(({ type }) => type === 'event' || type === 'decision');
  if (last === undefined) return before;
  return last.type === 'event' ? String(last.position) : `${last.position}/${last.number}`;
}

describe('a client that is disconnected again and again', () => {
  let bench: StreamBench;
  beforeAll(async () => {
    bench = await startStream();
  });
  afterAll(() => bench.close());

  test('has every event and every decision once, in their order, after a hundred times', async () => {
    let emitting = true;
    const emitted = (async () => {
      for (let i = 0; i < 150; i++) {
        const batch = Array.from({ length: 1 + (i % 7) }, (_, k) => ({
          event_type: k % 3 === 0 ? 'order.paid' : 'order.placed',
          user_id: `u-${(i * 7 + k) % 40}`,
          payload: { text: 'x'.repeat((i * 31) % 900) },
        }));
        await bench.emit(...batch);
        await turns(i % 5);
      }
      emitting = false;
    })();
    const got: Message[] = [];
    let from = 'beginning';
    let cuts = 0;
    for (; cuts < 100 || emitting; cuts++) {
      const client = await bench.connect();
      client.send({ type: 'subscribe', event_types: ['*'], kinds: ['event', 'decision'], from });
      await client.next('subscription_created');
      // Sometimes at once, sometimes in the middle of a batch, sometimes when all is quiet.
      const patience = (cuts * 13) % 23;
      for (let turn = 0; turn < 40 && client.received.length < patience; turn++) await turns(1);
      client.destroy();
      const mine = client.received.filter(({ type }) => type === 'event' || type === 'decision');
      got.push(...mine);
      from = placeAfter(mine, from);
    }
    await emitted;
    expect(cuts).toBeGreaterThanOrEqual(100);
    await turns(20);
    const journal = journalOf(bench);
    const decisions = decisionsOf(bench);
    const client = await bench.connect();
    client.send({ type: 'subscribe', event_types: ['*'], kinds: ['event', 'decision'], from });
    while (got.length < journal.length + decisions.length) {
      const message = await client.next();
      if (message.type === 'event' || message.type === 'decision') got.push(message);
    }
    const events = got.filter(({ type }) => type === 'event');
    expect(events.map(({ position }) => position)).toEqual(journal.map(({ position }) => position));
    expect(events.map(({ event }) => event.event_id)).toEqual(journal.map(({ event }) => event.event_id));
    const decided = got.filter(({ type }) => type === 'decision');
    expect(decided.map(({ decision }) => [decision.position, decision.event_id])).toEqual(
      decisions.map(({ position, event_id }) => [position, event_id]),
    );
    // Nothing more comes once all is told.
    await turns(10);
    client.send({ type: 'get_stats' });
    const rest: string[] = [];
    while (rest.at(-1) !== 'stats') rest.push((await client.next()).type);
    expect(rest.filter((type) => type === 'event' || type === 'decision')).toEqual([]);
  });
});

describe('from where a subscription begins', () => {
  let bench: StreamBench;
  beforeAll(async () => {
    bench = await startStream();
    await bench.emit(...['a', 'b', 'c', 'd'].map((event_id) => ({ event_id, event_type: 'order.placed' })));
  });
  afterAll(() => bench.close());

  test.each([
    ['beginning', ['a', 'b', 'c', 'd'], '0'],
    [0, ['a', 'b', 'c', 'd'], '0'],
    [2, ['c', 'd'], '2'],
    ['3', ['d'], '3'],
    ['3/1', ['d'], '3/1'],
    [4, [], '4'],
    ['now', [], '4'],
    [undefined, [], '4'],
    [null, [], '4'],
  ])('%s', async (from, ids, told) => {
    const client = await bench.follow({ event_types: ['order.placed'], from });
    expect(client.created['from']).toBe(told);
    for (const id of ids) expect((await client.next()).event.event_id).toBe(id);
    client.send({ type: 'get_stats' });
    expect((await client.next()).type).toBe('stats');
  });

  test('what the journal has not come to yet is refused', async () => {
    const client = await bench.connect();
    await client.next('connection_established');
    client.send({ type: 'subscribe', event_types: ['*'], from: 5_000 });
    expect(await client.next()).toMatchObject({
      type: 'error',
      message: 'there is no position 5000 yet: the journal ends at 4',
      in_reply_to: 'subscribe',
      code: 'position-unknown',
    });
  });
});

test('events that are no longer kept are named', async () => {
  const bench = await startStream();
  try {
    await bench.emit(...Array.from({ length: 10 }, (_, i) => ({ event_id: `old-${i}`, event_type: 'x' })));
    await new Promise((resolve) => setTimeout(resolve, 2));
    await bench.store.prune({ beforeMs: Date.now(), idsBeforeMs: 0, maxBytes: null });
    await bench.emit({ event_id: 'new', event_type: 'x' });
    const client = await bench.follow({ event_types: ['x'], from: 3 });
    expect(await client.next()).toMatchObject({
      type: 'error',
      message: 'the events 4 to 10 are no longer kept',
      code: 'events-gone',
      missing: { from: 4, to: 10 },
    });
    expect((await client.next()).event.event_id).toBe('new');
  } finally {
    await bench.close();
  }
});

describe('decisions and launches', () => {
  let bench: StreamBench;
  beforeAll(async () => {
    bench = await startStream();
  });
  afterAll(() => bench.close());

  const collect = async (client: RawClient, count: number): Promise<Message[]> => {
    const messages: Message[] = [];
    while (messages.length < count) messages.push(await client.next());
    return messages;
  };

  test('are told behind the event they come from, and selected by it; from a position too', async () => {
    const all = await bench.follow({ kinds: ['event', 'decision', 'launch'], session_id: 's-1' });
    const other = await bench.follow({ kinds: ['decision', 'launch'], filters: { user_id: 'u-2' } });
    await bench.emit(
      { event_id: 'p-1', event_type: 'order.paid', user_id: 'u-1', session_id: 's-1' },
      { event_id: 'p-2', event_type: 'order.paid', user_id: 'u-2', session_id: 's-2' },
      { event_id: 'p-3', event_type: 'order.paid', user_id: 'u-1', session_id: 's-1' },
    );
    const first = await collect(all, 5);
    expect(first.map(({ type }) => type)).toEqual(['event', 'decision', 'event', 'decision', 'launch']);
    expect(first[1]).toMatchObject({
      decision: { event_id: 'p-1', launches: [expect.any(String)], suppressed: [] },
      position: first[0].position,
      number: 1,
    });
    expect(first[3]).toMatchObject({ decision: { event_id: 'p-3', suppressed: [{ gate: 'cooldown' }] } });
    expect(first[4]).toMatchObject({ launch: { event_id: 'p-1', workflow_name: 'ship' } });
    expect(first[4].launch.workflow).toBeUndefined();
    let seen: Message;
    do seen = await other.next();
    while (seen.launch?.status !== 'succeeded');
    expect(seen.launch.event_id).toBe('p-2');

    // From a position, launches come as they stand now.
    await turns(20);
    const client = await bench.follow({ kinds: ['decision', 'launch'], from: 'beginning' });
    const messages = await collect(client, 5);
    expect(messages.map(({ type }) => type)).toEqual([
      'decision',
      'launch',
      'decision',
      'launch',
      'decision',
    ]);
    expect(messages.filter(({ type }) => type === 'launch').map(({ launch }) => launch.status)).toEqual([
      'succeeded',
      'succeeded',
    ]);
  });
});
