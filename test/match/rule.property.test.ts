import fc from 'fast-check';
import { Engine, type Operator as EngineOperator, type TopLevelCondition } from 'json-rules-engine';
import { expect, test } from 'vitest';
import { compileRuleset } from '../../src/compile/ruleset.js';
import { createMatcher } from '../../src/match/matcher.js';
import { addOperators, createRule } from '../../src/match/program.js';
import { pathResolver } from '../../src/match/reading.js';
import { Found } from '../../src/match/scope.js';
import type { Event } from '../../src/model/event.js';
import { OPERATORS, type Test } from '../../src/model/test.js';
import type { Json } from '../../src/kernel/json.js';
import type { Matcher } from '../../src/ports/matcher.js';
import { propertyRuns } from '../support/property-runs.js';
import { makeSource, makeTrigger } from '../support/trigger.js';
import { anyEvent, anyTest, json } from './arbitraries.js';

/** An operator of json-rules-engine, with what its typings leave out. */
type Evaluator = EngineOperator & { evaluate(found: unknown, wanted: unknown): boolean };

/** Tests with several chances to hold, and several to fail. */
const cases = fc.tuple(anyTest, fc.array(fc.tuple(anyEvent, json), { minLength: 1, maxLength: 4 }));

function compiled(filters: Test): { readonly matcher: Matcher; readonly conditions: TopLevelCondition } {
  const ruleset = compileRuleset(makeSource([makeTrigger({ filters, event_types: ['*'] })]));
  return {
    matcher: createMatcher(ruleset),
    conditions: ruleset.listeners[0]?.conditions as TopLevelCondition,
  };
}

/** What json-rules-engine itself says, of a fresh engine. */
async function run(conditions: TopLevelCondition, event: Event, item: Json): Promise<boolean> {
  const engine = new Engine([], { allowUndefinedFacts: false, pathResolver });
  addOperators(engine);
  engine.addRule({ conditions, event: { type: 'holds' } });
  const { events } = await engine.run({ event: { event, item } });
  return events.length > 0;
}

test('walking a rule answers what a fresh engine answers, of plain data and of prepared operands', async () => {
  let held = 0;
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(cases, async ([filters, events]) => {
      const { matcher, conditions } = compiled(filters);
      const untouched = JSON.stringify(conditions);
      for (const [event, item] of events) {
        const holds = matcher.holds(conditions, event, item);
        expect(await run(conditions, event, item)).toBe(holds);
        expect(await run(createRule(conditions, 'prepared').conditions, event, item)).toBe(holds);
        asked++;
        if (holds) held++;
      }
      expect(JSON.stringify(conditions)).toBe(untouched);
    }),
    propertyRuns(0.2),
  );
  expect(held / asked).toBeGreaterThan(0.1);
  expect(held / asked).toBeLessThan(0.9);
});

test('a compiled rule is plain JSON: what is written and read again answers the same', () => {
  fc.assert(
    fc.property(cases, ([filters, events]) => {
      const { matcher, conditions } = compiled(filters);
      const again = JSON.parse(JSON.stringify(conditions)) as TopLevelCondition;
      for (const [event, item] of events)
        expect(matcher.holds(again, event, item)).toBe(matcher.holds(conditions, event, item));
    }),
    propertyRuns(0.2),
  );
});

test('an explanation holds when the rule does', () => {
  fc.assert(
    fc.property(cases, ([filters, events]) => {
      const { matcher, conditions } = compiled(filters);
      for (const [event, item] of events) {
        const trace = matcher.explain(conditions, event, item);
        expect(trace.holds).toBe(matcher.holds(conditions, event, item));
        expect(JSON.stringify(trace)).not.toContain('undefined');
      }
    }),
    propertyRuns(0.3),
  );
});

test('no operator throws, whatever is found and whatever is wanted, and none but exists passes what is missing', () => {
  const operators: Evaluator[] = [];
  addOperators({ addOperator: (operator: Evaluator) => void operators.push(operator) } as unknown as Engine);
  expect(operators.map(({ name }) => name)).toEqual([...OPERATORS]);
  const value = fc.oneof(json, fc.jsonValue() as fc.Arbitrary<Json>);
  const operand = fc.oneof(
    value,
    fc.record({
      literal: value,
      as: fc.constantFrom('number', 'string', 'time', 'text'),
      ignore_case: fc.boolean(),
    }),
    fc.record({
      hours: fc.dictionary(fc.constantFrom('days', 'fromMinute', 'toMinute', 'timezone', 'except'), value),
    }),
    fc.record({ duration_ms: fc.double() }),
  );
  fc.assert(
    fc.property(value, operand, anyEvent, (found, wanted, event) => {
      for (const operator of operators) {
        const scope = { event, item: null };
        for (const one of [found, new Found(found, scope)])
          expect(typeof operator.evaluate(one, wanted)).toBe('boolean');
        if (operator.name === 'exists') continue;
        for (const missing of [undefined, new Found(undefined, scope)])
          expect(operator.evaluate(missing, wanted)).toBe(false);
      }
    }),
    propertyRuns(0.4),
  );
});
