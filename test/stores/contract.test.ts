import { afterEach, describe, expect, test } from 'vitest';
import { LAUNCH_STATUSES } from '../../src/model/outcome.js';
import type { LaunchRecord } from '../../src/model/record.js';
import type { DecisionQuery, EventQuery, LaunchQuery, Store } from '../../src/ports/store.js';
import { storeKinds } from '../../src/stores/registry.js';
import { createFolders } from './support/folders.js';
import {
  commitOf,
  launchRecord,
  moved,
  pruneAll,
  quiet,
  readAll,
  storedDecision,
  storedEvent,
} from './support/records.js';

const newFolder = createFolders();
const events: EventQuery = {
  types: [],
  sinceMs: null,
  untilMs: null,
  afterPosition: null,
  cursor: null,
  limit: 100,
  order: 'oldest',
};
const launches: LaunchQuery = {
  trigger_id: null,
  workflow_name: null,
  statuses: [],
  sinceMs: null,
  untilMs: null,
  cursor: null,
  limit: 100,
  order: 'oldest',
};
const decisions: DecisionQuery = {
  event_id: null,
  trigger_id: null,
  sinceMs: null,
  untilMs: null,
  cursor: null,
  limit: 100,
  order: 'oldest',
};

describe.each(storeKinds.map((kind) => [kind.name, kind] as const))('store %s', (_name, kind) => {
  const opened: Store[] = [];
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
  });
  async function openStore(directory = newFolder()): Promise<Store> {
    const store = kind.create({ directory, log: quiet, ballastBytes: 0 });
    opened.push(store);
    await store.open();
    return store;
  }
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const eventPositions = (store: Store, query: Partial<EventQuery> = {}) =>
    readAll((cursor) => store.events({ ...events, ...query, cursor })).map(({ position }) => position);
  const launchIds = (store: Store, query: Partial<LaunchQuery> = {}) =>
    readAll((cursor) => store.launches({ ...launches, ...query, cursor })).map(({ launch_id }) => launch_id);
  const decisionPositions = (store: Store, query: Partial<DecisionQuery> = {}) =>
    readAll((cursor) => store.decisions({ ...decisions, ...query, cursor })).map(({ position }) => position);

  test('is summed up in one sentence', () => {
    expect(kind.summary).toMatch(/^[A-Z].{10,}\.$/);
  });

  test('begins empty', async () => {
    const store = kind.create({ directory: newFolder(), log: quiet, ballastBytes: 0 });
    opened.push(store);
    expect(await store.open()).toEqual({ position: 0, now: null });
    expect([...store.state()]).toEqual([]);
    expect([...store.unfinished()]).toEqual([]);
    expect(store.known(['a'], 0)).toEqual(new Set());
    expect(store.event('a')).toBeNull();
    expect(store.launch('a')).toBeNull();
    expect(store.events(events)).toEqual({ items: [], next: null });
    expect(store.launches({ ...launches, sinceMs: 0, untilMs: 1 })).toEqual({ items: [], next: null });
    expect(store.decisions({ ...decisions, trigger_id: 'x' })).toEqual({ items: [], next: null });
    expect(store.counts()).toEqual({
      events: 0,
      launches: Object.fromEntries(LAUNCH_STATUSES.map((status) => [status, 0])),
    });
    expect(await store.prune({ beforeMs: 1e15, idsBeforeMs: 1e15, maxBytes: 0 })).toEqual({
      events: 0,
      launches: 0,
      done: true,
    });
  });

  test('gives back everything of a commit as it was', async () => {
    const store = await openStore();
    const cause = storedEvent(1, {
      id: 'weird \u0000 \ud800 "id" 𝄞',
      payload: { deep: { a: [1, 2.5, null, 'x', { __proto__x: true }] }, '': '\ud800\u0000' },
    });
    const launch = launchRecord('l1', 1, {
      cause,
      at: -1.5,
      group: { 'event.payload.a': ['x'] },
      output: { nested: [1] },
      attempts: [{ number: 1, started_at: 1, ended_at: 2, reason: 'no' }],
      item_index: 0,
      warnings: ['w'],
      correlation_id: 'c',
      trigger_id: 'trigger \udfff',
      chain: ['a', 'b'],
      status: 'retrying',
      next_at: 12,
      redriven_after: 3,
    });
    const decision = storedDecision(1, {
      event_id: cause.event.event_id,
      launches: ['l1'],
      suppressed: [
        {
          trigger_id: 'held',
          event_id: cause.event.event_id,
          at: 1_000,
          gate: 'cooldown',
          until: 2_000,
          group: {},
        },
      ],
    });
    await store.commit(
      commitOf({
        events: [cause],
        launches: [launch],
        decisions: [decision],
        state: [{ key: 'k', value: '{}' }],
      }),
    );
    expect(store.event(cause.event.event_id)).toEqual(cause);
    expect(store.events(events).items).toEqual([cause]);
    expect(store.launch('l1')).toEqual(launch);
    expect(store.launches(launches).items).toEqual([launch]);
    expect([...store.unfinished()]).toEqual([launch]);
    expect(store.decisions(decisions).items).toEqual([decision]);
    expect(store.launches({ ...launches, trigger_id: 'trigger \udfff' }).items).toEqual([launch]);
    expect(store.launches({ ...launches, trigger_id: 'trigger \udffe' }).items).toEqual([]);
    expect([...store.state()]).toEqual([{ key: 'k', value: '{}' }]);
    expect(store.known([cause.event.event_id, 'weird \u0000 \ud801 "id" 𝄞'], 0)).toEqual(
      new Set([cause.event.event_id]),
    );
  });

  describe('takes a commit whole or not at all', () => {
    const broken = (message: string) =>
      new Proxy(
        {},
        {
          get: () => {
            throw new Error(message);
          },
        },
      ) as never;
    test.each([
      ['a state row that throws', { state: [{ key: 'new', value: '1' }, broken('state')] }],
      ['a launch that throws', { launches: [launchRecord('new', 2), broken('launch')] }],
      ['an update that throws', { updates: [moved(launchRecord('old', 1), 'dead'), broken('update')] }],
      ['a decision that throws', { decisions: [storedDecision(2), broken('decision')] }],
      ['an event that throws', { events: [storedEvent(2), broken('event')] }],
      ['a gap in the journal', { events: [storedEvent(2), storedEvent(4)] }],
      ['a position already taken', { events: [storedEvent(1, { id: 'other' })] }],
      ['a position beyond its events', { events: [storedEvent(2)], position: 3 }],
    ])('%s', async (_case, parts) => {
      const store = await openStore();
      const first = commitOf({
        events: [storedEvent(1)],
        launches: [launchRecord('old', 1)],
        state: [{ key: 'old', value: 'x' }],
      });
      await store.commit(first);
      const full = {
        ...commitOf({
          events: [storedEvent(2)],
          position: 2,
          state: [
            { key: 'old', value: null },
            { key: 'new', value: '1' },
          ],
          launches: [launchRecord('new', 2)],
          updates: [moved(launchRecord('old', 1), 'succeeded', { ended_at: 5 })],
          decisions: [storedDecision(2)],
        }),
        ...parts,
      };
      await expect(store.commit(full)).rejects.toMatchObject({ name: expect.stringMatching(/Error|Fault/) });
      expect(eventPositions(store)).toEqual([1]);
      expect(store.known(['event-2'], 0)).toEqual(new Set());
      expect([...store.state()]).toEqual([{ key: 'old', value: 'x' }]);
      expect(launchIds(store)).toEqual(['old']);
      expect(store.launch('old')?.status).toBe('pending');
      expect(decisionPositions(store)).toEqual([]);
      expect(store.counts()).toMatchObject({ events: 1, launches: { pending: 1, succeeded: 0, dead: 0 } });
      // And the next one goes on as if nothing had been.
      await store.commit(commitOf({ events: [storedEvent(2)], launches: [launchRecord('new', 2)] }));
      expect(await store.open()).toEqual({ position: 2, now: 2_000 });
      expect(launchIds(store)).toEqual(['old', 'new']);
      expect(store.launch('new')).toEqual(launchRecord('new', 2));
    });
  });

  test('closed twice and opened again, it is as the last commit left it', async () => {
    const store = await openStore();
    const launch = launchRecord('l1', 2, { status: 'running' });
    await store.commit(
      commitOf({
        events: [storedEvent(1), storedEvent(2)],
        launches: [launch],
        state: [{ key: 'k', value: '1' }],
      }),
    );
    await store.commit(commitOf({ position: 2, now: 9_000, state: [{ key: 'k', value: '2' }] }));
    await store.close();
    await store.close();
    expect(await store.open()).toEqual({ position: 2, now: 9_000 });
    expect([...store.state()]).toEqual([{ key: 'k', value: '2' }]);
    expect([...store.unfinished()]).toEqual([launch]);
    expect(store.counts()).toMatchObject({ events: 2, launches: { running: 1 } });
    await store.commit(commitOf({ events: [storedEvent(3)], launches: [launchRecord('l2', 3)] }));
    expect(eventPositions(store)).toEqual([1, 2, 3]);
    expect(launchIds(store)).toEqual(['l1', 'l2']);
  });

  test('refuses to be used before it is opened and after it is closed', async () => {
    const store = kind.create({ directory: newFolder(), log: quiet, ballastBytes: 0 });
    const refused = { name: 'Fault', code: 'internal', message: 'the store is not open' };
    await expect(store.commit(commitOf({}))).rejects.toMatchObject(refused);
    await store.close();
    await store.open();
    await store.close();
    await expect(store.commit(commitOf({}))).rejects.toMatchObject(refused);
    await expect(store.prune({ beforeMs: 0, idsBeforeMs: 0, maxBytes: null })).rejects.toMatchObject(refused);
    for (const read of [
      () => store.counts(),
      () => store.event('a'),
      () => store.launch('a'),
      () => store.known([], 0),
      () => store.events(events),
      () => store.launches(launches),
      () => store.decisions(decisions),
      () => store.sizeBytes(),
      () => [...store.state()],
      () => [...store.unfinished()],
    ]) {
      expect(read).toThrow('the store is not open');
    }
  });

  test('keeps state in key order, the newest value of each, and finds what begins with a prefix', async () => {
    const store = await openStore();
    const keys = ['b', 'a', 'a/1', 'a0', 'ä', '', 'a/\uffff', 'a/𝄞', 'B', 'a/10'];
    await store.commit(commitOf({ state: keys.map((key) => ({ key, value: `first ${key}` })) }));
    await store.commit(
      commitOf({
        state: [
          { key: 'b', value: null },
          { key: 'a', value: 'second' },
          { key: 'B', value: null },
          { key: 'B', value: 'again' },
          { key: 'never', value: null },
        ],
      }),
    );
    const inOrder = ['', 'B', 'a', 'a/1', 'a/10', 'a/\uffff', 'a/𝄞', 'a0', 'ä'];
    expect([...store.state()].map(({ key }) => key)).toEqual(inOrder);
    expect([...store.state('a/')].map(({ key }) => key)).toEqual(['a/1', 'a/10', 'a/\uffff', 'a/𝄞']);
    expect([...store.state('a')][0]).toEqual({ key: 'a', value: 'second' });
    expect([...store.state('B')]).toEqual([{ key: 'B', value: 'again' }]);
    expect([...store.state('nothing')]).toEqual([]);
  });

  test('reads state of more rows than are read at once', async () => {
    const store = await openStore();
    const rows = range(100, 450).map((n) => ({ key: `k${n}`, value: `${n}` }));
    await store.commit(commitOf({ state: [...rows].reverse() }));
    expect([...store.state()]).toEqual(rows);
    expect([...store.state('k2')]).toEqual(rows.slice(100, 200));
    const [first] = store.state();
    expect(first).toEqual(rows[0]);
    await store.commit(commitOf({ state: [{ key: 'k100', value: null }] }));
    expect([...store.state()]).toEqual(rows.slice(1));
  });

  test.each(['oldest', 'newest'] as const)('pages %s first, with commits in between', async (order) => {
    const store = await openStore();
    let next = 1;
    const grow = async (count: number) => {
      const added = range(next, next + count - 1);
      next += count;
      await store.commit(
        commitOf({
          events: added.map((position) => storedEvent(position)),
          launches: added.map((position) => launchRecord(`l${position}`, position)),
          decisions: added.map((position) => storedDecision(position)),
        }),
      );
    };
    await grow(10);
    const read: Record<'events' | 'launches' | 'decisions', number[]> = {
      events: [],
      launches: [],
      decisions: [],
    };
    const cursors: Record<string, string | null> = { events: null, launches: null, decisions: null };
    for (let page = 0; page < 4; page++) {
      const ofEvents = store.events({ ...events, order, limit: 3, cursor: cursors['events'] ?? null });
      const ofLaunches = store.launches({
        ...launches,
        order,
        limit: 3,
        cursor: cursors['launches'] ?? null,
      });
      const ofDecisions = store.decisions({
        ...decisions,
        order,
        limit: 3,
        cursor: cursors['decisions'] ?? null,
      });
      read.events.push(...ofEvents.items.map(({ position }) => position));
      read.launches.push(...ofLaunches.items.map(({ position }) => position));
      read.decisions.push(...ofDecisions.items.map(({ position }) => position));
      cursors['events'] = ofEvents.next;
      cursors['launches'] = ofLaunches.next;
      cursors['decisions'] = ofDecisions.next;
      await grow(1);
    }
    const expected = order === 'oldest' ? range(1, 12) : range(1, 10).reverse();
    expect(read).toEqual({ events: expected, launches: expected, decisions: expected });
    expect(Object.values(cursors).every((cursor) => (cursor === null) === (order === 'newest'))).toBe(true);
  });

  test('does not give the number of a forgotten launch again', async () => {
    const store = await openStore();
    await store.commit(
      commitOf({
        launches: [launchRecord('l1', 0), launchRecord('l2', 0, { status: 'succeeded', ended_at: 5 })],
      }),
    );
    const { next } = store.launches({ ...launches, limit: 1 });
    const behind = store.launches({ ...launches, limit: 1, cursor: next });
    expect(behind.items).toHaveLength(1);
    await pruneAll(store, { beforeMs: 100, idsBeforeMs: 0, maxBytes: null });
    await store.close();
    await store.open();
    await store.commit(commitOf({ launches: [launchRecord('l3', 0), launchRecord('l4', 0)] }));
    const after = store.launches({ ...launches, limit: 1, order: 'newest' });
    expect(after.items.map(({ launch_id }) => launch_id)).toEqual(['l4']);
    expect(launchIds(store)).toEqual(['l1', 'l3', 'l4']);
    expect(readAll((cursor) => store.launches({ ...launches, cursor: cursor ?? next }))).toHaveLength(2);
  });

  test.each([
    ['text', 'nonsense!'],
    ['nothing', ''],
    ['padding', `${Buffer.from('event:3').toString('base64url')}=`],
    ['a negative key', Buffer.from('event:-3').toString('base64url')],
    ['leading zeros', Buffer.from('event:03').toString('base64url')],
    ['too many digits', Buffer.from(`event:${'9'.repeat(16)}`).toString('base64url')],
    ['another reading', Buffer.from('launch:3').toString('base64url')],
    ['an unknown reading', Buffer.from('state:3').toString('base64url')],
    ['SQL', Buffer.from('event:3; DROP TABLE events').toString('base64url')],
  ])('refuses a cursor of %s', async (_case, cursor) => {
    const store = await openStore();
    await store.commit(commitOf({ events: [storedEvent(1)] }));
    expect(() => store.events({ ...events, cursor })).toThrow(/cursor/);
    expect(() => store.events({ ...events, cursor })).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  test.each([0, -1, 1.5, 1_001, Number.NaN])('refuses a limit of %s', async (limit) => {
    const store = await openStore();
    for (const read of [
      () => store.events({ ...events, limit }),
      () => store.launches({ ...launches, limit }),
      () => store.decisions({ ...decisions, limit }),
    ]) {
      expect(read).toThrow(expect.objectContaining({ code: 'usage' }));
    }
  });

  describe('finds events', () => {
    const types = ['a.b', 'a.b.c', 'a', 'ab.c', 'a.c', 'b', 'a.b', 'a-b.c', 'a/'];
    const filled = async () => {
      const store = await openStore();
      await store.commit(commitOf({ events: types.map((type, index) => storedEvent(index + 1, { type })) }));
      return store;
    };
    test.each([
      ['all', {}, [1, 2, 3, 4, 5, 6, 7, 8, 9]],
      ['of one type', { types: ['a.b'] }, [1, 7]],
      ['of two types', { types: ['b', 'a'] }, [3, 6]],
      ['below a wildcard', { types: ['a.*'] }, [1, 2, 5, 7]],
      ['below a deep wildcard', { types: ['a.b.*'] }, [2]],
      ['of overlapping patterns', { types: ['a.*', 'a.b', 'a.b'] }, [1, 2, 5, 7]],
      ['of every type', { types: ['*', 'b'] }, [1, 2, 3, 4, 5, 6, 7, 8, 9]],
      ['with a star that is no whole segment', { types: ['a*'] }, []],
      ['of no type there is', { types: ['z', 'z.*'] }, []],
      ['since a time', { sinceMs: 7_000 }, [7, 8, 9]],
      ['until a time', { untilMs: 3_000 }, [1, 2]],
      ['between times', { sinceMs: 2_001, untilMs: 4_001 }, [3, 4]],
      ['between times the wrong way round', { sinceMs: 5_000, untilMs: 2_000 }, []],
      ['behind a position', { afterPosition: 6 }, [7, 8, 9]],
      ['by all of it', { types: ['a.*'], sinceMs: 2_000, untilMs: 7_000, afterPosition: 2 }, [5]],
      ['after everything', { sinceMs: 99_000 }, []],
    ] satisfies [string, Partial<EventQuery>, number[]][])('%s', async (_case, query, expected) => {
      const store = await filled();
      expect(eventPositions(store, query)).toEqual(expected);
      expect(eventPositions(store, { ...query, order: 'newest' })).toEqual([...expected].reverse());
      expect(eventPositions(store, { ...query, limit: 2 })).toEqual(expected);
      expect(eventPositions(store, { ...query, limit: 1, order: 'newest' })).toEqual([...expected].reverse());
    });
  });

  test('finds events by time although the clock was set back', async () => {
    const store = await openStore();
    const times = [5_000, 1_000, 6_000, 2_000, 7_000];
    await store.commit(
      commitOf({
        events: times.map((receivedAt, i) => storedEvent(i + 1, { receivedAt, type: `t.${i % 2}` })),
      }),
    );
    for (const sinceMs of [null, 0, 1_000, 1_500, 5_000, 6_500, 8_000]) {
      for (const untilMs of [null, 0, 1_500, 5_000, 6_001, 8_000]) {
        const expected = range(1, 5).filter((position) => {
          const at = times[position - 1] as number;
          return at >= (sinceMs ?? 0) && at < (untilMs ?? 1e9);
        });
        expect([sinceMs, untilMs, eventPositions(store, { sinceMs, untilMs })]).toEqual([
          sinceMs,
          untilMs,
          expected,
        ]);
        expect(eventPositions(store, { sinceMs, untilMs, types: ['t.*'], limit: 1 })).toEqual(expected);
      }
    }
  });

  describe('finds launches', () => {
    const filled = async () => {
      const store = await openStore();
      const statuses = [
        'pending',
        'succeeded',
        'dead',
        'observed',
        'running',
        'succeeded',
        'skipped',
        'retrying',
      ] as const;
      await store.commit(
        commitOf({
          events: [storedEvent(1)],
          launches: statuses.map((status, index) =>
            launchRecord(`l${index + 1}`, 1, {
              status,
              // A timer's launch has its due time, which may lie far back.
              at: [10, 20, 5, 30, 40, 25, 50, 60][index] as number,
              trigger_id: index % 2 === 0 ? 'even' : 'odd',
              workflow_name: index < 4 ? 'low' : 'high',
            }),
          ),
        }),
      );
      return store;
    };
    test.each([
      ['all', {}, [1, 2, 3, 4, 5, 6, 7, 8]],
      ['of a trigger', { trigger_id: 'odd' }, [2, 4, 6, 8]],
      ['of a workflow', { workflow_name: 'high' }, [5, 6, 7, 8]],
      ['of a trigger and a workflow', { trigger_id: 'odd', workflow_name: 'high' }, [6, 8]],
      ['of a rare status', { statuses: ['dead'] }, [3]],
      ['of rare statuses', { statuses: ['retrying', 'dead', 'dead', 'pending'] }, [1, 3, 8]],
      ['of a frequent status', { statuses: ['succeeded'] }, [2, 6]],
      ['of both', { statuses: ['succeeded', 'dead'] }, [2, 3, 6]],
      ['of a trigger and a status', { trigger_id: 'odd', statuses: ['succeeded'] }, [2, 6]],
      ['since a time', { sinceMs: 25 }, [4, 5, 6, 7, 8]],
      ['until a time', { untilMs: 25 }, [1, 2, 3]],
      ['between times', { sinceMs: 20, untilMs: 40 }, [2, 4, 6]],
      ['of a status between times', { statuses: ['dead', 'running'], sinceMs: 1, untilMs: 10 }, [3]],
      [
        'by all of it',
        { trigger_id: 'odd', workflow_name: 'low', statuses: ['observed'], sinceMs: 30, untilMs: 31 },
        [4],
      ],
      ['of a trigger there is not', { trigger_id: 'x' }, []],
    ] satisfies [string, Partial<LaunchQuery>, number[]][])('%s', async (_case, query, expected) => {
      const store = await filled();
      const ids = expected.map((n) => `l${n}`);
      expect(launchIds(store, query)).toEqual(ids);
      expect(launchIds(store, { ...query, limit: 1, order: 'newest' })).toEqual([...ids].reverse());
    });
  });

  test('finds decisions by event, and by trigger whether it launched or was held back', async () => {
    const store = await openStore();
    const held = (trigger_id: string, position: number) => ({
      trigger_id,
      event_id: `event-${position}`,
      at: position * 1_000,
      gate: 'cooldown' as const,
      until: null,
      group: {},
    });
    await store.commit(
      commitOf({
        events: range(1, 4).map((n) => storedEvent(n)),
        launches: [launchRecord('l1', 1, { trigger_id: 'a' }), launchRecord('l2', 2, { trigger_id: 'b' })],
        decisions: [
          storedDecision(1, { launches: ['l1'] }),
          storedDecision(2, { launches: ['l2'], suppressed: [held('a', 2), held('a', 2)] }),
          storedDecision(3, { suppressed: [held('c', 3)] }),
          storedDecision(3, { event_id: null, launches: ['l1'] }),
          storedDecision(4, { launches: ['unknown'] }),
        ],
      }),
    );
    await store.commit(
      commitOf({ position: 4, decisions: [storedDecision(4, { event_id: null, launches: ['l2'] })] }),
    );
    expect(decisionPositions(store)).toEqual([1, 2, 3, 3, 4, 4]);
    expect(decisionPositions(store, { trigger_id: 'a', limit: 2 })).toEqual([1, 2, 3]);
    expect(decisionPositions(store, { trigger_id: 'b', order: 'newest' })).toEqual([4, 2]);
    expect(decisionPositions(store, { trigger_id: 'c' })).toEqual([3]);
    expect(decisionPositions(store, { event_id: 'event-3' })).toEqual([3]);
    expect(decisionPositions(store, { event_id: 'event-2', trigger_id: 'a' })).toEqual([2]);
    expect(decisionPositions(store, { event_id: 'event-2', trigger_id: 'c' })).toEqual([]);
    expect(decisionPositions(store, { sinceMs: 2_000, untilMs: 4_000 })).toEqual([2, 3, 3]);
    expect(decisionPositions(store, { trigger_id: 'a', sinceMs: 2_000, untilMs: 3_000 })).toEqual([2]);
  });

  test('knows event ids from a time on', async () => {
    const store = await openStore();
    await store.commit(commitOf({ events: range(1, 3).map((n) => storedEvent(n)) }));
    const ids = ['event-1', 'event-2', 'event-3', 'event-4'];
    expect(store.known(ids, 2_000)).toEqual(new Set(['event-2', 'event-3']));
    expect(store.known(ids, 0)).toEqual(new Set(ids.slice(0, 3)));
    // Older than the horizon, an id may come again: from then on it is known by its newest event.
    await store.commit(commitOf({ events: [storedEvent(4, { id: 'event-1' })] }));
    expect(store.known(ids, 2_000)).toEqual(new Set(['event-1', 'event-2', 'event-3']));
    expect(store.event('event-1')?.position).toBe(4);
    expect(eventPositions(store)).toEqual([1, 2, 3, 4]);
  });

  test('leaves a launch that is inserted again as it stands', async () => {
    const store = await openStore();
    const launch = launchRecord('l1', 1);
    const done = moved(launch, 'succeeded', { ended_at: 7, output: { ok: true } });
    await store.commit(commitOf({ events: [storedEvent(1)], launches: [launch, moved(launch, 'dead')] }));
    expect(store.launch('l1')).toEqual(launch);
    await store.commit(commitOf({ position: 1, updates: [done] }));
    await store.commit(commitOf({ events: [storedEvent(2)], launches: [launch, launchRecord('l2', 2)] }));
    expect(store.launch('l1')).toEqual(done);
    expect(launchIds(store)).toEqual(['l1', 'l2']);
    expect(store.counts().launches).toMatchObject({ pending: 1, succeeded: 1, dead: 0 });
  });

  test('applies updates in their order, also to launches of the same commit, and keeps what was decided', async () => {
    const store = await openStore();
    const launch = launchRecord('l1', 1);
    const attempts = [{ number: 1, started_at: 1, ended_at: 2, reason: 'no' }];
    await store.commit(
      commitOf({
        events: [storedEvent(1)],
        launches: [launch],
        updates: [
          moved(launch, 'running'),
          moved(launch, 'retrying', { attempts, next_at: 50, redriven_after: 1, input: {}, hops: 9 }),
        ],
      }),
    );
    const expected = moved(launch, 'retrying', { attempts, next_at: 50, redriven_after: 1 });
    expect(store.launch('l1')).toEqual(expected);
    await store.close();
    await store.open();
    expect(store.launch('l1')).toEqual(expected);
    expect(store.counts().launches).toMatchObject({ pending: 0, running: 0, retrying: 1 });
  });

  test('takes an update of a launch it does not know for the launch', async () => {
    const store = await openStore();
    const lost = launchRecord('lost', 0, { status: 'dead', ended_at: 3 });
    await store.commit(commitOf({ updates: [lost], launches: [launchRecord('l1', 0)] }));
    expect(launchIds(store)).toEqual(['l1', 'lost']);
    expect(store.launch('lost')).toEqual(lost);
  });

  test('gives unfinished launches in the order they were decided, while they are being finished', async () => {
    const store = await openStore();
    const all = range(1, 350).map((n) =>
      launchRecord(`l${n}`, 1, {
        status: LAUNCH_STATUSES[n % LAUNCH_STATUSES.length] as LaunchRecord['status'],
      }),
    );
    await store.commit(commitOf({ events: [storedEvent(1)], launches: all }));
    const open = all.filter(({ status }) => ['pending', 'running', 'retrying'].includes(status));
    expect([...store.unfinished()]).toEqual(open);
    const seen: string[] = [];
    for (const launch of store.unfinished()) {
      seen.push(launch.launch_id);
      await store.commit(commitOf({ position: 1, updates: [moved(launch, 'succeeded', { ended_at: 9 })] }));
    }
    expect(seen).toEqual(open.map(({ launch_id }) => launch_id));
    expect([...store.unfinished()]).toEqual([]);
    expect(store.counts().launches).toMatchObject({ pending: 0, running: 0, retrying: 0, succeeded: 200 });
  });

  test('forgets by age: events, decisions and finished launches, never unfinished or dead ones', async () => {
    const store = await openStore();
    const stored = range(1, 20).map((n) => storedEvent(n));
    const made = stored.map((cause, index) =>
      launchRecord(`l${index + 1}`, index + 1, {
        cause,
        status: (['pending', 'succeeded', 'dead', 'observed', 'running', 'retrying', 'skipped'] as const)[
          index % 7
        ] as LaunchRecord['status'],
        ended_at: index % 7 === 1 ? (index + 2) * 1_000 : null,
      }),
    );
    await store.commit(
      commitOf({
        events: stored,
        launches: made,
        decisions: stored.map(({ position }) => storedDecision(position, { launches: [`l${position}`] })),
      }),
    );
    const kept = made.filter(
      ({ status, ended_at, at }) =>
        ['pending', 'dead', 'running', 'retrying'].includes(status) || (ended_at ?? at) >= 12_000,
    );
    expect(await pruneAll(store, { beforeMs: 12_000, idsBeforeMs: 5_000, maxBytes: null })).toEqual({
      events: 11,
      launches: made.length - kept.length,
    });
    const check = () => {
      expect(eventPositions(store)).toEqual(range(12, 20));
      expect(decisionPositions(store)).toEqual(range(12, 20));
      expect(decisionPositions(store, { trigger_id: 'trigger' })).toEqual(range(12, 20));
      expect(readAll((cursor) => store.launches({ ...launches, cursor }))).toEqual(kept);
      expect(store.event('event-11')).toBeNull();
      expect(store.known(['event-4', 'event-5', 'event-11'], 0)).toEqual(new Set(['event-5', 'event-11']));
      expect(store.counts().events).toBe(9);
      expect(Object.values(store.counts().launches).reduce((a, b) => a + b)).toBe(kept.length);
    };
    check();
    await store.close();
    expect(await store.open()).toEqual({ position: 20, now: 20_000 });
    check();
    await store.commit(commitOf({ events: [storedEvent(21)] }));
    expect(eventPositions(store, { sinceMs: 20_000 })).toEqual([20, 21]);
  });

  test('remembers the ids of events that are still there', async () => {
    const store = await openStore();
    await store.commit(commitOf({ events: range(1, 3).map((n) => storedEvent(n)) }));
    await pruneAll(store, { beforeMs: 2_000, idsBeforeMs: 1e9, maxBytes: null });
    expect(store.known(['event-1', 'event-2', 'event-3'], 0)).toEqual(new Set(['event-2', 'event-3']));
    expect(store.event('event-2')).toEqual(storedEvent(2));
  });
});
