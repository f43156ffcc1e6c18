import { describe, expect, test } from 'vitest';
import { compileRuleset } from '../../src/compile/ruleset.js';
import { Fault } from '../../src/kernel/fault.js';
import type { IndexEntry } from '../../src/model/ruleset.js';
import type { Test } from '../../src/model/test.js';
import type { StatefulPlan, Trigger } from '../../src/model/trigger.js';
import {
  ALWAYS,
  allOf,
  anyOf,
  fieldTest,
  makeSource,
  makeTrigger,
  makeWorkflow,
  not,
} from '../support/trigger.js';

const compileOne = (fields: Partial<Trigger>) => compileRuleset(makeSource([makeTrigger(fields)]));
const entriesOf = (filters: Test): readonly IndexEntry[] | undefined =>
  compileOne({ filters }).listeners[0]?.entries;

const a1 = fieldTest('payload.a', 'equal', 1);
const b1 = fieldTest('payload.b', 'equal', 1);

const plan: StatefulPlan = {
  kind: 'time_based',
  variant: 'deadline',
  settings: { afterMs: 1_000 },
  listeners: [
    { role: 'match', event_types: ['x'], test: a1, group_by: ['payload.g'] },
    { role: 'unless', event_types: ['y'], test: ALWAYS, group_by: ['payload.h'] },
  ],
  completion: ALWAYS,
};

