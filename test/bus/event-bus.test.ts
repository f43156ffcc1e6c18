import { describe, expect, test } from 'vitest';
import { createEventBus, EventBus } from '../../src/bus/event-bus.js';
import { defineHandler, type EventHandler } from '../../src/bus/event-handler.js';
import type { Event } from '../../src/model/event.js';
import { createManualClock } from '../support/manual-clock.js';
import { event } from '../support/rules.js';

const clock = createManualClock(Date.UTC(2026, 0, 1));
const createBus = (historySize?: number): EventBus =>
  createEventBus({ clock, ...(historySize === undefined ? {} : { historySize }) });
const of = (event_id: string, event_type = 'order.paid'): Event => event({ event_id, event_type });
const on = (
  handlerId: string,
  handle: (event: Event) => unknown,
  eventTypes = ['*'],
  isAsync = false,
): EventHandler => defineHandler({ handlerId, eventTypes, isAsync, handle });
const ids = (events: readonly Event[]): readonly string[] => events.map(({ event_id }) => event_id);

describe('publish', () => {
  test('gives the result of every handler that hears the event, in the order of registration', async () => {
    const bus = createBus();
    bus.registerHandler(on('later', () => Promise.resolve('later'), ['*'], true));
    bus.registerHandler(on('deaf', () => 'never', ['user.*']));
    bus.registerHandler(on('now', () => 'now', ['order.*']));
    bus.registerHandler(on('rejecting', () => Promise.reject(new Error('no')), ['*'], true));
    const published = await bus.publish(of('e1'));
    expect(published).toMatchObject({ event_id: 'e1', handlers_notified: 3 });
    expect(
      published.results.map((one) => [one.handler_id, one.status === 'success' ? one.result : one.error]),
    ).toEqual([
      ['later', 'later'],
      ['now', 'now'],
      ['rejecting', 'no'],
    ]);
  });

  test('without a handler is told as such', async () => {
    expect(await createBus().publish(of('e1'))).toEqual({
      event_id: 'e1',
      handlers_notified: 0,
      results: [],
    });
  });

  test('has called synchronous handlers when it returns, asynchronous ones not yet', async () => {
    const bus = createBus();
    const called: string[] = [];
    bus.registerHandler(on('async', () => called.push('async'), ['*'], true));
    bus.registerHandler(on('sync', () => called.push('sync')));
    const published = bus.publish(of('e1'));
    expect(called).toEqual(['sync']);
    await published;
    expect(called).toEqual(['sync', 'async']);
  });

  test('does not wait for one handler before it calls the next', async () => {
    const bus = createBus();
    let end: (value: string) => void = () => undefined;
    const called: string[] = [];
    bus.registerHandler(on('slow', () => new Promise((resolve) => (end = resolve)), ['*'], true));
    bus.registerHandler(on('quick', () => called.push('quick'), ['*'], true));
    const published = bus.publish(of('e1'));
    await Promise.resolve();
    await Promise.resolve();
    expect(called).toEqual(['quick']);
    end('done');
    expect((await published).results.map(({ status }) => status)).toEqual(['success', 'success']);
  });
});

describe('publishAsync', () => {
  test('returns before any handler is called, and tells later what came of it', async () => {
    const bus = createBus();
    const called: string[] = [];
    bus.registerHandler(on('h', ({ event_id }) => called.push(event_id)));
    const { event_id, handlers_notified, published } = bus.publishAsync(of('e1'));
    expect({ event_id, handlers_notified, called }).toEqual({
      event_id: 'e1',
      handlers_notified: 1,
      called: [],
    });
    expect(await published).toMatchObject({ event_id: 'e1', results: [{ status: 'success', result: 1 }] });
  });

  test('is not overtaken by what is published after it', async () => {
    const bus = createBus();
    const called: string[] = [];
    bus.registerHandler(on('h', ({ event_id }) => called.push(event_id)));
    bus.publishAsync(of('e1'));
    bus.publishAsync(of('e2'));
    await bus.publish(of('e3'));
    expect(called).toEqual(['e1', 'e2', 'e3']);
  });

  test('is over when flush says so', async () => {
    const bus = createBus();
    const done: string[] = [];
    bus.registerHandler(
      on(
        'h',
        async ({ event_id }) => {
          await Promise.resolve();
          // What a handler publishes is waited for as well.
          if (event_id === 'e1') bus.publishAsync(of('e2'));
          done.push(event_id);
        },
        ['*'],
        true,
      ),
    );
    bus.publishAsync(of('e1'));
    await Promise.all([bus.flush(), bus.flush()]);
    expect(done).toEqual(['e1', 'e2']);
    await bus.flush();
  });
});

