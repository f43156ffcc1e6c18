import { describe, expect, test } from 'vitest';
import { compileRuleset } from '../../src/compile/ruleset.js';
import type { Hours } from '../../src/kernel/hours.js';
import type { Json } from '../../src/kernel/json.js';
import { createMatcher } from '../../src/match/matcher.js';
import type { Event } from '../../src/model/event.js';
import { type FieldTest, type Operand, type Operator, OPERATORS, type Test } from '../../src/model/test.js';
import { event } from '../support/rules.js';
import { allOf, anyOf, fieldTest, makeSource, makeTrigger, not } from '../support/trigger.js';

/** Whether a test holds of an event, asked through the index and the rule. */
function holds(filters: Test, one: Event, for_each: string | null = null): boolean {
  const ruleset = compileRuleset(makeSource([makeTrigger({ filters, for_each, event_types: ['*'] })]));
  return createMatcher(ruleset).match(one).length > 0;
}

const MISSING = undefined;
function eventWith(found: Json | undefined, fields: Partial<Event> = {}): Event {
  const payload = found === undefined ? {} : { x: found };
  return event({ event_id: 'e', event_type: 'x', payload, ...fields });
}

type Row = readonly [operator: Operator, wanted: Json, passes: readonly Json[], fails: readonly Json[]];

const rows: readonly Row[] = [
  ['equal', 5, [5, 5.0], ['5', 6, null, true, [5], { x: 5 }]],
  ['equal', '5', ['5'], [5, '', '5 ', ['5']]],
  ['equal', 0, [0, -0], ['', false, null, []]],
  ['equal', '', [''], [0, null, ' ', []]],
  ['equal', null, [null], [0, '', false, [], {}]],
  ['equal', true, [true], [1, 'true', false]],
  ['equal', { a: [1, { b: null }] }, [{ a: [1, { b: null }] }], [{ a: [1, {}] }, { a: [1] }, {}]],
  ['equal', { fact: 'event', path: 'payload.x' }, [{ path: 'payload.x', fact: 'event' }], [1, {}]],
  ['equal', [1, 2], [[1, 2]], [[2, 1], [1], 1, '1,2']],
  ['not_equal', 5, ['5', 6, null, [], {}], [5]],
  ['not_equal', { a: 1 }, [{ a: 2 }, {}], [{ a: 1 }]],
  ['in', ['a', 1, null, [2]], ['a', 1, null, [2]], ['b', '1', 2, {}, []]],
  ['in', [], [], ['a', null]],
  ['not_in', ['a', 1], ['b', '1', null, []], ['a', 1]],
  ['not_in', [], ['a', null], []],
  ['greater_than', 5, [5.1, 1e300], [5, 4, '6', [6], true, null]],
  ['at_least', 5, [5, 6], [4.9, '5', '6', null, [50]]],
  ['less_than', 5, [4, -1e300], [5, '4', null, false]],
  ['at_most', 5, [5, -1], [5.1, '5', null]],
  [
    'at_least',
    '2026-01-01T00:00:00Z',
    ['2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00', '2026-01-01T00:30:00-01:00'],
    ['2025-12-31T23:59:59Z', '2026-01-01T00:30:00+01:00', '2026-01-01', 1_767_225_600_001, 'high', 'z'],
  ],
  ['less_than', '2026-01-01T00:00:00Z', ['2025-12-31T23:59:59.999Z'], ['2026-01-01T00:00:00Z', '2025', 5]],
  ['at_least', 'high', [], ['high', 'critical', 3]],
  ['between', [1, 3], [1, 2, 3, 1.5], [0.9, 3.1, '2', null]],
  ['between', [3, 1], [], [1, 2, 3]],
  ['between', [1], [], [1, 0]],
  ['between', [1, '2026-01-01T00:00:00Z'], [], [1, 2, '2026-01-01T00:00:00Z']],
  [
    'between',
    ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'],
    ['2026-01-01T12:00:00Z'],
    ['2026-01-03T00:00:00Z', 5],
  ],
  ['matches', 'a+b', ['ab', 'xaabx'], ['b', 'a', 5, ['ab'], null]],
  ['matches', '^a$', ['a'], ['ba', 'a\n', 'A']],
  ['matches', ['^x', 'y$'], ['xa', 'ay'], ['ax', 'ya']],
  ['matches', '', ['', 'anything'], [5, null]],
  ['matches', '[', [], ['[', '']],
  // No expression, though it has a text that every match would hold.
  ['matches', '*r', [], ['r', '*r', '']],
  ['not_matches', 'a+b', ['b', 5, null, []], ['ab']],
  ['starts_with', 'ab', ['ab', 'abc'], ['xab', 'Ab', ['ab'], 5]],
  ['starts_with', ['a', 'b'], ['ax', 'bx'], ['xa', '']],
  ['starts_with', '', ['', 'x'], [1]],
  ['ends_with', 'ab', ['ab', 'xab'], ['abx', 5]],
  ['ends_with', ['a', 'b'], ['xa', 'xb'], ['ax']],
  ['wildcard', 'a*b', ['ab', 'axxb', 'a*b'], ['abx', 'xab', 'a', 5]],
  ['wildcard', '*', ['', 'anything'], [5, null, ['x']]],
  ['wildcard', 'plain', ['plain'], ['plainx', 'xplain']],
  ['wildcard', '100\\*', ['100*'], ['100', '1000']],
  ['wildcard', 'a*a', ['aa', 'aba'], ['a']],
  ['wildcard', '*ab*ab*', ['abab', 'xabyabz'], ['aba', 'ab']],
  ['wildcard', 'a.c', ['a.c'], ['abc']],
  ['wildcard', ['a*', '*b'], ['ax', 'xb'], ['x']],
  ['contains', 'ab', ['ab', 'xabx', ['ab', 1]], ['a', ['xabx'], { ab: 1 }, 5]],
  ['contains', 5, [[1, 5], [5]], ['5', 5, ['5'], [[5]]]],
  ['contains', ['ab', 5], ['ab', [5]], ['x', [6], []]],
  ['contains', { a: 1 }, [[{ a: 1 }]], [{ a: 1 }, [{ a: 2 }]]],
  ['contains', '', ['', 'x', ['']], [[], 5]],
  ['not_contains', 'ab', ['x', ['x'], 5, null], ['xab', ['ab']]],
  ['exists', true, [null, 0, '', false, [], {}], []],
  ['exists', false, [], [null, 0, '', false]],
  ['type', 'string', ['', 'x'], [1, null, ['x']]],
  ['type', 'number', [0, 1.5], ['1', null]],
  ['type', 'boolean', [true, false], ['true', 0]],
  ['type', 'object', [{}], [[], null]],
  ['type', 'array', [[]], [{}, 'x']],
  ['type', 'null', [null], [0, '', false]],
  ['type', ['string', 'null'], ['x', null], [1]],
  ['in_cidr', '10.0.0.0/8', ['10.1.2.3', '::ffff:10.1.2.3'], ['11.0.0.1', '10.1.2', '10.1.2.3/8', 5, null]],
  ['in_cidr', ['10.0.0.0/8', '2001:db8::/32'], ['10.0.0.1', '2001:db8::1'], ['2001:db9::1', '::1']],
  ['in_cidr', 'nonsense', [], ['10.0.0.1', 'nonsense']],
];

