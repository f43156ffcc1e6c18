import { describe, expect, test } from 'vitest';
import { eventSequence } from '../../src/conditions/event-sequence.js';
import { holdsFor } from '../../src/conditions/holds-for.js';
import { thresholdReached } from '../../src/conditions/threshold-reached.js';
import { valueChanged } from '../../src/conditions/value-changed.js';
import type { Json, JsonObject } from '../../src/kernel/json.js';
import type { FieldTest, Test } from '../../src/model/test.js';
import type { BuildContext, ConditionKind } from '../../src/ports/condition-kind.js';
import { planOf, type StatefulCondition } from '../support/plan.js';
import { buildContext, compileSettings } from './build-context.js';

const FILTERS: Test = { kind: 'all', tests: [], pointer: '/filters' };

/** Normalises `{path: {operator: operand}}` as a validator does, variables read. */
function normalise(map: Json | undefined, pointer: string): Test {
  const variables: JsonObject = { load: 7, name: 'seven' };
  const tests = Object.entries(map as JsonObject).flatMap(([path, operators]) =>
    Object.entries(operators as JsonObject).map(([operator, operand]): FieldTest => {
      const read = (value: Json): Json =>
        typeof value === 'object' ? (variables[(value as { var: string }).var] as Json) : value;
      return {
        kind: 'field',
        reading: { path },
        operator: operator as FieldTest['operator'],
        operand: { kind: 'literal', value: Array.isArray(operand) ? operand.map(read) : read(operand) },
        ignoreCase: false,
        pointer: `${pointer}/${path}/${operator}`,
      };
    }),
  );
  return { kind: 'all', tests, pointer };
}

const accepts = new Map(
  [thresholdReached, valueChanged, holdsFor, eventSequence].map((kind) => [
    kind,
    compileSettings(kind.schema),
  ]),
);

function isAccepted(kind: ConditionKind, settings: Json): boolean {
  return accepts.get(kind)?.(settings) ?? false;
}

function reportsOf(kind: ConditionKind, settings: Json, overrides: Partial<BuildContext> = {}): string[] {
  expect(isAccepted(kind, settings)).toBe(true);
  const { context, reports } = buildContext({ tests: normalise, ...overrides });
  kind.build(settings, context);
  return reports;
}

function listenersOf(
  kind: ConditionKind,
  settings: Json,
  overrides: Partial<BuildContext> = {},
): StatefulCondition['listeners'] {
  return planOf(kind, settings, { filters: FILTERS, ...overrides }).plan.listeners;
}

