import { describe, expect, test } from 'vitest';
import type { Test } from '../../src/model/test.js';
import { FIELD_TESTS } from '../../src/validate/field-tests.js';
import { faultsOf, filtersOf, onlyTrigger, shown, validateText } from './validate-text.js';

test.each([
  ['{ payload.a: 1 }', 'payload.a equal 1'],
  ['{ payload.a: null }', 'payload.a equal null'],
  ['{ payload.a: [1, two] }', 'payload.a in [1,"two"]'],
  ['{ payload.a: { equal: { b: [1] } } }', 'payload.a equal {"b":[1]}'],
  ['{ payload.a: { at_least: 1, less_than: 10 } }', 'all(payload.a at_least 1, payload.a less_than 10)'],
  ['{ payload.a: 1, source: x }', 'all(payload.a equal 1, source equal "x")'],
  ['{ payload.a: { not: x } }', 'all(payload.a exists true, not(payload.a equal "x"))'],
  [
    '{ payload.a: { not: { at_least: 1, at_most: 3 } } }',
    'all(payload.a exists true, not(all(payload.a at_least 1, payload.a at_most 3)))',
  ],
  ['{ payload.a: { matches: [x, y], ignore_case: true } }', 'payload.a matches i ["x","y"]'],
  ['{ payload.a: { at_least: 5, as: number } }', 'payload.a as number at_least 5'],
  [
    '{ payload.a: { exists: true, at_least: 5, as: number } }',
    'all(payload.a exists true, payload.a as number at_least 5)',
  ],
  ['{ payload.a: { size: { at_least: 3 } } }', 'payload.a size [. at_least 3]'],
  ['{ payload.a: { size: 3 } }', 'payload.a size [. equal 3]'],
  ['{ payload.a: { some: { b: 1, c.d: [2] } } }', 'payload.a some [all(b equal 1, c.d in [2])]'],
  ['{ payload.a: { every: { ".": { matches: x } } } }', 'payload.a every [. matches "x"]'],
  ['{ payload.a: { no: { any: [{ b: 1 }, { c: 2 }] } } }', 'payload.a no [any(b equal 1, c equal 2)]'],
  [
    '{ any: [{ payload.a: 1 }, { payload.b: 2, source: x }] }',
    'any(payload.a equal 1, all(payload.b equal 2, source equal "x"))',
  ],
  ['{ none: [{ payload.a: 1 }], payload.b: 2 }', 'all(not(any(payload.a equal 1)), payload.b equal 2)'],
  ['{ all: [{ payload.a: 1 }, { payload.b: 2 }] }', 'all(payload.a equal 1, payload.b equal 2)'],
  ['{ payload.a: { in_cidr: 10.0.0.0/8 } }', 'payload.a in_cidr ["10.0.0.0/8"]'],
  ['{ payload.a: { newer_than: 1h30m } }', 'payload.a newer_than 5400000ms'],
  ['{ payload.a: { ends_with: { field: payload.b } } }', 'payload.a ends_with {payload.b}'],
  ['{ payload.a: { field: payload.b } }', 'payload.a equal {payload.b}'],
  ['{ payload.a: { some: { b: { equal: { field: source } } } } }', 'payload.a some [b equal {source}]'],
  [
    '{ payload.a: { between: [1, { field: payload.b }] } }',
    'all(payload.a at_least 1, payload.a at_most {payload.b})',
  ],
  ['{ payload.a: { between: [1, 2] } }', 'payload.a between [1,2]'],
  ['{ priority: { at_least: high } }', 'priority at_least "high"'],
  [
    '{ timestamp: { during: { days: [fri-mon], from: "22:00" } } }',
    'timestamp sun+mon+fri+sat 1320-1440 UTC'.replace(' ', ' during '),
  ],
  ['{ \'payload["a.b"]\': 1 }', 'payload["a.b"] equal 1'],
])('the filters %s become %s', (filters, expected) => {
  expect(shown(filtersOf(filters))).toBe(expected);
});