describe.each(rows)('%s %j', (operator, wanted, passes, fails) => {
  test.each(passes.map((found) => [found]))('holds for %j', (found) => {
    expect(holds(fieldTest('payload.x', operator, wanted), eventWith(found))).toBe(true);
  });
  test.each(fails.map((found) => [found]))('fails for %j', (found) => {
    expect(holds(fieldTest('payload.x', operator, wanted), eventWith(found))).toBe(false);
  });
});

const element = (operator: Operator, value: Json): FieldTest => fieldTest('.', operator, value);
const nested = (operator: Operator, inner: Test): FieldTest =>
  fieldTest('payload.x', operator, null, { operand: { kind: 'test', test: inner } });

describe('size, some, every, no', () => {
  test.each([
    [
      'size',
      element('equal', 2),
      ['ab', '😀😀', [1, 2], { a: 1, b: 2 }],
      ['a', '😀', [1], {}, 2, null, true],
    ],
    ['size', element('at_least', 0), ['', [], {}], [0, null, false]],
    ['some', element('equal', 1), [[2, 1]], [[], [2], 1, '1', { a: 1 }]],
    ['every', element('equal', 1), [[], [1, 1]], [[1, 2], 1, {}]],
    ['no', element('equal', 1), [[], [2]], [[1], 1, 'x', {}]],
    [
      'some',
      allOf(fieldTest('state', 'equal', 'down'), fieldTest('size', 'at_least', 3)),
      [[{ state: 'down', size: 3 }]],
      [
        [
          { state: 'down', size: 1 },
          { state: 'up', size: 5 },
        ],
      ],
    ],
    ['every', fieldTest('a', 'exists', false), [[{}, 1, null]], [[{ a: 1 }]]],
    ['some', fieldTest('payload', 'equal', 1), [[{ payload: 1 }]], [[{}]]],
  ] as const)('%s', (operator, inner, passes, fails) => {
    for (const found of passes)
      expect([found, holds(nested(operator, inner), eventWith(found))]).toEqual([found, true]);
    for (const found of fails)
      expect([found, holds(nested(operator, inner), eventWith(found))]).toEqual([found, false]);
  });

  test('a test inside another test compares with a field of the event', () => {
    const inner = fieldTest('n', 'greater_than', null, { operand: { kind: 'field', path: 'payload.limit' } });
    const filters = nested('some', nested('some', inner));
    const outer = nested('some', fieldTest('list', 'some', null, { operand: { kind: 'test', test: inner } }));
    expect(holds(outer, eventWith(MISSING, { payload: { limit: 5, x: [{ list: [{ n: 6 }] }] } }))).toBe(true);
    expect(holds(outer, eventWith(MISSING, { payload: { limit: 6, x: [{ list: [{ n: 6 }] }] } }))).toBe(
      false,
    );
    expect(holds(outer, eventWith(MISSING, { payload: { x: [{ list: [{ n: 6 }] }] } }))).toBe(false);
    expect(holds(filters, eventWith([[]]))).toBe(false);
  });
});