describe('threshold_reached', () => {
  test('without aggregate is a test of its field, pointing at the comparison', () => {
    const { context } = buildContext({ tests: normalise });
    expect(thresholdReached.build({ field: 'payload.n', at_least: 5 }, context)).toEqual({
      memory: 'none',
      test: {
        kind: 'all',
        pointer: '/condition/kind',
        tests: [
          {
            kind: 'field',
            reading: { path: 'payload.n' },
            operator: 'at_least',
            operand: { kind: 'literal', value: 5 },
            ignoreCase: false,
            pointer: '/condition/kind/at_least',
          },
        ],
      },
    });
  });

  test.each([
    [{ threshold_field: 'n' }, 'greater_than', 0, '/parameters/threshold_field'],
    [{ threshold_field: 'n', threshold_value: 50 }, 'greater_than', 50, '/parameters/threshold_value'],
    [
      { threshold_field: 'n', threshold_value: 5, comparison: 'less_than' },
      'less_than',
      5,
      '/parameters/threshold_value',
    ],
    [
      { threshold_field: 'n', threshold_value: 5, comparison: 'equal' },
      'equal',
      5,
      '/parameters/threshold_value',
    ],
  ])(
    'reads the classic %j inside the payload, a missing field as 0',
    (parameters, operator, value, pointer) => {
      expect(compileSettings(thresholdReached.classicSchema!)(parameters)).toBe(true);
      const { context, reports } = buildContext({ pointer: '/parameters' });
      expect(thresholdReached.buildClassic?.(parameters, context)).toEqual({
        memory: 'none',
        test: {
          kind: 'field',
          reading: { path: 'payload.n', absent: 0 },
          operator,
          operand: { kind: 'literal', value },
          ignoreCase: false,
          pointer,
        },
      });
      expect(reports).toEqual([]);
    },
  );

  test('with aggregate hears what the trigger hears', () => {
    const settings = { aggregate: 'sum', field: 'payload["a.b"][0]', between: [1, 2], within: '1m' };
    const { plan } = planOf(thresholdReached, settings, { filters: FILTERS, groupBy: ['user_id'] });
    expect(plan).toEqual({
      memory: 'group',
      variant: 'window',
      settings: {
        aggregate: 'sum',
        field: ['payload', 'a.b', 0],
        compare: { comparison: 'between', bound: 1, upperBound: 2 },
        withinMs: 60_000,
        minimumEvents: 1,
        keep: false,
      },
      listeners: [{ role: 'match', event_types: ['workflow.failed'], test: FILTERS, group_by: ['user_id'] }],
    });
  });

  test.each<[JsonObject, JsonObject]>([
    [{ at_least: { var: 'load' } }, { comparison: 'at_least', bound: 7, upperBound: 7 }],
    [{ between: [1, { var: 'load' }] }, { comparison: 'between', bound: 1, upperBound: 7 }],
  ])('reads the variables of %j', (comparison, compare) => {
    const settings = { aggregate: 'count', within: '1m', ...comparison };
    expect(planOf(thresholdReached, settings, { tests: normalise }).plan.settings).toMatchObject({ compare });
  });

  const count = { aggregate: 'count', within: '1m' };
  const sum = { aggregate: 'sum', field: 'payload.n', within: '1m' };
  test.each<[JsonObject, string[]]>([
    [{ ...count, less_than: 3 }, ['count-less-than /condition/kind/less_than']],
    [{ ...count, at_most: 0 }, ['count-less-than /condition/kind/at_most']],
    [{ ...count, equal: 0 }, ['count-less-than /condition/kind/equal']],
    [{ ...count, between: [0, 0] }, ['count-less-than /condition/kind/between']],
    [{ ...sum, less_than: 3 }, []],
    [{ ...sum, aggregate: 'distinct', less_than: 3 }, []],
    [{ ...count, at_least: 10_000 }, []],
    [{ ...count, at_least: 10_001 }, ['wrong-value /condition/kind/at_least']],
    [{ ...count, greater_than: 10_000 }, ['wrong-value /condition/kind/greater_than']],
    [{ ...count, between: [5, 4] }, ['wrong-value /condition/kind/between']],
    [{ ...count, at_least: '5' }, ['wrong-value /condition/kind/at_least']],
    [{ ...count, at_least: { var: 'name' } }, ['wrong-value /condition/kind/at_least']],
    [{ ...count, at_least: { field: 'payload.n' } }, ['wrong-value /condition/kind/at_least']],
    [{ ...count, field: 'payload.n', at_least: 5 }, ['wrong-value /condition/kind/field']],
    [count, ['missing-key /condition/kind']],
    [{ ...count, at_least: 1, less_than: 5 }, ['wrong-value /condition/kind/less_than']],
    [{ aggregate: 'sum', within: '1m', at_least: 1 }, ['missing-key /condition/kind']],
    [{ at_least: 1 }, ['missing-key /condition/kind']],
    [{ field: 'payload.n' }, ['missing-key /condition/kind']],
    [{ field: 'payload..n', at_least: 1 }, ['path-invalid /condition/kind/field']],
    [{ ...sum, field: 'payload..n', at_least: 1 }, ['path-invalid /condition/kind/field']],
    [{ ...count, at_least: 1, within: '0s' }, ['wrong-value /condition/kind/within']],
    [{ ...count, at_least: 1, within: '367d' }, ['wrong-value /condition/kind/within']],
    [{ ...count, at_least: 1, within: '366d' }, []],
  ])('%j is reported as %j', (settings, expected) => {
    expect(reportsOf(thresholdReached, settings)).toEqual(expected);
  });

  test.each<[JsonObject]>([
    [{ aggregate: 'count', at_least: 5 }],
    [{ field: 'payload.n', at_least: 5, within: '1m' }],
    [{ field: 'payload.n', at_least: 5, keep: true }],
    [{ ...count, at_least: 5, minimum_events: 0 }],
    [{ ...count, at_least: 5, minimum_events: 10_001 }],
    [{ ...count, at_least: true }],
    [{ ...count, between: [1] }],
    [{ ...count, aggregate: 'median', at_least: 1 }],
    [{ ...count, at_least: 1, within: '1 minute' }],
    [{ ...count, at_least: 1, within: '1s1m' }],
    [{ ...count, at_least: 1, within: '' }],
  ])('its schema refuses %j', (settings) => {
    expect(isAccepted(thresholdReached, settings)).toBe(false);
  });
});