describe('listeners', () => {
  test('a stateless trigger has one, of its filters and its condition', () => {
    const { listeners, triggers } = compileOne({
      filters: allOf(a1),
      condition: b1,
      event_types: ['x'],
      group_by: ['user_id'],
    });
    expect(listeners).toEqual([
      {
        ordinal: 0,
        trigger: 0,
        role: 'match',
        event_types: ['x'],
        group_by: ['user_id'],
        entries: [
          [
            { kind: 'equal', path: 'payload.a', values: [1] },
            { kind: 'equal', path: 'payload.b', values: [1] },
          ],
        ],
        conditions: {
          all: [
            {
              all: [
                {
                  fact: 'event',
                  path: 'payload.a',
                  operator: 'equal',
                  value: 1,
                  name: '/filters/payload.a/equal',
                },
              ],
              name: '/filters/all',
            },
            {
              fact: 'event',
              path: 'payload.b',
              operator: 'equal',
              value: 1,
              name: '/filters/payload.b/equal',
            },
          ],
        },
      },
    ]);
    expect(triggers[0]?.listeners).toEqual(listeners);
    expect(triggers[0]?.completion).toBeNull();
  });

  test('a stateful trigger has those of its plan, and asks its completion apart', () => {
    const ruleset = compileRuleset(
      makeSource([
        makeTrigger({ filters: b1, memory: { ...plan, completion: b1 } }),
        makeTrigger({ trigger_id: 'second' }),
      ]),
    );
    expect(
      ruleset.listeners.map(({ ordinal, trigger, role, event_types, group_by }) => [
        ordinal,
        trigger,
        role,
        event_types,
        group_by,
      ]),
    ).toEqual([
      [0, 0, 'match', ['x'], ['payload.g']],
      [1, 0, 'unless', ['y'], ['payload.h']],
      [2, 1, 'match', ['custom.event'], []],
    ]);
    expect(ruleset.listeners[0]?.entries).toEqual([[{ kind: 'equal', path: 'payload.a', values: [1] }]]);
    expect(ruleset.listeners[1]?.conditions).toEqual({ all: [] });
    expect(ruleset.triggers[0]?.completion).toEqual({
      all: [expect.objectContaining({ path: 'payload.b' })],
    });
  });

  test('an inactive trigger keeps its place and has none', () => {
    const ruleset = compileRuleset(
      makeSource([makeTrigger({ active: false }), makeTrigger({ trigger_id: 'second' })]),
    );
    expect(ruleset.triggers.map(({ ordinal, listeners }) => [ordinal, listeners.length])).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  test('workflows by name, variables as they are', () => {
    const ruleset = compileRuleset(makeSource([], { variables: { limit: 5 } }));
    expect([...ruleset.workflows.keys()]).toEqual(['note']);
    expect(ruleset.variables).toEqual({ limit: 5 });
  });

  test('an unvalidated path is a fault of ours', () => {
    expect(() => compileOne({ filters: fieldTest('payload..a', 'equal', 1) })).toThrow(Fault);
    const operand = { kind: 'field', path: 'payload[' } as const;
    expect(() => compileOne({ filters: fieldTest('payload.a', 'equal', 1, { operand }) })).toThrow(Fault);
  });
});

describe('what the index may look for', () => {
  const equalFact = (path: string, ...values: (string | number | boolean | null)[]) => ({
    kind: 'equal',
    path,
    values,
  });
  const literal = (text: string) => ({ kind: 'literal', path: 'payload.a', text });
  const x = (
    operator: Parameters<typeof fieldTest>[1],
    value: Parameters<typeof fieldTest>[2],
    fields = {},
  ): Test => fieldTest('payload.a', operator, value, fields);

  test.each<[string, Test, unknown]>([
    ['nothing', ALWAYS, [[]]],
    ['a scalar', x('equal', null), [[equalFact('payload.a', null)]]],
    ['one spelling of a path', fieldTest('payload["a"]', 'equal', 1), [[equalFact('payload.a', 1)]]],
    ['an object', x('equal', { a: 1 }), [[]]],
    ['a list of values', x('in', ['a', 1]), [[equalFact('payload.a', 'a', 1)]]],
    ['an empty list: never', x('in', []), []],
    ['a list with an object', x('in', ['a', {}]), [[]]],
    ['a bound', x('greater_than', 5), [[{ kind: 'above', path: 'payload.a', bound: 5, inclusive: false }]]],
    [
      'a band',
      x('between', [1, 2]),
      [
        [
          { kind: 'above', path: 'payload.a', bound: 1, inclusive: true },
          { kind: 'below', path: 'payload.a', bound: 2, inclusive: true },
        ],
      ],
    ],
    ['a bound in time', x('at_least', '2026-01-01T00:00:00Z'), [[]]],
    ['a priority', fieldTest('priority', 'at_least', 'high'), [[equalFact('priority', 'high', 'critical')]]],
    ['no priority: never', fieldTest('priority', 'greater_than', 'critical'), []],
    ['an expression', x('matches', 'a?bcd+.*xy'), [[literal('bcd')]]],
    ['expressions', x('matches', ['abc', 'x.yz']), [[literal('abc')], [literal('yz')]]],
    ['an expression without a literal among them', x('matches', ['abc', '.']), [[]]],
    ['an alternation', x('matches', 'abc|def'), [[]]],
    ['a wildcard', x('wildcard', 'ab*\\*cde*'), [[literal('*cde')]]],
    ['a wildcard for all', x('wildcard', '*'), [[]]],
    ['a beginning', x('starts_with', ['ab', 'c']), [[literal('ab')], [literal('c')]]],
    ['a member that may be no string', x('contains', ['ab', 5]), [[]]],
    ['case', x('equal', 'a', { ignoreCase: true }), [[]]],
    ['a conversion', x('equal', 5, { reading: { path: 'payload.a', as: 'number' } }), [[]]],
    ['a default', x('equal', 0, { reading: { path: 'payload.a', absent: 0 } }), [[]]],
    ['an element', fieldTest('item.a', 'equal', 1), [[]]],
    ['a field', x('equal', 1, { operand: { kind: 'field', path: 'payload.b' } }), [[]]],
    ['a negation', not(a1), [[]]],
    ['what must not be', x('not_equal', 1), [[]]],
    ['all', allOf(a1, b1), [[equalFact('payload.a', 1), equalFact('payload.b', 1)]]],
    ['all with a negation', allOf(a1, not(b1)), [[equalFact('payload.a', 1)]]],
    ['contradictions: never', allOf(a1, x('equal', 2)), []],
    ['lists that meet', allOf(x('in', [1, 2]), x('in', [2, 3])), [[equalFact('payload.a', 2)]]],
    ['any of one field', anyOf(a1, x('equal', 2), x('in', [2, 3])), [[equalFact('payload.a', 1, 2, 3)]]],
    ['any of two', anyOf(a1, b1), [[equalFact('payload.a', 1)], [equalFact('payload.b', 1)]]],
    ['any with something unknown', anyOf(a1, not(b1)), [[]]],
    ['any of nothing: never', anyOf(), []],
    ['never beside something', allOf(a1, anyOf()), []],
  ])('%s', (_name, filters, entries) => {
    expect(entriesOf(filters)).toEqual(entries);
  });

  test('alternatives do not multiply without end: some are given up', () => {
    const either = (path: string): Test =>
      anyOf(fieldTest(path, 'equal', 1), fieldTest(path, 'contains', 'x'), fieldTest(path, 'contains', 'y'));
    const entries = entriesOf(
      allOf(...['a', 'b', 'c', 'd', 'e', 'f'].map((key) => either(`payload.${key}`))),
    );
    expect(entries?.length).toBeGreaterThan(1);
    expect(entries?.length).toBeLessThanOrEqual(32);
    expect(
      entriesOf(anyOf(...Array.from({ length: 40 }, (_, i) => fieldTest(`payload.k${i}`, 'equal', 1)))),
    ).toEqual([[]]);
  });
});

describe('hashes', () => {
  const base: Partial<Trigger> = {
    filters: allOf(a1, b1),
    event_types: ['x', 'y'],
    group_by: ['user_id'],
    memory: plan,
  };
  const conditionHashOf = (fields: Partial<Trigger>) =>
    compileOne({ ...base, ...fields }).triggers[0]?.conditionHash;
  const rulesetHashOf = (fields: Partial<Trigger>) => compileOne({ ...base, ...fields }).hash;
  const moved = (one: Test): Test =>
    JSON.parse(JSON.stringify(one).replaceAll('/filters', '/triggers/7/filters')) as Test;

  test.each<[string, Partial<Trigger>]>([
    ['a description', { description: 'said otherwise' }],
    ['tags', { tags: ['oncall'] }],
    [
      'where it stands',
      { origin: { file: 'b.yaml', document: 3, pointer: '/triggers/9' }, filters: moved(allOf(a1, b1)) },
    ],
    ['the order of tests and types', { filters: allOf(b1, a1), event_types: ['y', 'x'] }],
  ])('%s changes neither', (_name, fields) => {
    expect(conditionHashOf(fields)).toBe(conditionHashOf({}));
    expect(rulesetHashOf(fields)).toBe(rulesetHashOf({}));
  });

  test.each<[string, Partial<Trigger>]>([
    ['a type', { event_types: ['x'] }],
    ['a filter', { filters: allOf(a1) }],
    ['any instead of all', { filters: anyOf(a1, b1) }],
    ['an operand of another type', { filters: allOf(fieldTest('payload.a', 'equal', '1'), b1) }],
    ['case', { filters: allOf({ ...a1, ignoreCase: true }, b1) }],
    ['a conversion', { filters: allOf({ ...a1, reading: { path: 'payload.a', as: 'number' } }, b1) }],
    ['a default', { filters: allOf({ ...a1, reading: { path: 'payload.a', absent: 1 } }, b1) }],
    ['the group', { group_by: [] }],
    ['the condition', { condition: a1 }],
    ['the element', { for_each: 'payload.list' }],
    ['a setting', { memory: { ...plan, settings: { afterMs: 1_001 } } }],
    ['the variant', { memory: { ...plan, variant: 'silence' } }],
    ['a listener', { memory: { ...plan, listeners: plan.listeners.slice(0, 1) } }],
    ['the completion', { memory: { ...plan, completion: a1 } }],
    ['no memory', { memory: null }],
  ])('%s changes both', (_name, fields) => {
    expect(conditionHashOf(fields)).not.toBe(conditionHashOf({}));
    expect(rulesetHashOf(fields)).not.toBe(rulesetHashOf({}));
  });

  test.each<[string, Partial<Trigger>]>([
    ['what is launched', { launches: [{ workflow_name: 'other', workflow_input: {}, pointer: '' }] }],
    ['the input', { launches: [{ workflow_name: 'note', workflow_input: { a: 1 }, pointer: '' }] }],
    ['the cooldown', { cooldown: { forMs: 1, scope: 'group', trailing: false } }],
    ['the debounce', { debounceMs: 1 }],
    ['the collection', { collect: { forMs: 1, max: null, group_by: null } }],
    ['once_per', { once_per: ['user_id'] }],
    ['max_executions', { max_executions: { count: 1, perMs: null, scope: 'trigger' } }],
    ['whether it is active', { active: false }],
    ['the mode', { mode: 'observe' }],
    ['first_of', { first_of: { set: 's', rank: 1 } }],
    ['the lateness', { latenessMs: 1 }],
    ['max_groups', { max_groups: 1 }],
    ['allow_loop', { allow_loop: true }],
    ['the name', { trigger_id: 'other' }],
  ])('%s changes the ruleset, and keeps what was remembered', (_name, fields) => {
    expect(conditionHashOf(fields)).toBe(conditionHashOf({}));
    expect(rulesetHashOf(fields)).not.toBe(rulesetHashOf({}));
  });

  test('workflows and variables count, their descriptions and places do not', () => {
    const hashOf = (fields: Parameters<typeof makeSource>[1]) =>
      compileRuleset(makeSource([makeTrigger()], fields)).hash;
    const moved = makeWorkflow({
      description: 'said',
      origin: { file: 'z.yaml', document: 0, pointer: '/w' },
    });
    expect(hashOf({ workflows: [moved] })).toBe(hashOf({}));
    expect(hashOf({ workflows: [makeWorkflow({ with: { message: 'other' } })] })).not.toBe(hashOf({}));
    expect(hashOf({ variables: { limit: 1 } })).not.toBe(hashOf({}));
  });
});