describe('during, newer_than, older_than', () => {
  const office: Hours = {
    days: ['mon'],
    fromMinute: 540,
    toMinute: 1020,
    timezone: 'Europe/Berlin',
    except: ['2026-01-12'],
  };
  const night: Hours = { days: ['mon'], fromMinute: 1320, toMinute: 360, timezone: 'UTC', except: [] };
  test.each([
    [office, '2026-01-05T08:00:00Z', true],
    [office, '2026-01-05T07:59:59Z', false],
    [office, '2026-01-05T16:00:00Z', false],
    [office, '2026-01-12T09:00:00Z', false],
    [office, '2026-01-05', false],
    [office, 1_767_600_000_000, false],
    [night, '2026-01-06T05:59:00Z', true],
    [night, '2026-01-05T05:59:00Z', false],
  ])('during %j: %s → %s', (hours, found, expected) => {
    const asked = fieldTest('payload.x', 'during', null, { operand: { kind: 'hours', hours } });
    expect(holds(asked, eventWith(found))).toBe(expected);
  });

  test.each([
    ['newer_than', '2026-01-01T11:00:01Z', true],
    ['newer_than', '2026-01-01T11:00:00Z', false],
    ['newer_than', '2027-01-01T00:00:00Z', true],
    ['older_than', '2026-01-01T10:59:59Z', true],
    ['older_than', '2026-01-01T11:00:00Z', false],
    ['older_than', 'yesterday', false],
    ['older_than', 0, false],
  ] as const)('an hour before the event: %s, %s → %s', (operator, found, expected) => {
    const asked = fieldTest('payload.x', operator, null, {
      operand: { kind: 'durationMs', durationMs: 3_600_000 },
    });
    expect(holds(asked, eventWith(found, { timestamp: '2026-01-01T12:00:00Z' }))).toBe(expected);
  });
});