describe('value_changed', () => {
  test('listens for the field, and for the tests of both values', () => {
    const settings = { field: 'payload.state', from: { equal: 'up' }, to: { not_equal: 'up' } };
    const listeners = listenersOf(valueChanged, settings, { tests: normalise, groupBy: ['user_id'] });
    expect(listeners.map(({ role }) => role)).toEqual(['match', 'from', 'to']);
    const isThere = {
      kind: 'field',
      reading: { path: 'payload.state' },
      operator: 'exists',
      operand: { kind: 'literal', value: true },
      ignoreCase: false,
      pointer: '/condition/kind/field',
    };
    expect(listeners[0]).toEqual({
      role: 'match',
      event_types: ['workflow.failed'],
      test: { kind: 'all', tests: [FILTERS, isThere], pointer: '/condition/kind' },
      group_by: ['user_id'],
    });
    expect(listeners[2]?.test).toEqual({
      kind: 'all',
      tests: [
        FILTERS,
        isThere,
        {
          kind: 'all',
          tests: [
            {
              ...isThere,
              operator: 'not_equal',
              operand: { kind: 'literal', value: 'up' },
              pointer: '/condition/kind/to/not_equal',
            },
          ],
          pointer: '/condition/kind/to',
        },
      ],
      pointer: '/condition/kind',
    });
  });

  test('listens for changes of any kind without them', () => {
    expect(listenersOf(valueChanged, { field: 'payload.state' }).map(({ role }) => role)).toEqual(['match']);
  });

  test('reports its path once, and still reads its tests', () => {
    const asked: (Json | undefined)[] = [];
    const reports = reportsOf(
      valueChanged,
      { field: 'state..x', from: { equal: 1 } },
      {
        tests(map, pointer) {
          asked.push(map);
          return normalise(map, pointer);
        },
      },
    );
    expect(reports).toEqual(['path-invalid /condition/kind/field']);
    expect(asked).toEqual([{ 'payload.field': { equal: 1 } }]);
  });
});

describe('holds_for', () => {
  test('listens for what matches, and for what holds', () => {
    const where = { 'payload.celsius': { at_least: 80 } };
    const listeners = listenersOf(holdsFor, { where, for: '5m' }, { tests: normalise });
    expect(listeners.map(({ role, test: { pointer } }) => [role, pointer])).toEqual([
      ['match', '/condition/kind'],
      ['holds', '/condition/kind'],
    ]);
    expect(listeners[1]?.test).toEqual({
      kind: 'all',
      tests: [FILTERS, normalise(where, '/condition/kind/where')],
      pointer: '/condition/kind',
    });
  });

  test('reports a time that is none', () => {
    expect(reportsOf(holdsFor, { where: {}, for: '0s' })).toEqual(['wrong-value /condition/kind/for']);
  });

  test.each<[JsonObject]>([[{ where: {} }], [{ for: '5m' }], [{ where: {}, for: 5 }]])(
    'its schema refuses %j',
    (settings) => {
      expect(isAccepted(holdsFor, settings)).toBe(false);
    },
  );
});

