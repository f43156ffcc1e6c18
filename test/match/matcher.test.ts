import { describe, expect, test } from 'vitest';
import { compileRuleset } from '../../src/compile/ruleset.js';
import type { Json } from '../../src/kernel/json.js';
import { createMatcher } from '../../src/match/matcher.js';
import type { Event } from '../../src/model/event.js';
import type { Trigger } from '../../src/model/trigger.js';
import type { Matcher } from '../../src/ports/matcher.js';
import { event } from '../support/rules.js';
import { allOf, anyOf, fieldTest, makeSource, makeTrigger } from '../support/trigger.js';

function matcherOf(triggers: readonly Partial<Trigger>[]): Matcher {
  const all = triggers.map((fields, i) =>
    makeTrigger({ trigger_id: `t${i}`, event_types: ['x'], ...fields }),
  );
  return createMatcher(compileRuleset(makeSource(all)));
}

const an = (event_type: string, payload: Event['payload'] = {}): Event =>
  event({ event_id: 'e', event_type, payload });
const triggersHit = (matcher: Matcher, one: Event): readonly number[] =>
  matcher.match(one).map(({ listener }) => listener.trigger);

describe('event types', () => {
  const patterns = ['workflow.failed', 'workflow.*', '*', 'workflow', 'node.*', 'workflow.failed.*', 'work*'];
  const matcher = matcherOf(patterns.map((pattern) => ({ event_types: [pattern] })));
  test.each([
    ['workflow.failed', ['workflow.failed', 'workflow.*', '*']],
    ['workflow.failed.again.and.again', ['workflow.*', '*', 'workflow.failed.*']],
    ['workflow', ['*', 'workflow']],
    ['Workflow.failed', ['*']],
    ['workflowx.failed', ['*']],
    ['node.started', ['*', 'node.*']],
  ])('%s is heard by %j', (type, heard) => {
    expect(triggersHit(matcher, an(type)).map((i) => patterns[i])).toEqual(heard);
  });

  test('a trigger that names a type twice is hit once', () => {
    expect(matcherOf([{ event_types: ['x', '*', 'x'] }]).match(an('x'))).toHaveLength(1);
  });

  test('types without end do not fill the memory, and are still heard', () => {
    const one = matcherOf([{ event_types: ['a.*'] }]);
    const heard = Array.from({ length: 25_000 }, (_, i) => one.match(an(`a.${i}`)).length);
    expect(heard.every((hits) => hits === 1)).toBe(true);
  });
});

describe('for_each', () => {
  const matcher = matcherOf([
    {
      for_each: 'payload.alerts',
      filters: allOf(fieldTest('item.state', 'equal', 'firing'), fieldTest('payload.on', 'equal', true)),
    },
    { filters: fieldTest('payload.on', 'equal', true) },
  ]);
  const alerts = [{ state: 'firing' }, { state: 'resolved' }, 5, { state: 'firing' }];

  test('hits once per element that passes, with the element and its index', () => {
    expect(
      matcher
        .match(an('x', { on: true, alerts }))
        .map(({ listener, item, index }) => [listener.trigger, item, index]),
    ).toEqual([
      [0, alerts[0], 0],
      [0, alerts[3], 3],
      [1, null, -1],
    ]);
  });

  test.each([[null], ['firing'], [{ 0: { state: 'firing' } }], [[]], [undefined]])(
    '%j is nothing to go through',
    (value) => {
      const payload = { on: true, ...(value === undefined ? {} : { alerts: value as Json }) };
      expect(triggersHit(matcher, an('x', payload))).toEqual([1]);
    },
  );
});

test('an inactive trigger keeps its place and hears nothing', () => {
  expect(triggersHit(matcherOf([{ active: false }, {}]), an('x'))).toEqual([1]);
});

test('nothing to hear is the same empty list every time', () => {
  const matcher = matcherOf([{ filters: fieldTest('payload.a', 'equal', 1) }]);
  expect(matcher.match(an('y'))).toEqual([]);
  expect(matcher.match(an('y'))).toBe(matcher.match(an('z')));
});

