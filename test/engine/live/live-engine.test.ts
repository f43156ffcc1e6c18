import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../../src/kernel/fault.js';
import { formatTime } from '../../../src/kernel/time.js';
import type { Commit, Store } from '../../../src/ports/store.js';
import { createMemoryStore } from '../../../src/stores/memory.js';
import { createManualClock } from '../../support/manual-clock.js';
import { event, folder, record, rules } from '../../support/rules.js';
import { START, startLive } from './harness.js';

const WORKFLOWS = 'workflows: { note: { executor: log } }';

const COUNTED = `
triggers:
  - trigger_id: pair
    event_types: [x]
    group_by: [user_id]
    condition: { threshold_reached: { aggregate: count, at_least: 2, within: 60s } }
    workflow_name: note
  - trigger_id: thrice
    event_types: [x]
    max_executions: 3
    workflow_name: note
${WORKFLOWS}`;

const x = (event_id: string, user_id = 'ann') => ({ event_id, event_type: 'x', user_id });

describe('a step', () => {
  test('answers with what each event led to, once it is in the store', async () => {
    const { engine, store } = await startLive({ rules: COUNTED });
    const events = ['a', 'b', 'a'].map((id) => ({ event: event(x(id)), at: START }));
    const receipts = await engine.submit(events);
    expect(receipts.map(({ position, duplicate }) => [position, duplicate])).toEqual([
      [1, false],
      [2, false],
      [null, true],
    ]);
    expect(receipts.map(({ launches }) => launches.map(({ trigger_id }) => trigger_id))).toEqual([
      ['thrice'],
      ['pair', 'thrice'],
      [],
    ]);
    for (const { launches } of receipts)
      for (const launch of launches) expect(store.launch(launch.launch_id)).toEqual(launch);
    expect(store.event('b')?.position).toBe(2);
    await engine.close();
  });

  test('drops an event whose id came before, also before a restart', async () => {
    const store = createMemoryStore();
    const first = await startLive({ rules: COUNTED, store });
    await first.send(x('a'));
    await first.engine.close();
    await store.close();
    const second = await startLive({ rules: COUNTED, store });
    const [receipt] = await second.engine.submit([{ event: event(x('a')), at: START }]);
    expect(receipt).toMatchObject({ duplicate: true, decision: null, launches: [] });
    expect(await second.send(x('b'))).toEqual(['pair', 'thrice']);
  });

  test('takes no more than may wait, and says so', async () => {
    const { engine } = await startLive({ rules: COUNTED, queueLimit: 3 });
    const some = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, i) => ({ event: event(x(`${prefix}${i}`)), at: START }));
    const first = engine.submit(some('a', 3));
    await expect(engine.submit(some('b', 1))).rejects.toMatchObject({ code: 'overloaded' });
    await first;
    await expect(engine.submit(some('c', 9))).resolves.toHaveLength(9);
  });

  test('after the end of intake nothing is taken, and what waited is decided', async () => {
    const { engine } = await startLive({ rules: COUNTED });
    const last = engine.submit([{ event: event(x('a')), at: START }]);
    engine.stopIntake();
    await expect(engine.submit([{ event: event(x('b')), at: START }])).rejects.toMatchObject({
      code: 'intake-closed',
    });
    await engine.close();
    expect((await last)[0]?.position).toBe(1);
  });

  test('a launch that cannot be made becomes an event, and the daemon goes on', async () => {
    const { engine, send, commits } = await startLive({
      rules: `
triggers:
  - trigger_id: huge
    event_types: [x]
    workflow_name: note
    workflow_input: { a: "{{ event.payload.text }}", b: "{{ event.payload.text }}" }
${WORKFLOWS}`,
    });
    expect(await send({ ...x('a'), payload: { text: 'y'.repeat(200_000) } })).toEqual([]);
    const said = commits.flatMap(({ events }) => events.map(({ event: one }) => one));
    expect(said.map(({ event_type }) => event_type)).toEqual(['x', 'system.error']);
    expect(said[1]?.payload).toMatchObject({ reason: 'launch_failed', trigger_id: 'huge', event_id: 'a' });
    expect(await send({ ...x('b'), payload: { text: 'y' } })).toEqual(['huge']);
    await engine.close();
  });
});