describe('while an event is being published', () => {
  test('a handler that is registered does not hear it, one that is unregistered still does', async () => {
    const bus = createBus();
    const heard: string[] = [];
    bus.registerHandler(
      on('changing', ({ event_id }) => {
        heard.push(`changing ${event_id}`);
        if (event_id !== 'e1') return;
        bus.unregisterHandler('leaving');
        bus.registerHandler(on('coming', (next) => heard.push(`coming ${next.event_id}`)));
      }),
    );
    bus.registerHandler(on('leaving', ({ event_id }) => heard.push(`leaving ${event_id}`)));
    await bus.publish(of('e1'));
    await bus.publish(of('e2'));
    expect(heard).toEqual(['changing e1', 'leaving e1', 'changing e2', 'coming e2']);
  });

  test('a handler may take itself out', async () => {
    const bus = createBus();
    let calls = 0;
    bus.registerHandler(
      on('once', () => {
        calls++;
        bus.unregisterHandler('once');
      }),
    );
    await bus.publish(of('e1'));
    await bus.publish(of('e2'));
    expect(calls).toBe(1);
  });

  test('an event that a handler publishes waits until all have had this one', async () => {
    const bus = createBus();
    const heard: string[] = [];
    bus.registerHandler(
      on('first', ({ event_id }) => {
        heard.push(`first ${event_id}`);
        if (event_id === 'e1') void bus.publish(of('e2'));
      }),
    );
    bus.registerHandler(on('second', ({ event_id }) => heard.push(`second ${event_id}`)));
    await bus.publish(of('e1'));
    expect(heard).toEqual(['first e1', 'second e1', 'first e2', 'second e2']);
  });

  test('an asynchronous handler may publish, and wait for what comes of it', async () => {
    const bus = createBus();
    bus.registerHandler(
      on(
        'asking',
        async ({ event_id }) =>
          event_id === 'e1' ? (await bus.publish(of('e2'))).handlers_notified : 'asked',
        ['*'],
        true,
      ),
    );
    expect((await bus.publish(of('e1'))).results).toMatchObject([{ result: 1 }]);
  });
});

describe('handlers', () => {
  test('have ids of their own', () => {
    const bus = createBus();
    bus.registerHandler(on('h', () => 1));
    expect(() => bus.registerHandler(on('h', () => 2))).toThrow(
      expect.objectContaining({ code: 'usage', message: 'there is a handler "h" already' }),
    );
    expect(bus.getStats().event_stats.handlers_registered).toBe(1);
  });

  test('that are unknown cannot be unregistered', () => {
    const bus = createBus();
    bus.registerHandler(on('h', () => 1));
    expect(bus.unregisterHandler('other')).toBe(false);
    expect(bus.unregisterHandler('h')).toBe(true);
    expect(bus.unregisterHandler('h')).toBe(false);
  });

  const broken: readonly [string, Partial<EventHandler>, string][] = [
    [
      'throw',
      {
        handle: () => {
          throw new Error('thrown');
        },
      },
      'thrown',
    ],
    ['reject', { handle: () => Promise.reject(new Error('rejected')) }, 'rejected'],
    ['give no result', { handle: () => undefined as never }, 'it gave no result'],
    [
      'cannot tell whether they hear it',
      {
        canHandle: () => {
          throw new Error('unsure');
        },
      },
      'unsure',
    ],
  ];
  test.each(broken)('that are not made by defineHandler and %s harm nobody', async (_, parts, error) => {
    const bus = createBus();
    bus.registerHandler({ ...on('broken', () => 1), ...parts });
    bus.registerHandler(on('sound', () => 'fine'));
    const { results } = await bus.publish(of('e1'));
    expect(results).toMatchObject([
      { handler_id: 'broken', event_id: 'e1', status: 'error', error },
      { handler_id: 'sound', status: 'success', result: 'fine' },
    ]);
    expect(bus.getStats().event_stats).toMatchObject({ processed_events: 1, failed_events: 1 });
  });
});