test.each([
  ['{ payload.a: { at_least: { var: limit } } }', 'payload.a at_least 5'],
  ['{ payload.a: { var: limit } }', 'payload.a equal 5'],
  ['{ payload.a: { var: regions } }', 'payload.a in ["eu","us"]'],
  ['{ payload.a: { in: { var: regions } } }', 'payload.a in ["eu","us"]'],
  ['{ payload.a: [{ var: limit }, 6] }', 'payload.a in [5,6]'],
  ['{ payload.a: { between: [{ var: limit }, 10] } }', 'payload.a between [5,10]'],
])('variables in %s are read while validating: %s', (filters, expected) => {
  const trigger = onlyTrigger(
    `variables: { limit: 5, regions: [eu, us] }\ntriggers:\n  - { trigger_id: t, event_types: [x.y], workflow_name: w, filters: ${filters} }`,
  );
  expect(shown(trigger.filters)).toBe(expected);
});

describe.each(FIELD_TESTS.map((entry) => [entry.name, entry] as const))('the operator %s', (_name, entry) => {
  test('is shown by an example that is sound', () => {
    expect(faultsOf(JSON.stringify(entry.example))).toEqual([]);
  });

  test('is summed up in one sentence', () => {
    expect(entry.summary).toMatch(/^[A-Z].*\.$/);
  });

  test('leads back to its place in the document', () => {
    const trigger = `trigger_id: t\nevent_types: [x.y]\nworkflow_name: w\nfilters: ${JSON.stringify(entry.example)}\n`;
    const { source, documents } = validateText(trigger);
    const seen: string[] = [];
    const look = (one: Test): void => {
      seen.push(one.pointer);
      if (one.kind === 'all' || one.kind === 'any') one.tests.forEach(look);
      if (one.kind === 'not') look(one.test);
      if (one.kind === 'field' && one.operand.kind === 'test') look(one.operand.test);
    };
    look(source.triggers[0]?.filters as Test);
    const root = documents[0]?.value;
    for (const pointer of seen) expect([pointer, resolves(root, pointer)]).toEqual([pointer, true]);
  });
});

function resolves(root: unknown, pointer: string): boolean {
  return pointer
    .split('/')
    .slice(1)
    .every((key) => {
      if (typeof root !== 'object' || root === null || !Object.hasOwn(root, key)) return false;
      root = (root as Record<string, unknown>)[key];
      return true;
    });
}

test.each([
  ['{ payload.a: { at_least: abc } }', /^wrong-type at_least compares with a number or an RFC 3339 time/],
  ['{ payload.a: { at_least: high } }', /^wrong-type/],
  ['{ priority: { at_least: 5 } }', /^wrong-type at_least compares with a priority/],
  ['{ priority: hihg }', /^wrong-value priority cannot be "hihg"/],
  ['{ priority: [high, hihg] }', /^wrong-value priority cannot be "hihg"/],
  ['{ payload.a: { at_least: 5, as: time } }', /^wrong-type at_least compares with a time/],
  ['{ payload.a: { equal: x, as: number } }', /^wrong-type equal with as: number needs a number/],
  ['{ payload.a: { between: [1, 2020-01-01T00:00:00Z] } }', /different kinds/],
  ['{ payload.a: { matches: { field: payload.b } } }', /^unknown-key/],
  ['{ payload.a: { some: { priority: { at_least: high } } } }', /^wrong-type/],
  ['{ payload.a: { during: { from: "08:00", to: "08:00" } } }', /^wrong-value/],
  ['{ a: 1 }', /^path-root/],
  ['{ ".": 1 }', /^path-root/],
  [
    '{ payload.a: { size: { some: { b: { nonsense: 1 } } } } }',
    /^unknown-key there is no operator "nonsense"/,
  ],
  [`{ payload.a: ${'{ not: '.repeat(9)} 1 ${'}'.repeat(9)} }`, /^wrong-value field tests nest deeper than 8/],
  [
    `${'{ any: ['.repeat(9)} { payload.a: 1 } ${']}'.repeat(9)}`,
    /^wrong-value field tests nest deeper than 8/,
  ],
])('for %s there is one fault: %s', (filters, expected) => {
  const faults = faultsOf(filters);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatch(expected);
});

test('paths may start at item in a trigger with for_each, and only there', () => {
  expect(faultsOf('{ item.a: 1 }', 'for_each: payload.list')).toEqual([]);
  expect(faultsOf('{ item.a: 1 }')).toHaveLength(1);
  expect(faultsOf('{ payload.a: 1 }', 'for_each: item.list')).toEqual([expect.stringContaining('path-root')]);
});

test('eight levels of groups are not too many', () => {
  expect(faultsOf(`${'{ any: ['.repeat(8)} { payload.a: 1 } ${']}'.repeat(8)}`)).toEqual([]);
});
