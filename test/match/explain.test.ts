import { describe, expect, test } from 'vitest';
import { compileRuleset } from '../../src/compile/ruleset.js';
import type { Json } from '../../src/kernel/json.js';
import { createMatcher } from '../../src/match/matcher.js';
import type { Event } from '../../src/model/event.js';
import type { FieldTest, Test } from '../../src/model/test.js';
import type { Trace } from '../../src/ports/matcher.js';
import { event } from '../support/rules.js';
import { allOf, anyOf, fieldTest, makeSource, makeTrigger, not } from '../support/trigger.js';

function explain(filters: Test, payload: Event['payload'], item: Json = null): Trace {
  const ruleset = compileRuleset(makeSource([makeTrigger({ filters })]));
  const conditions = ruleset.listeners[0]?.conditions;
  if (conditions === undefined) throw new Error('no listener');
  const one = event({ event_id: 'e', event_type: 'custom.event', payload });
  return createMatcher(ruleset).explain(conditions, one, item);
}

/** The trace of a single field test. */
function leaf(
  asked: FieldTest,
  payload: Event['payload'],
  item: Json = null,
): Extract<Trace, { kind: 'field' }> {
  const trace = explain(asked, payload, item);
  const only = trace.kind === 'all' ? trace.tests[0] : undefined;
  if (only?.kind !== 'field') throw new Error('no field test');
  return only;
}

test('the tree of a rule, with what was found and wanted, and where each test stands', () => {
  const asked = allOf(
    fieldTest('payload.region', 'equal', 'eu'),
    anyOf(fieldTest('payload.n', 'at_least', 5), not(fieldTest('payload.n', 'exists', true))),
  );
  expect(explain(asked, { region: 'us', n: 5 })).toEqual({
    kind: 'all',
    holds: false,
    pointer: '',
    tests: [
      {
        kind: 'all',
        holds: false,
        pointer: '/filters/all',
        tests: [
          {
            kind: 'field',
            holds: false,
            pointer: '/filters/payload.region/equal',
            path: 'payload.region',
            operator: 'equal',
            ignoreCase: false,
            found: 'us',
            wanted: 'eu',
            note: null,
          },
          {
            kind: 'any',
            holds: true,
            pointer: '/filters/any',
            tests: [
              expect.objectContaining({ kind: 'field', holds: true, found: 5, wanted: 5 }),
              {
                kind: 'not',
                holds: false,
                pointer: '/filters/not',
                tests: [expect.objectContaining({ operator: 'exists', holds: true, wanted: true })],
              },
            ],
          },
        ],
      },
    ],
  });
});

test('a trigger without filters and condition has nothing to explain', () => {
  expect(explain(allOf(), {})).toEqual({ kind: 'all', holds: true, pointer: '', tests: [] });
});

describe('what was wanted, in the words of the language', () => {
  const nested = allOf(
    fieldTest('state', 'equal', 'down'),
    fieldTest('size', 'at_least', 3),
    fieldTest('size', 'less_than', 9),
  );
  const x = 'payload.x';
  test.each<[FieldTest, Json]>([
    [fieldTest(x, 'equal', { fact: 'event' }), { fact: 'event' }],
    [fieldTest(x, 'equal', 'A', { ignoreCase: true }), 'A'],
    [fieldTest(x, 'in', ['a', 'b']), ['a', 'b']],
    [fieldTest(x, 'equal', null, { operand: { kind: 'field', path: 'payload.y' } }), { field: 'payload.y' }],
    [fieldTest(x, 'newer_than', null, { operand: { kind: 'durationMs', durationMs: 5_400_000 } }), '1h30m'],
    [
      fieldTest(x, 'during', null, {
        operand: {
          kind: 'hours',
          hours: { days: ['mon', 'fri'], fromMinute: 545, toMinute: 1440, timezone: 'UTC', except: [] },
        },
      }),
      { days: ['mon', 'fri'], from: '09:05', to: '24:00', timezone: 'UTC' },
    ],
    [
      fieldTest(x, 'some', null, { operand: { kind: 'test', test: nested } }),
      { state: { equal: 'down' }, size: { at_least: 3, less_than: 9 } },
    ],
    [
      fieldTest(x, 'size', null, { operand: { kind: 'test', test: fieldTest('.', 'at_least', 3) } }),
      { at_least: 3 },
    ],
    [
      fieldTest(x, 'no', null, {
        operand: {
          kind: 'test',
          test: anyOf(fieldTest('a', 'equal', 1), not(fieldTest('b', 'exists', true))),
        },
      }),
      { any: [{ a: { equal: 1 } }, { not: { b: { exists: true } } }] },
    ],
  ])('%j', (asked, wanted) => {
    expect(leaf(asked, {}).wanted).toEqual(wanted);
  });
});

