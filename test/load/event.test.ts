import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/kernel/json.ts';
import { parseTime } from '../../src/kernel/time.ts';
import { readEvent, type ReadEventOptions } from '../../src/load/event.ts';
import { EVENT_FIELDS, type Event } from '../../src/model/event.ts';
import { eventArbitrary } from './event-arbitrary.ts';

const OPTIONS: ReadEventOptions = {
  mode: 'strict',
  receivedAt: Date.UTC(2026, 0, 31, 12),
  newId: () => 'fresh-id',
};

const DEFAULTS: Event = {
  event_id: 'fresh-id',
  event_type: 'custom.event',
  source: '',
  target: null,
  payload: {},
  metadata: {},
  timestamp: '2026-01-31T12:00:00Z',
  priority: 'normal',
  correlation_id: null,
  session_id: null,
  user_id: null,
  channel: null,
  retryable: true,
  max_retries: 3,
  retry_count: 0,
};

function problems(raw: unknown, options = OPTIONS): (readonly [string, string, string | null])[] {
  const read = readEvent(raw, options);
  return 'problems' in read
    ? read.problems.map(({ path, message, hint }) => [path, message, hint] as const)
    : [];
}

function deep(levels: number): Json {
  let value: Json = 1;
  for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { a: value };
  return value;
}