describe('a field that is missing', () => {
  const literalFor: Partial<Record<Operator, Json>> = {
    in: ['a'],
    not_in: ['a'],
    between: [1, 2],
    exists: false,
  };
  const operandFor = (operator: Operator): Operand => {
    switch (operator) {
      case 'size':
      case 'some':
      case 'every':
      case 'no':
        return { kind: 'test', test: element('exists', false) };
      case 'during':
        return {
          kind: 'hours',
          hours: { days: [], fromMinute: 0, toMinute: 1440, timezone: 'UTC', except: [] },
        };
      case 'newer_than':
      case 'older_than':
        return { kind: 'durationMs', durationMs: 1 };
      default:
        return { kind: 'literal', value: literalFor[operator] ?? 'a' };
    }
  };
  test.each(OPERATORS.map((operator) => [operator]))('%s', (operator) => {
    const asked = fieldTest('payload.x', operator, null, { operand: operandFor(operator) });
    expect(holds(asked, eventWith(MISSING))).toBe(operator === 'exists');
    // `none:` is the negation that holds for what is missing.
    expect(holds(not(asked), eventWith(MISSING))).toBe(operator !== 'exists');
  });

  test('own properties only: what every object inherits is missing', () => {
    for (const key of ['constructor', 'toString', '__proto__', 'length'])
      expect(holds(fieldTest(`payload.${key}`, 'exists', true), eventWith(1))).toBe(false);
    const own = JSON.parse('{"__proto__": 1, "constructor": 2}') as Event['payload'];
    expect(holds(fieldTest('payload.__proto__', 'equal', 1), eventWith(MISSING, { payload: own }))).toBe(
      true,
    );
    expect(holds(fieldTest('payload.constructor', 'equal', 2), eventWith(MISSING, { payload: own }))).toBe(
      true,
    );
  });

  test('a missing operand fails the test, its negation too', () => {
    for (const operator of ['equal', 'not_equal', 'at_least', 'not_in', 'not_matches', 'exists'] as const) {
      const asked = fieldTest('payload.x', operator, null, { operand: { kind: 'field', path: 'payload.y' } });
      expect([operator, holds(asked, eventWith(1))]).toEqual([operator, false]);
    }
  });
});

describe('modifiers', () => {
  test.each([
    ['equal', 'Straße', ['STRAßE', 'straße'], ['strasse']],
    ['equal', { a: ['X'] }, [{ a: ['x'] }], [{ A: ['x'] }]],
    ['in', ['Ab', 1], ['aB', 1], ['b']],
    ['not_in', ['Ab'], ['b'], ['AB']],
    ['matches', 'a\\Sb', ['A-B'], ['a b']],
    ['starts_with', 'AB', ['abc'], ['xab']],
    ['ends_with', 'AB', ['xaB'], ['abx']],
    ['wildcard', 'A*C', ['abc'], ['ab']],
    ['contains', 'AB', ['xabx', ['aB']], ['x']],
  ] as const)('ignore_case with %s %j', (operator, wanted, passes, fails) => {
    const asked = fieldTest('payload.x', operator, wanted as Json, { ignoreCase: true });
    for (const found of passes)
      expect([found, holds(asked, eventWith(found as Json))]).toEqual([found, true]);
    for (const found of fails)
      expect([found, holds(asked, eventWith(found as Json))]).toEqual([found, false]);
  });

  test.each([
    ['number', 'at_least', 5, ['5', '1e1', 6, '-0.5e2e'], [true, true, true, false]],
    [
      'number',
      'equal',
      5,
      ['5', ' 5', '05', '5.0', '', true, null, '0x5', '1e999'],
      [true, false, false, true],
    ],
    ['number', 'not_equal', 5, ['6', 'six', null], [true, false, false]],
    ['string', 'equal', '5', [5, '5', 5.5, null, [5]], [true, true, false, false, false]],
    ['string', 'matches', '^true$', [true, 'true'], [true, true]],
    [
      'time',
      'at_least',
      '2026-01-01T00:00:00Z',
      [1_767_225_600_000, 1_767_225_599_999, '2026-01-01T00:00:00Z'],
      [true, false, true],
    ],
    [
      'time',
      'at_least',
      1_767_225_600_000,
      ['2026-01-01T00:00:00Z', '2025-01-01T00:00:00Z', 'x'],
      [true, false, false],
    ],
    ['text', 'matches', '^\\[1,2\\]$', [[1, 2], '[1,2]'], [true, true]],
  ] as const)('as: %s with %s %j', (as, operator, wanted, values, expected) => {
    const asked = fieldTest('payload.x', operator, wanted, { reading: { path: 'payload.x', as } });
    expected.forEach((passes, i) => {
      expect([values[i], holds(asked, eventWith(values[i] as Json))]).toEqual([values[i], passes]);
    });
  });

  test('as: time reaches during, newer_than and older_than', () => {
    const reading = { path: 'payload.x', as: 'time' } as const;
    const day: Hours = { days: [], fromMinute: 0, toMinute: 720, timezone: 'UTC', except: [] };
    const asked = fieldTest('payload.x', 'during', null, { reading, operand: { kind: 'hours', hours: day } });
    expect(holds(asked, eventWith(Date.UTC(2026, 0, 1, 11)))).toBe(true);
    expect(holds(asked, eventWith(Date.UTC(2026, 0, 1, 12)))).toBe(false);
    expect(holds(asked, eventWith(8.64e15))).toBe(false);
  });

  test('as asks nothing of exists', () => {
    const asked = fieldTest('payload.x', 'exists', true, { reading: { path: 'payload.x', as: 'number' } });
    expect(holds(asked, eventWith('no number'))).toBe(true);
  });

  test('absent stands for what is missing, not for null', () => {
    const asked = fieldTest('payload.x', 'equal', 0, { reading: { path: 'payload.x', absent: 0 } });
    expect(holds(asked, eventWith(MISSING))).toBe(true);
    expect(holds(asked, eventWith(null))).toBe(false);
  });
});