describe('event_sequence', () => {
  const a = { event_types: ['order.placed'] };
  const b = {
    event_types: ['order.paid'],
    filters: { 'payload.ok': { equal: true } },
    group_by: ['payload.order'],
  };
  const overrides: Partial<BuildContext> = { tests: normalise, groupBy: ['payload.id'], eventTypes: [] };

  test("listens for each step with the trigger's filters, and for unless without", () => {
    const unless = { filters: { 'payload.void': { equal: true } } };
    const listeners = listenersOf(eventSequence, { steps: [a, b], within: '1h', unless }, overrides);
    expect(listeners).toEqual([
      {
        role: 'step:0',
        event_types: ['order.placed'],
        test: { kind: 'all', tests: [FILTERS], pointer: '/condition/kind/steps/0' },
        group_by: ['payload.id'],
      },
      {
        role: 'step:1',
        event_types: ['order.paid'],
        test: {
          kind: 'all',
          tests: [FILTERS, normalise(b.filters, '/condition/kind/steps/1/filters')],
          pointer: '/condition/kind/steps/1',
        },
        group_by: ['payload.order'],
      },
      {
        role: 'unless',
        event_types: ['order.placed', 'order.paid'],
        test: normalise(unless.filters, '/condition/kind/unless/filters'),
        group_by: ['payload.id'],
      },
    ]);
  });

  test.each<[JsonObject, string[], string[]]>([
    [{ event_types: ['order.void'] }, ['t'], ['order.void']],
    [{ filters: {} }, ['t'], ['t']],
    [{ filters: {} }, [], ['order.placed', 'order.paid']],
  ])('unless %j of a trigger on %j hears %j', (unless, eventTypes, expected) => {
    const listeners = listenersOf(
      eventSequence,
      { steps: [a, b], within: '1h', unless },
      { ...overrides, eventTypes },
    );
    expect(listeners.at(-1)?.event_types).toEqual(expected);
  });

  test('has its defaults written out', () => {
    const { plan } = planOf(eventSequence, { steps: [a, a, a], within: '1h' });
    expect([plan.variant, plan.settings]).toEqual([
      'completed',
      { names: ['step_1', 'step_2', 'step_3'], withinMs: 3_600_000, order: 'given', require: 3 },
    ]);
  });

  test.each<[JsonObject, string[]]>([
    [{ steps: [a, { ...b, group_by: [] }] }, ['group-shape /condition/kind/steps/1/group_by']],
    [{ steps: [a, { ...b, group_by: ['x..y'] }] }, ['path-invalid /condition/kind/steps/1/group_by/0']],
    [
      { steps: [a, b], unless: { group_by: ['source', 'target'] } },
      ['group-shape /condition/kind/unless/group_by'],
    ],
    [{ steps: [a, b], require: 2 }, ['wrong-value /condition/kind/require']],
    [{ steps: [a, b], order: 'any', require: 3 }, ['wrong-value /condition/kind/require']],
    [{ steps: [a, a, b], order: 'any', require: 2 }, []],
    [
      {
        steps: [
          { ...a, name: 'x' },
          { ...b, name: 'x' },
        ],
      },
      ['wrong-value /condition/kind/steps/1/name'],
    ],
    [{ steps: [{ ...a, name: 'step_2' }, b] }, ['wrong-value /condition/kind/steps/1']],
    [{ steps: [a, b], within: '400d' }, ['wrong-value /condition/kind/within']],
  ])('%j is reported as %j', (settings, expected) => {
    expect(reportsOf(eventSequence, { within: '1h', ...settings }, overrides)).toEqual(expected);
  });

  test.each<[JsonObject]>([
    [{ steps: [a], within: '1h' }],
    [{ steps: Array.from({ length: 17 }, () => a), within: '1h' }],
    [{ steps: [a, b] }],
    [{ steps: [a, { filters: {} }], within: '1h' }],
    [{ steps: [a, { ...b, name: '__proto__' }], within: '1h' }],
    [{ steps: [a, { ...b, event_types: [] }], within: '1h' }],
    [{ steps: [a, b], within: '1h', unless: {} }],
    [{ steps: [a, b], within: '1h', order: 'reverse' }],
    [{ steps: [a, b, b], within: '1h', order: 'any', require: 1 }],
    [{ steps: [a, b], within: '1h', fires: 'never' }],
  ])('its schema refuses %j', (settings) => {
    expect(isAccepted(eventSequence, settings)).toBe(false);
  });
});
