import { describe, expect, test } from 'vitest';
import { defineHandler, type HandlerDefinition } from '../../src/bus/event-handler.js';
import { createManualClock, settled } from '../support/manual-clock.js';
import { event } from '../support/rules.js';

const one = event({ event_id: 'e1', event_type: 'order.paid' });
const START = Date.UTC(2026, 0, 1);
const AT = '2026-01-01T00:00:00Z';

const handler = (parts: Partial<HandlerDefinition>) =>
  defineHandler({ handlerId: 'h', eventTypes: ['*'], handle: () => undefined, ...parts });

test.each([
  [['order.paid'], 'order.paid', true],
  [['order.paid'], 'order.paid.late', false],
  [['order.*'], 'order.paid', true],
  [['order.*'], 'order.paid.late', true],
  [['order.*'], 'order', false],
  [['order.*'], 'orders.paid', false],
  [['*'], 'anything', true],
  [['user.action', 'order.*'], 'order.paid', true],
  [['user.action'], 'User.action', false],
])('a handler of %j hears %s: %s', (eventTypes, event_type, hears) => {
  expect(handler({ eventTypes }).canHandle({ ...one, event_type })).toBe(hears);
});

test.each<[string, Partial<HandlerDefinition>, RegExp]>([
  ['no id', { handlerId: '' }, /needs a handlerId/],
  ['no event type', { eventTypes: [] }, /hears no event type/],
  ['an event type with a blank', { eventTypes: ['order.paid', 'order paid'] }, /"order paid"/],
  ['a star in the middle', { eventTypes: ['order.*.late'] }, /"order\.\*\.late"/],
  ['a star within a segment', { eventTypes: ['order.pa*'] }, /"order\.pa\*"/],
  ['an event type that is too long', { eventTypes: ['a'.repeat(129)] }, /is none/],
  ['a timeout of nothing', { timeoutMs: 0 }, /timeoutMs/],
  ['a timeout that is no number', { timeoutMs: Number.NaN }, /timeoutMs/],
])('a handler with %s is refused', (_, parts, message) => {
  expect(() => handler(parts)).toThrow(
    expect.objectContaining({ code: 'usage', message: expect.stringMatching(message) }),
  );
});

const hostile = {
  toString() {
    throw new Error('no words');
  },
};

describe('what a handler gives is its result', () => {
  test.each<[string, () => unknown, unknown]>([
    ['a value', () => 42, 42],
    ['nothing', () => undefined, undefined],
    ['a promise of a value', () => Promise.resolve('later'), 'later'],
    [
      'something that can be awaited',
      () => ({ then: (done: (value: string) => void) => done('later') }),
      'later',
    ],
  ])('%s', async (_, handle, result) => {
    const clock = createManualClock(START);
    expect(await handler({ handle }).handle(one, clock)).toEqual({
      handler_id: 'h',
      event_id: 'e1',
      status: 'success',
      result,
      timestamp: AT,
    });
  });

  test.each<[string, () => unknown, string]>([
    [
      'an error',
      () => {
        throw new TypeError('broken');
      },
      'broken',
    ],
    [
      'a text',
      () => {
        throw 'broken';
      },
      'broken',
    ],
    [
      'nothing',
      () => {
        throw undefined;
      },
      'undefined',
    ],
    [
      'what has no words',
      () => {
        throw hostile;
      },
      'something without a message was thrown',
    ],
    [
      'what cannot be a text',
      () => {
        throw Object.create(null);
      },
      'something without a message was thrown',
    ],
    ['a rejection', () => Promise.reject(new Error('broken later')), 'broken later'],
    ['a rejection with nothing', () => Promise.reject(undefined), 'undefined'],
    [
      'a then that throws',
      () => ({
        then: () => {
          throw new Error('not then');
        },
      }),
      'not then',
    ],
  ])('thrown: %s', async (_, handle, error) => {
    const clock = createManualClock(START);
    const failing = handler({ handle });
    expect(await failing.handle(one, clock)).toEqual({
      handler_id: 'h',
      event_id: 'e1',
      status: 'error',
      error,
      timestamp: AT,
    });
    expect(failing.getStats()).toMatchObject({ execution_count: 1, error_count: 1, success_rate: 0 });
  });
});

test('its figures are counted from its calls', async () => {
  const clock = createManualClock(START);
  let fails = false;
  const counted = handler({
    eventTypes: ['order.*', 'user.action'],
    handle: () => {
      if (fails) throw new Error('no');
    },
  });
  expect(counted.getStats()).toEqual({
    handler_id: 'h',
    event_types: ['order.*', 'user.action'],
    execution_count: 0,
    error_count: 0,
    last_execution: null,
    success_rate: 0,
  });
  for (fails of [false, false, true, false]) {
    await clock.advance(1_000);
    await counted.handle(one, clock);
  }
  expect(counted.getStats()).toMatchObject({
    execution_count: 4,
    error_count: 1,
    last_execution: '2026-01-01T00:00:04Z',
    success_rate: 0.75,
  });
});

test('a handler keeps the event types it was defined with', () => {
  const eventTypes = ['order.paid'];
  const kept = handler({ eventTypes });
  eventTypes.push('*');
  expect(kept.canHandle({ ...one, event_type: 'user.action' })).toBe(false);
  expect(() => (kept.eventTypes as string[]).push('*')).toThrow(TypeError);
});

describe('a handler with a timeout', () => {
  test('is given up on when it takes longer, and what it does then is nobody’s', async () => {
    const clock = createManualClock(START);
    let end: (error: Error) => void = () => undefined;
    const slow = handler({ timeoutMs: 500, handle: () => new Promise((_, reject) => (end = reject)) });
    const result = Promise.resolve(slow.handle(one, clock));
    await clock.advance(499);
    expect(slow.getStats().error_count).toBe(0);
    await clock.advance(1);
    expect(await result).toMatchObject({ status: 'error', error: 'it took longer than 500 ms' });
    end(new Error('too late'));
    await settled();
    expect(slow.getStats()).toMatchObject({ execution_count: 1, error_count: 1 });
  });

  test('leaves no timer behind when it is in time', async () => {
    const clock = createManualClock(START);
    const quick = handler({ timeoutMs: 500, handle: () => Promise.resolve('done') });
    expect(await quick.handle(one, clock)).toMatchObject({ status: 'success', result: 'done' });
    await settled();
    expect(clock.waiting).toBe(0);
  });
});