describe('the history of events', () => {
  const filled = (historySize: number): EventBus => {
    const bus = createBus(historySize);
    ['order.paid', 'user.action', 'order.late', 'user.action', 'order.paid'].forEach((type, index) =>
      bus.publishAsync(of(`e${index}`, type)),
    );
    return bus;
  };
  test.each<[number, number | undefined, string | null | undefined, readonly string[]]>([
    [10, undefined, undefined, ['e0', 'e1', 'e2', 'e3', 'e4']],
    [10, 2, undefined, ['e3', 'e4']],
    [10, 0, undefined, []],
    [10, 10, 'user.action', ['e1', 'e3']],
    [10, 1, 'user.action', ['e3']],
    [10, 10, 'order.*', ['e0', 'e2', 'e4']],
    [10, 10, '*', ['e0', 'e1', 'e2', 'e3', 'e4']],
    [10, 10, 'never.seen', []],
    [3, 10, null, ['e2', 'e3', 'e4']],
    [3, 10, 'order.paid', ['e4']],
    [0, 10, null, []],
  ])('of %d kept, asked for %s of %s', (historySize, limit, type, expected) => {
    expect(ids(filled(historySize).getEventHistory(limit, type))).toEqual(expected);
  });

  test('holds 10 000 events, of which it shows 100', () => {
    const bus = createBus();
    for (let index = 0; index < 10_001; index++) bus.publishAsync(of(`e${index}`));
    expect(bus.getStats()).toMatchObject({ event_stats: { total_events: 10_001 }, history_size: 10_000 });
    expect(bus.getEventHistory()).toHaveLength(100);
    expect(bus.getEventHistory(20_000)[0]?.event_id).toBe('e1');
  });

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('is not asked for %s events', (limit) => {
    expect(() => createBus().getEventHistory(limit)).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(() => createBus(limit)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

test('statistics tell of events, handlers and who hears what', async () => {
  const bus = new EventBus({ clock });
  bus.registerHandler(on('all', () => 1));
  bus.registerHandler(
    on('orders', () => {
      throw new Error('no');
    }, ['order.paid', 'order.paid', 'order.late']),
  );
  bus.registerHandler(on('__proto__', () => 1, ['order.late']));
  await bus.publish(of('e1'));
  await bus.publish(of('e2', 'user.action'));
  const { handlers, ...rest } = bus.getStats();
  expect(rest).toEqual({
    event_stats: { total_events: 2, processed_events: 2, failed_events: 1, handlers_registered: 3 },
    subscribers: { '*': ['all'], 'order.paid': ['orders'], 'order.late': ['orders', '__proto__'] },
    history_size: 2,
  });
  expect(Object.keys(handlers)).toEqual(['all', 'orders', '__proto__']);
  expect(handlers['orders']).toMatchObject({ execution_count: 1, error_count: 1, success_rate: 0 });
});

test('two buses know nothing of each other', async () => {
  const [left, right] = [createBus(), createBus()];
  left.registerHandler(on('h', () => 'left'));
  right.registerHandler(on('h', () => 'right'));
  await left.publish(of('e1'));
  expect(right.getStats()).toMatchObject({ event_stats: { total_events: 0 }, history_size: 0 });
  expect((await right.publish(of('e2'))).results).toMatchObject([{ result: 'right' }]);
});