describe('candidates', () => {
  const COUNT = 2_000;
  const value = (i: number): string => `value-${String(i).padStart(5, '0')}`;
  const kinds: Readonly<Record<string, (i: number) => Partial<Trigger>>> = {
    'an equality': (i) => ({ filters: fieldTest('payload.a', 'equal', value(i)) }),
    'two equalities': (i) => ({
      filters: allOf(
        fieldTest('payload.a', 'equal', value(i % 50)),
        fieldTest('payload.b', 'equal', value(i % 1999)),
      ),
    }),
    'a list of values': (i) => ({ filters: fieldTest('payload.a', 'in', [value(i), `other-${i}`]) }),
    alternatives: (i) => ({
      filters: anyOf(
        fieldTest('payload.a', 'equal', value(i)),
        fieldTest('payload.b', 'equal', `other-${i}`),
      ),
    }),
    'fields of their own': (i) => ({ filters: fieldTest(`payload.own-${i}`, 'equal', 1) }),
    'a threshold': (i) => ({ filters: fieldTest('payload.n', 'at_least', 1_000 + i) }),
    'a band': (i) => ({ filters: fieldTest('payload.n', 'between', [i, i + 0.5]) }),
    'a band upside down': (i) => ({
      filters: allOf(fieldTest('payload.n', 'less_than', i + 1), fieldTest('payload.n', 'greater_than', i)),
    }),
    'an expression': (i) => ({ filters: fieldTest('payload.text', 'matches', `\\bcode=${value(i)}\\b`) }),
    'a substring': (i) => ({ filters: fieldTest('payload.text', 'contains', value(i)) }),
    'a wildcard': (i) => ({ filters: fieldTest('payload.text', 'wildcard', `*${value(i)}*`) }),
    'an element of for_each': (i) => ({
      for_each: 'payload.list',
      filters: allOf(fieldTest('item', 'equal', 1), fieldTest('payload.a', 'equal', value(i))),
    }),
  };
  const payload = {
    a: value(7),
    b: value(7),
    n: 7.25,
    text: `see code=${value(7)} for more`,
    list: [1],
    'own-7': 1,
  };

  test.each(Object.entries(kinds))('%s: what does not match is hardly asked', (_name, make) => {
    const matcher = matcherOf(Array.from({ length: COUNT }, (_, i) => make(i)));
    for (let i = 0; i < 10; i++) matcher.match(an('x', payload));
    expect(matcher.candidates / 10).toBeLessThanOrEqual(5);
    matcher.match(an('x', { a: 'nothing', b: null, n: -5, text: 'valu code= 0', list: [] }));
    expect(matcher.candidates / 10).toBeLessThanOrEqual(5);
  });

  test('a text made to touch every literal everywhere is given up on: then every rule is asked, once', () => {
    // Four characters that all have the low byte of `a`: every gram of every literal is the same.
    const alike = (n: number): string => String.fromCharCode(0x61 + 256 * (n % 4));
    const literals = Array.from({ length: 256 }, (_, i) => [i, i >> 2, i >> 4, i >> 6].map(alike).join(''));
    const matcher = matcherOf(
      literals.map((text) => ({ filters: fieldTest('payload.text', 'contains', text) })),
    );
    const text = `${'a'.repeat(200_000)}${literals[200] as string}`;
    expect(triggersHit(matcher, an('x', { text }))).toContain(200);
    expect(matcher.candidates).toBe(256);
  });

  test('lists of many values do not multiply', () => {
    const values = Array.from({ length: 200 }, (_, i) => value(i));
    const many = Array.from({ length: 50 }, (_, i) => ({
      filters: allOf(
        fieldTest('payload.a', 'in', values),
        fieldTest('payload.b', 'in', values),
        fieldTest('payload.c', 'in', values),
        fieldTest('payload.n', 'equal', i),
      ),
    }));
    const matcher = matcherOf(many);
    expect(triggersHit(matcher, an('x', { a: value(1), b: value(2), c: value(3), n: 4 }))).toEqual([4]);
  });
});

test('twenty thousand triggers are indexed before one of them has cost a rule', () => {
  const triggers = Array.from({ length: 20_000 }, (_, i) =>
    makeTrigger({
      trigger_id: `t${i}`,
      event_types: [`type.${i % 20}`],
      filters: fieldTest('payload.a', 'equal', i),
    }),
  );
  const matcher = createMatcher(compileRuleset(makeSource(triggers)));
  expect(triggersHit(matcher, an('type.7', { a: 4_007 }))).toEqual([4_007]);
  expect(matcher.candidates).toBe(1);
});