describe('a store that is full', () => {
  /** Refuses commits while `isFull`. */
  function bounded(): { store: Store; set(isFull: boolean): void } {
    const inner = createMemoryStore();
    let isFull = false;
    const commit = (made: Commit): Promise<void> =>
      isFull ? Promise.reject(new Fault('store-full', 'no space')) : inner.commit(made);
    return { store: { ...inner, commit }, set: (value) => void (isFull = value) };
  }

  test('refuses events, keeps what it knew, does controls later, and goes on by itself', async () => {
    const { store, set } = bounded();
    const { engine, send, pass, faults } = await startLive({ rules: COUNTED, store });
    expect(await send(x('a'))).toEqual(['thrice']);
    set(true);
    await expect(send(x('b'))).rejects.toMatchObject({ code: 'store-full' });
    await expect(send(x('c'))).rejects.toMatchObject({ code: 'store-full' });
    let done = false;
    const control = engine
      .control(({ draft }) => {
        draft.addState([{ key: '#test', value: '1' }]);
      })
      .then(() => void (done = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect([engine.isFull, done]).toEqual([true, false]);
    set(false);
    await pass(2_000);
    await control;
    expect(engine.isFull).toBe(false);
    expect([...store.state('#test')]).toHaveLength(1);
    // `b` was not taken: sent again it is the second of the window, and the second of three executions.
    expect(await send(x('b'))).toEqual(['pair', 'thrice']);
    expect(await send(x('d'))).toEqual(['thrice']);
    expect(await send(x('e'))).toEqual(['pair']);
    expect(faults).toEqual([]);
  });

  test('a store that failed ends the engine, and everything that waits is refused', async () => {
    const inner = createMemoryStore();
    let fails = false;
    const store: Store = {
      ...inner,
      commit: (made) => (fails ? Promise.reject(new Fault('store-failed', 'fsync')) : inner.commit(made)),
    };
    const { send, faults } = await startLive({ rules: COUNTED, store });
    await send(x('a'));
    fails = true;
    const sent = [send(x('b')), send(x('c'))];
    for (const one of sent) await expect(one).rejects.toMatchObject({ code: 'store-failed' });
    await expect(send(x('d'))).rejects.toMatchObject({ code: 'store-failed' });
    expect(faults.map(({ code }) => code)).toEqual(['store-failed']);
  });
});

describe('after downtime', () => {
  const ABSENCES = `
triggers:
  - trigger_id: unpaid
    event_types: [order]
    group_by: [user_id]
    condition: { time_based: { after: 10m, unless: { event_types: [paid] } } }
    workflow_name: note
  - trigger_id: silent
    event_types: [beat]
    group_by: [user_id]
    condition: { time_based: { no_event_for: 5m } }
    workflow_name: note
  - trigger_id: delayed
    event_types: [order]
    group_by: [user_id]
    condition: { time_based: { after: 10m } }
    workflow_name: note
  - trigger_id: hourly
    condition: { time_based: { cron: "0 * * * *", missed: latest, missed_within: 6h } }
    workflow_name: note
${WORKFLOWS}`;

  /** Two orders and a beat in the first minute, then the daemon is down until `backAt` minutes. */
  async function downUntil(backAt: number) {
    const store = createMemoryStore();
    const before = await startLive({ rules: ABSENCES, store });
    await before.pass(1_000);
    for (const user_id of ['ann', 'bob'])
      await before.send({ event_id: `o-${user_id}`, event_type: 'order', user_id });
    await before.send({ event_id: 'beat', event_type: 'beat', user_id: 'ann' });
    await before.engine.close();
    await store.close();
    const after = await startLive({
      rules: ABSENCES,
      store,
      clock: createManualClock(START + backAt * 60_000),
    });
    await after.pass(0);
    return after;
  }

  test('deadlines that fell due wait for what is on its way; delays, schedules and silences do not', async () => {
    const { send, pass, launched } = await downUntil(200);
    // The schedule says once what it missed, the delay is due since long; each has its own time.
    expect([...launched()].sort()).toEqual([
      ['delayed', 601],
      ['delayed', 601],
      ['hourly', 3 * 3_600],
    ]);
    // Bob paid in time, and the event waited somewhere until now.
    await send({ event_id: 'p', event_type: 'paid', user_id: 'bob' }, 199 * 60_000);
    await pass(70_000);
    expect(launched().slice(3)).toEqual([['unpaid', 601]]);
    // Ann's beats were not heard meanwhile: her silence begins with the daemon.
    await pass(4 * 60_000);
    expect(launched().slice(4)).toEqual([['silent', 205 * 60]]);
  });

  test('what is not due yet keeps its time', async () => {
    const { pass, launched } = await downUntil(2);
    expect(launched()).toEqual([]);
    await pass(9 * 60_000);
    expect([...launched()].sort()).toEqual([
      ['delayed', 601],
      ['delayed', 601],
      ['silent', 420],
      ['unpaid', 601],
      ['unpaid', 601],
    ]);
  });
});

describe('another rule set', () => {
  const version = (extra: string, condition = 'within: 60s'): string =>
    COUNTED.replace('within: 60s', condition) + extra;

  test('takes over windows and counts of what has not changed, between two events', async () => {
    const { engine, send } = await startLive({ rules: COUNTED });
    await send(x('a'));
    expect(await engine.swap(rules(version('\n# a comment')))).toEqual([]);
    expect(await send(x('b'))).toEqual(['pair', 'thrice']);
    await send(x('c'));
    const dropped = await engine.swap(rules(version('', 'within: 61s')));
    expect(dropped.map(({ key }) => key.split('\n').slice(0, 2))).toEqual([['pair', 'condition']]);
    // The window begins afresh; three executions are three.
    expect(await send(x('d'))).toEqual([]);
    expect(await send(x('e'))).toEqual(['pair']);
  });

  test('what a trigger remembered comes back with it, also after a restart, until a week has passed', async () => {
    const store = createMemoryStore();
    const alone = `
triggers:
  - { trigger_id: other, event_types: [y], workflow_name: note }
${WORKFLOWS}`;
    const first = await startLive({ rules: COUNTED, store });
    await first.send(x('a'));
    await first.engine.swap(rules(alone));
    expect(await first.send(x('b'))).toEqual([]);
    await first.engine.swap(rules(COUNTED));
    expect(await first.send(x('c'))).toEqual(['pair', 'thrice']);
    await first.engine.swap(rules(alone));
    await first.engine.close();
    await store.close();
    const second = await startLive({ rules: COUNTED, store });
    expect(await second.send(x('d'))).toEqual(['thrice']);
    expect(await second.send(x('e'))).toEqual(['pair']);
    expect([...store.state('#parked')]).toEqual([]);
  });
});

describe('the daemon decides as a dry-run does', () => {
  test.each([
    ['whole', 1_000_000],
    ['in parts', 0],
  ])('for any stream of events, with reloads in between, its state kept %s', async (_how, inlineMaxChars) => {
    const vectors = await folder('test/vectors');
    const types = [
      'hit',
      'kept',
      'login',
      'state',
      'temperature',
      'a',
      'b',
      'c',
      'check',
      'beat',
      'mail',
      'order',
      'echo',
    ];
    const arrival = fc.record({
      type: fc.constantFrom(...types),
      gapMs: fc.constantFrom(0, 0, 1, 1_000, 5_000, 30_000),
      lateMs: fc.constantFrom(0, 0, 0, 1_000, 60_000),
      who: fc.constantFrom('ann', 'bob'),
      n: fc.nat(3),
      // A swap to the same rules, as a reload makes it.
      swaps: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(arrival, { maxLength: 40 }), async (arrivals) => {
        const live = await startLive({ rules: vectors, inlineMaxChars });
        const dry = record(vectors);
        dry.run.start(START);
        let index = 0;
        for (const { type, gapMs, lateMs, who, n, swaps } of arrivals) {
          // A timer must be run at its own time for the two to agree to the millisecond.
          for (let left = gapMs; left > 0; ) {
            const due = live.engine.run.decider.nextDue();
            const ms = due === null ? left : Math.min(left, Math.max(1, due - live.clock.now()));
            await live.pass(ms);
            left -= ms;
          }
          if (swaps) await live.engine.swap(vectors);
          const at = live.clock.now() - lateMs;
          const one = event({
            event_id: `e${index++}`,
            event_type: `vector.${type}`,
            timestamp: formatTime(at),
            user_id: who,
            session_id: who,
            payload: { n, id: n, host: who, state: n > 1 ? 'up' : 'down', celsius: 70 + n * 10, order: n },
          });
          await live.engine.submit([{ event: one, at }]);
          dry.run.event(one, at, live.clock.now());
        }
        dry.run.runUntil(live.clock.now());
        await live.pass(0);
        const ids = live.commits.flatMap(({ launches }) => launches.map(({ launch_id }) => launch_id));
        expect(ids).toEqual(dry.launches.map(({ launch_id }) => launch_id));
        await live.engine.close();
      }),
      { numRuns: Number(process.env['TRIGGERD_PROPERTY_RUNS'] ?? 30) },
    );
  });
});

describe('an event that the rules stumble over', () => {
  const stumbling = () => {
    const folder = rules(COUNTED);
    return {
      ...folder,
      matcher: {
        ...folder.matcher,
        match: (...[given, ...rest]: Parameters<typeof folder.matcher.match>) => {
          if (given.event_id.startsWith('poison')) throw new TypeError('a fault of ours');
          return folder.matcher.match(given, ...rest);
        },
      },
    };
  };

  test('is refused with its request, and those decided in the same step stand as if it had not come', async () => {
    const live = await startLive({ rules: stumbling() });
    const { engine, store } = live;
    const send = (...ids: string[]) =>
      engine.submit(ids.map((id) => ({ event: event(x(id)), at: START }))).then(
        (receipts) => receipts.map(({ position }) => position),
        (error: unknown) => (error instanceof Fault ? error.code : error),
      );
    expect(
      await Promise.all([send('a'), send('b', 'poison-1', 'c'), send('d'), send('poison-2'), send('e')]),
    ).toEqual([[1], 'event-undecided', [2], 'event-undecided', [3]]);
    expect(['a', 'b', 'c', 'd', 'e', 'poison-1'].filter((id) => store.event(id) !== null)).toEqual([
      'a',
      'd',
      'e',
    ]);
    // What the rules remember is as if the refused requests had never come.
    const undisturbed = await startLive({ rules: COUNTED });
    for (const id of ['a', 'd', 'e']) await undisturbed.send(x(id));
    expect(live.launched()).toEqual(undisturbed.launched());
    expect(live.launched()).not.toEqual([]);
    await undisturbed.engine.close();
    expect(live.faults).toEqual([]);
    expect(await send('f')).toEqual([4]);
    await engine.close();
  });
});