describe('notes on what failed', () => {
  const x = (operator: FieldTest['operator'], wanted: Json, fields: Partial<FieldTest> = {}): FieldTest =>
    fieldTest('payload.x', operator, wanted, fields);
  test.each<[string, FieldTest, Json, string | null]>([
    ['a numeric string', x('at_least', 5), '6', 'a string, the test wants a number: as: number converts'],
    ['a string that is no number', x('equal', 5), 'six', 'a string, the test wants a number'],
    ['a number for a string', x('equal', '5'), 5, 'a number, the test wants a string: as: string converts'],
    [
      'a number for an expression',
      x('matches', '5'),
      5,
      'a number, the test wants a string: as: string converts',
    ],
    ['a list for an expression', x('starts_with', 'a'), ['a'], 'an array, the test wants a string'],
    [
      'epoch milliseconds for a time',
      x('less_than', '2026-01-01T00:00:00Z'),
      5,
      'a number, the test wants an RFC 3339 time: as: time converts',
    ],
    [
      'a date for a time',
      x('less_than', '2026-01-01T00:00:00Z'),
      '2025-01-01',
      'not an RFC 3339 time, which the test wants',
    ],
    ['another case', x('equal', 'EU'), 'eu', 'differs only in case: ignore_case: true takes it'],
    [
      'another case in a list',
      x('in', ['EU', 'US']),
      'us',
      'differs only in case: ignore_case: true takes it',
    ],
    [
      'another case in an expression',
      x('matches', '^Time'),
      'timeout',
      'differs only in case: ignore_case: true takes it',
    ],
    ['another value', x('equal', 'eu'), 'us', null],
    ['what must not be', x('not_equal', 'eu'), 'eu', null],
    [
      'a conversion',
      x('at_least', 5, { reading: { path: 'payload.x', as: 'number' } }),
      'six',
      'as: number cannot make a number of a string',
    ],
    [
      'a conversion of null',
      x('equal', 'a', { reading: { path: 'payload.x', as: 'string' } }),
      null,
      'as: string cannot make a string of null',
    ],
    [
      'another field',
      x('at_least', null, { operand: { kind: 'field', path: 'payload.y' } }),
      4,
      'payload.y is 5',
    ],
    [
      'another field that is missing',
      x('equal', null, { operand: { kind: 'field', path: 'payload.z' } }),
      4,
      'payload.z is not there',
    ],
  ])('%s', (_name, asked, found, note) => {
    const trace = leaf(asked, { x: found, y: 5 });
    expect([trace.holds, trace.note]).toEqual([false, note]);
  });

  test.each<[string, Event['payload'], string | null]>([
    ['payload.regoin', { region: 'eu' }, 'no such field; payload has region'],
    ['payload.Region', { region: 'eu' }, 'no such field; payload has region'],
    ['payload.nothing', { region: 'eu' }, null],
    ['payload.order.totl', { order: { total: 1 } }, 'no such field; payload.order has total'],
    ['payload.ordr.total', { order: { total: 1 } }, 'no such field; payload has order'],
    ['payload.order.total', { order: 5 }, 'no such field; payload.order is a number'],
    [
      'payload.items.sku',
      { items: [{ sku: 'a' }] },
      'no such field; payload.items is an array: test its elements with some:',
    ],
    ['payload.items[3]', { items: [1] }, 'no such element; payload.items has 1 of them'],
    ['item.stat', {}, 'no such field; item has state'],
  ])('%s is missing from %j', (path, payload, note) => {
    const trace = leaf(fieldTest(path, 'equal', 'eu'), payload, { state: 1 });
    expect([trace.found, trace.note]).toEqual([undefined, note]);
  });

  test('nothing is said of a test that holds', () => {
    expect(leaf(x('equal', 'eu'), { x: 'eu' }).note).toBeNull();
    expect(leaf(x('exists', false), {}).note).toBeNull();
  });
});
