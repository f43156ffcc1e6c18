import type { TopLevelCondition } from 'json-rules-engine';
import { Fault } from '../kernel/fault.js';
import { isPathProblem, parsePath } from '../kernel/path.js';
import {
  EVENT_FACT,
  type EncodedField,
  type EncodedOperand,
  type EncodedReading,
  type Modifiers,
} from '../model/condition-json.js';
import type { FieldTest, Operator, Test } from '../model/test.js';

/** These look at more than the value found: at the event's time, or at other fields from inside a nested test. */
const SCOPED: ReadonlySet<Operator> = new Set(['size', 'some', 'every', 'no', 'newer_than', 'older_than']);
const ORDERED: ReadonlySet<Operator> = new Set([
  'greater_than',
  'at_least',
  'less_than',
  'at_most',
  'between',
]);

type Condition = Extract<TopLevelCondition, { all: unknown }>['all'][number];

/** The conditions of a rule that holds when all the tests do. */
export function encodeTests(tests: readonly Test[]): TopLevelCondition {
  return { all: tests.filter((test) => !alwaysHolds(test)).map((test) => encode(test, false)) };
}

/** True for what no filters and no condition are normalised to. */
export function alwaysHolds(test: Test): boolean {
  return test.kind === 'all' && test.tests.every(alwaysHolds);
}

function encode(test: Test, nested: boolean): Condition {
  switch (test.kind) {
    case 'all':
      return named({ all: test.tests.map((member) => encode(member, nested)) }, test.pointer);
    case 'any':
      // json-rules-engine takes an empty `any` for true; none of no alternatives holds.
      if (test.tests.length === 0) return named({ not: { all: [] } }, test.pointer);
      return named({ any: test.tests.map((member) => encode(member, nested)) }, test.pointer);
    case 'not':
      return named({ not: encode(test.test, nested) }, test.pointer);
    case 'field':
      return named(
        {
          fact: EVENT_FACT,
          path: encodeReading(test),
          operator: test.operator,
          value: encodeOperand(test, nested),
        },
        test.pointer,
      );
  }
}

function named<T extends Condition>(condition: T, pointer: string): T {
  return pointer === '' ? condition : { ...condition, name: pointer };
}

function encodeReading({ reading, operator }: FieldTest): string {
  const path = checked(reading.path);
  const scoped = SCOPED.has(operator);
  // A path that looks like JSON text would be taken for it.
  if (reading.absent === undefined && !scoped && !path.startsWith('{')) return path;
  const encoded: EncodedReading = {
    path,
    ...(reading.absent === undefined ? {} : { absent: reading.absent }),
    ...(scoped ? { scoped: true } : {}),
  };
  return JSON.stringify(encoded);
}

function encodeOperand(test: FieldTest, nested: boolean): EncodedOperand {
  const { operand, reading, ignoreCase, operator } = test;
  const rank = !nested && isPriority(reading.path) && reading.as === undefined && ORDERED.has(operator);
  // Whether a field is there is asked of the field, not of what it converts to.
  const modifiers: Modifiers =
    operator === 'exists'
      ? {}
      : {
          ...(reading.as === undefined ? {} : { as: reading.as }),
          ...(ignoreCase ? { ignore_case: true } : {}),
          ...(rank ? { rank: true } : {}),
        };
  switch (operand.kind) {
    case 'literal': {
      const { value } = operand;
      const bare = typeof value !== 'object' || value === null || Array.isArray(value);
      if (bare && Object.keys(modifiers).length === 0) return value as EncodedOperand;
      return { literal: value, ...modifiers };
    }
    case 'field': {
      const encoded: EncodedField = { operand: checked(operand.path), ...modifiers };
      return { fact: EVENT_FACT, path: JSON.stringify(encoded) };
    }
    case 'hours':
      return { hours: operand.hours, ...modifiers };
    case 'durationMs':
      return { duration_ms: operand.durationMs, ...modifiers };
    case 'test':
      return { test: { all: [encode(operand.test, true)] } };
  }
}

function isPriority(path: string): boolean {
  const steps = parsePath(path);
  return !isPathProblem(steps) && steps.length === 1 && steps[0] === 'priority';
}

function checked(path: string): string {
  if (isPathProblem(parsePath(path))) throw new Fault('internal', `a rule was compiled unvalidated: ${path}`);
  return path;
}