describe('other fields as operands', () => {
  const against = (operator: Operator, path: string, fields: Partial<FieldTest> = {}): FieldTest =>
    fieldTest('payload.x', operator, null, { operand: { kind: 'field', path }, ...fields });
  const both = (x: Json, y: Json): Event => eventWith(MISSING, { payload: { x, y } });
  test.each([
    ['equal', { fact: 'event' }, { fact: 'event' }, true],
    ['equal', 1, '1', false],
    ['at_least', 6, 5, true],
    ['at_least', 6, '5', false],
    ['in', 'a', ['a', 'b'], true],
    ['in', 'a', 'a', false],
    ['contains', ['a'], 'a', true],
    ['matches', 'abc', 'b', true],
    ['matches', 'abc', '(', false],
    ['not_matches', 'abc', '(', true],
    ['in_cidr', '10.1.1.1', '10.0.0.0/8', true],
    ['in_cidr', '10.1.1.1', 'x', false],
    ['newer_than', '2000-01-01T00:00:00Z', '1h', true],
  ] as const)('%s: %j against %j is %s', (operator, x, y, expected) => {
    expect(holds(against(operator, 'payload.y'), both(x as Json, y as Json))).toBe(expected);
  });

  test('modifiers apply to both sides', () => {
    const asNumber = against('greater_than', 'payload.y', { reading: { path: 'payload.x', as: 'number' } });
    expect(holds(asNumber, both('10', '9'))).toBe(true);
    expect(holds(against('equal', 'payload.y', { ignoreCase: true }), both('A', 'a'))).toBe(true);
  });
});

describe('priority', () => {
  test.each([
    ['at_least', 'high', ['high', 'critical']],
    ['greater_than', 'high', ['critical']],
    ['less_than', 'normal', ['low']],
    ['at_most', 'normal', ['low', 'normal']],
    ['between', ['normal', 'high'], ['normal', 'high']],
    ['at_least', 'urgent', []],
    ['at_least', 2, []],
  ] as const)('%s %j', (operator, wanted, expected) => {
    const asked = fieldTest('priority', operator, wanted as Json);
    const passing = (['low', 'normal', 'high', 'critical'] as const).filter((priority) =>
      holds(asked, eventWith(MISSING, { priority })),
    );
    expect(passing).toEqual(expected);
  });

  test('compares with a field that holds such a word', () => {
    const asked = fieldTest('priority', 'at_least', null, { operand: { kind: 'field', path: 'payload.x' } });
    expect(holds(asked, eventWith('normal', { priority: 'high' }))).toBe(true);
    expect(holds(asked, eventWith('critical', { priority: 'high' }))).toBe(false);
    expect(holds(asked, eventWith('nonsense', { priority: 'high' }))).toBe(false);
  });
});

describe('all, any, not', () => {
  const a = fieldTest('payload.a', 'equal', 1);
  const b = fieldTest('payload.b', 'equal', 1);
  test.each([
    [allOf(), true, true],
    [anyOf(), false, false],
    [allOf(a, b), true, false],
    [anyOf(a, b), true, true],
    [not(a), false, true],
    [not(allOf(a, b)), false, true],
    [not(anyOf()), true, true],
    [allOf(anyOf(a, b), not(allOf())), false, false],
  ])('%j', (asked, withBoth, withOnlyB) => {
    expect(holds(asked, eventWith(MISSING, { payload: { a: 1, b: 1 } }))).toBe(withBoth);
    expect(holds(asked, eventWith(MISSING, { payload: { b: 1 } }))).toBe(withOnlyB);
  });
});