describe('an event', () => {
  it('of nothing has the defaults of all fifteen fields', () => {
    const read = readEvent({}, OPTIONS);
    expect(read).toEqual({ event: DEFAULTS, at: OPTIONS.receivedAt, dropped: 0 });
    expect('event' in read && Object.keys(read.event)).toEqual([...EVENT_FIELDS]);
  });

  it('takes its time from defaultTimestamp where there is one', () => {
    const read = readEvent({}, { ...OPTIONS, defaultTimestamp: '2000-01-01T01:00:00+01:00' });
    expect(read).toMatchObject({
      at: Date.UTC(2000, 0, 1),
      event: { timestamp: '2000-01-01T01:00:00+01:00' },
    });
  });

  it('that is complete is returned itself, and another id is not asked for', () => {
    fc.assert(
      fc.property(eventArbitrary, (event) => {
        const newId = (): never => {
          throw new Error('not wanted');
        };
        const read = readEvent(event, { ...OPTIONS, newId });
        expect('event' in read && read.event).toBe(event);
        expect('event' in read && read.at).toBe(parseTime(event.timestamp));
      }),
    );
  });

  it('with any fields left out gets the defaults of just those', () => {
    fc.assert(
      fc.property(
        eventArbitrary,
        fc.subarray([...EVENT_FIELDS]),
        fc.boolean(),
        (event, left, asUndefined) => {
          const raw: Record<string, unknown> = { ...event };
          const expected: Record<string, unknown> = { ...event };
          for (const field of left) {
            if (asUndefined) raw[field] = undefined;
            else delete raw[field];
            expected[field] = DEFAULTS[field];
          }
          const read = readEvent(raw, OPTIONS);
          expect('event' in read && read.event).toEqual(expected);
          expect('event' in read && Object.keys(read.event).length).toBe(15);
        },
      ),
    );
  });

  it.each<readonly [string, Json, RegExp, RegExp | null]>([
    ['event_id', '', /1 to 256/, /leave it out/],
    ['event_id', 'x'.repeat(257), /1 to 256/, null],
    ['event_id', 5, /not 5/, null],
    ['event_type', 'a b', /joined by dots/, /order\.paid/],
    ['event_type', 'a..b', /joined by dots/, null],
    ['event_type', '.a', /joined by dots/, null],
    ['event_type', '', /joined by dots/, null],
    ['event_type', 'workflow.*', /joined by dots/, null],
    ['event_type', 'x'.repeat(129), /128/, null],
    ['event_type', null, /not null/, null],
    ['source', null, /source must be a text/, null],
    ['target', 5, /text or null/, /quotes/],
    ['payload', [], /object/, null],
    ['payload', null, /object/, null],
    ['payload', 'x', /object/, null],
    ['metadata', 1, /object/, null],
    ['timestamp', '2026-01-31 12:00', /RFC 3339/, /2026-01-31T12:00:00Z/],
    ['timestamp', '2026-01-31T12:00:00', /zone/, null],
    ['timestamp', '2026-02-29T12:00:00Z', /RFC 3339/, null],
    ['timestamp', 1_769_860_800, /RFC 3339/, null],
    ['timestamp', null, /RFC 3339/, null],
    ['priority', 'hihg', /low, normal, high, critical/, /did you mean high/],
    ['priority', 'HIGH', /low, normal/, /did you mean high/],
    ['priority', 'toString', /low, normal/, null],
    ['correlation_id', {}, /text or null/, null],
    ['session_id', true, /text or null/, null],
    ['user_id', 17, /text or null/, /quotes/],
    ['channel', [], /text or null/, null],
    ['retryable', 'true', /true or false/, null],
    ['retryable', null, /true or false/, null],
    ['max_retries', 101, /0 to 100/, null],
    ['max_retries', -1, /0 to 100/, null],
    ['max_retries', 1.5, /whole number/, null],
    ['max_retries', '3', /whole number/, null],
    ['retry_count', -1, /0 or more/, null],
  ])('with a bad %s (%j) says so', (field, value, message, hint) => {
    for (const mode of ['strict', 'lenient'] as const) {
      const [problem, ...more] = problems({ ...DEFAULTS, [field]: value }, { ...OPTIONS, mode });
      expect(more).toEqual([]);
      expect(problem?.[0]).toBe(field);
      expect(problem?.[1]).toMatch(message);
      if (hint) expect(problem?.[2]).toMatch(hint);
    }
  });

  it.each<readonly [string, string, Json]>([
    ['the longest id', 'event_id', 'x'.repeat(256)],
    ['the longest type', 'event_type', 'x'.repeat(128)],
    ['a type of its own', 'event_type', 'com.github:push_2-x.Y'],
    ['a type near a core type', 'event_type', 'workflow.faild'],
    ['an offset', 'timestamp', '2026-01-31T12:00:00.123456+05:30'],
    ['a leap second', 'timestamp', '2016-12-31T23:59:60Z'],
    ['no retries', 'max_retries', 0],
    ['a hundred retries', 'max_retries', 100],
    ['many redeliveries', 'retry_count', 1_000_000],
  ])('may have %s', (_name, field, value) => {
    expect(readEvent({ [field]: value }, OPTIONS)).toMatchObject({ event: { [field]: value } });
  });

  it('tells all its problems at once', () => {
    expect(problems({ event_id: '', priority: 1, paylod: {}, user_id: 5 }).map(([path]) => path)).toEqual([
      'event_id',
      'priority',
      'paylod',
      'user_id',
    ]);
  });

  it('in strict mode may not have other fields, and is told the nearest', () => {
    expect(problems({ paylod: {} })).toEqual([
      ['paylod', '"paylod" is no field of an event', 'did you mean payload?'],
    ]);
    expect(problems({ amount: 5 })[0]?.[2]).toMatch(/payload/);
  });

  it('in lenient mode loses other fields, counted', () => {
    const raw = JSON.parse('{"a": 1, "__proto__": {"polluted": 1}, "constructor": 2}') as unknown;
    const read = readEvent(raw, { ...OPTIONS, mode: 'lenient' });
    expect(read).toEqual({ event: DEFAULTS, at: OPTIONS.receivedAt, dropped: 3 });
    expect('event' in read && (read.event as unknown as { polluted?: number }).polluted).toBeUndefined();
    const complete = readEvent({ ...DEFAULTS, extra: 1 }, { ...OPTIONS, mode: 'lenient' });
    expect(complete).toEqual({ event: DEFAULTS, at: OPTIONS.receivedAt, dropped: 1 });
  });

  it('may nest 64 levels and not one more, however deep the rest goes', () => {
    for (const field of ['payload', 'metadata']) {
      expect(problems({ [field]: { a: deep(62) } })).toEqual([]);
      expect(problems({ [field]: { a: deep(63) } })[0]?.[1]).toMatch(/deeper/);
      expect(problems({ [field]: { a: deep(5_000) } })[0]?.[1]).toMatch(/deeper/);
    }
  });

  it.each([null, true, 5, 'x', [], undefined])('is an object, not %j', (raw) => {
    expect(problems(raw)).toMatchObject([
      ['', expect.stringMatching(/an event is expected/), expect.stringMatching(/object/)],
    ]);
  });

  it('is either returned valid or with problems, whatever the value', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.record(Object.fromEntries(EVENT_FIELDS.map((field) => [field, fc.jsonValue()])), {
        requiredKeys: [],
      }),
    );
    fc.assert(
      fc.property(anything, (raw) => {
        const read = readEvent(raw, OPTIONS);
        if ('problems' in read) expect(read.problems.length).toBeGreaterThan(0);
        else expect(readEvent(read.event, OPTIONS)).toEqual({ ...read, dropped: 0 });
      }),
      { numRuns: 500 },
    );
  });
});
