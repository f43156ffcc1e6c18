import { isObject, preview, type Json, type JsonObject } from '../kernel/json.js';
import { suggest } from '../kernel/suggest.js';
import type { FieldTest, Operand, Operator, Reading, Test } from '../model/test.js';
import {
  FIELD_TEST_GROUPS,
  FIELD_TEST_MAX_NESTING,
  type FieldTestEntry,
  type FieldTestGroup,
} from './field-tests.js';
import type { OperandContext } from './operand-reader.js';
import { isReference, readOperand } from './operands.js';
import { pathFault } from './path-check.js';
import { escapeKey } from '../kernel/pointer.js';
import { valueWord } from './words.js';
import { ENTRIES, NO_MODIFIERS, readModifiers, type Modifiers } from './field-test-modifiers.js';

/** Where a field-test map stands, and what it may refer to. */
export type TestContext = OperandContext;

/**
 * Normalises a field-test map: every entry must hold. Total: whatever stands there, what is wrong is reported and the rest
 * is read. Defaults and variables are resolved here.
 */
export function readFieldTests(map: Json | undefined, pointer: string, context: TestContext): Test {
  return readMap(map, pointer, context, 0);
}

function readMap(map: Json | undefined, pointer: string, context: TestContext, depth: number): Test {
  const tests: Test[] = [];
  if (!isObject(map)) {
    if (map !== undefined) {
      context.report(
        'wrong-type',
        pointer,
        `field tests are a map of path to test, not ${valueWord(map)}`,
        'for example { payload.region: eu }',
      );
    }
    return { kind: 'all', tests, pointer };
  }
  for (const key of Object.keys(map)) {
    const value = map[key] as Json;
    const at = `${pointer}/${escapeKey(key)}`;
    if (Object.hasOwn(FIELD_TEST_GROUPS, key))
      tests.push(readGroup(key as FieldTestGroup, value, at, context, depth + 1));
    else if (checkPath(key, at, context)) readTest(value, { path: key }, at, context, depth, tests);
  }
  return { kind: 'all', tests, pointer };
}

function checkPath(path: string, pointer: string, context: TestContext): boolean {
  const fault = pathFault(path, context.place);
  if (fault === null) return true;
  context.report(fault.code, pointer, fault.message, fault.hint, 'key');
  return false;
}

function readGroup(
  group: FieldTestGroup,
  maps: Json,
  pointer: string,
  context: TestContext,
  depth: number,
): Test {
  if (tooDeep(depth, pointer, context)) return { kind: 'all', tests: [], pointer };
  if (!Array.isArray(maps) || maps.length === 0) {
    context.report(
      'wrong-type',
      pointer,
      `${group} must be a list of maps, not ${Array.isArray(maps) ? 'an empty one' : valueWord(maps)}`,
      `for example ${group}: [{ payload.region: eu }, { priority: critical }]`,
    );
    return { kind: 'all', tests: [], pointer };
  }
  const members = (maps as readonly Json[]).map((map, index) => {
    const member = readMap(map, `${pointer}/${index}`, context, depth);
    return member.kind === 'all' && member.tests.length === 1 ? (member.tests[0] as Test) : member;
  });
  if (group === 'none') return { kind: 'not', test: { kind: 'any', tests: members, pointer }, pointer };
  return { kind: group, tests: members, pointer };
}

function tooDeep(depth: number, pointer: string, context: TestContext): boolean {
  if (depth <= FIELD_TEST_MAX_NESTING) return false;
  context.report(
    'wrong-value',
    pointer,
    `field tests nest deeper than ${FIELD_TEST_MAX_NESTING} levels`,
    'write it as several triggers',
  );
  return true;
}

/** Adds what one test comes to: nothing when it was reported. */
function readTest(
  test: Json,
  reading: Reading,
  pointer: string,
  context: TestContext,
  depth: number,
  into: Test[],
): void {
  if (isReference(test, 'var') || isReference(test, 'field')) {
    readReference(test, reading, pointer, context, into);
    return;
  }
  if (!isObject(test)) {
    const operand: Operand = { kind: 'literal', value: test };
    const operator: Operator = Array.isArray(test) ? 'in' : 'equal';
    if (Array.isArray(test)) {
      const entry = ENTRIES.get('in') as FieldTestEntry;
      const list = readOperand(entry, test, reading.path, undefined, pointer, context);
      if (list !== undefined) into.push(leaf(reading, operator, list, false, pointer));
      return;
    }
    checkPriority(reading.path, test, pointer, context);
    into.push(leaf(reading, operator, operand, false, pointer));
    return;
  }
  const keys = Object.keys(test);
  const modifiers =
    Object.hasOwn(test, 'ignore_case') || Object.hasOwn(test, 'as')
      ? readModifiers(test, keys, pointer, context)
      : NO_MODIFIERS;
  let operators = 0;
  for (const key of keys) {
    if (key === 'ignore_case' || key === 'as') continue;
    const entry = ENTRIES.get(key);
    const at = `${pointer}/${escapeKey(key)}`;
    operators++;
    if (entry === undefined) {
      const near = suggest(key, ENTRIES.keys());
      context.report(
        'unknown-key',
        at,
        `there is no operator ${preview(key, 40)}`,
        near === undefined ? `operators are ${[...ENTRIES.keys()].join(', ')}` : `did you mean ${near}?`,
        'key',
      );
      continue;
    }
    readOperator(entry, test[key] as Json, reading, modifiers, at, context, depth, into);
  }
  if (operators > 0) return;
  context.report(
    'missing-key',
    pointer,
    keys.length === 0 ? 'this test is empty' : `${keys.join(' and ')} stands beside no operator`,
    'add an operator, for example equal:',
    'key',
  );
}

/** `{ var: name }` or `{ field: path }` instead of a value: read as the value would be. */
function readReference(
  test: JsonObject,
  reading: Reading,
  pointer: string,
  context: TestContext,
  into: Test[],
): void {
  const equal = readOperand(
    ENTRIES.get('equal') as FieldTestEntry,
    test,
    reading.path,
    undefined,
    pointer,
    context,
  );
  if (equal === undefined) return;
  const operator = equal.kind === 'literal' && Array.isArray(equal.value) ? 'in' : 'equal';
  into.push(leaf(reading, operator, equal, false, pointer));
}

function readOperator(
  entry: FieldTestEntry,
  operand: Json,
  reading: Reading,
  modifiers: Modifiers,
  pointer: string,
  context: TestContext,
  depth: number,
  into: Test[],
): void {
  const { name } = entry;
  if (name === 'not') {
    const nested = nestedTest(operand, reading.path, pointer, context, depth);
    if (nested === undefined) return;
    into.push(leaf(reading, 'exists', { kind: 'literal', value: true }, false, pointer));
    into.push({ kind: 'not', test: nested, pointer });
    return;
  }
  if (name === 'size') {
    const nested = nestedTest(operand, '.', pointer, context, depth);
    if (nested !== undefined) into.push(leaf(reading, name, { kind: 'test', test: nested }, false, pointer));
    return;
  }
  if (entry.shape === 'map') {
    if (tooDeep(depth + 1, pointer, context)) return;
    const element = readMap(operand, pointer, { ...context, place: 'element' }, depth + 1);
    into.push(leaf(reading, name, { kind: 'test', test: element }, false, pointer));
    return;
  }
  const own: Reading =
    modifiers.as !== undefined && entry.converts ? { ...reading, as: modifiers.as } : reading;
  const ignoreCase = modifiers.ignoreCase && entry.ignoresCase;
  if (name === 'between' && Array.isArray(operand) && operand.some(isFieldReference)) {
    // A bound read from the event: two comparisons say the same.
    const [low, high] = operand as readonly Json[];
    for (const [operator, bound, index] of [
      ['at_least', low, 0],
      ['at_most', high, 1],
    ] as const) {
      const read = readOperand(
        ENTRIES.get(operator) as FieldTestEntry,
        bound as Json,
        own.path,
        own.as,
        `${pointer}/${index}`,
        context,
      );
      if (read !== undefined) into.push(leaf(own, operator, read, false, `${pointer}/${index}`));
    }
    return;
  }
  const read = readOperand(entry, operand, own.path, own.as, pointer, context);
  if (read === undefined) return;
  into.push(leaf(own, name, read, ignoreCase, pointer));
}

function isFieldReference(operand: Json): boolean {
  return isObject(operand) && Object.hasOwn(operand, 'field');
}

/** A whole test inside another one, of the same field or of its size. */
function nestedTest(
  test: Json,
  path: string,
  pointer: string,
  context: TestContext,
  depth: number,
): Test | undefined {
  if (tooDeep(depth + 1, pointer, context)) return undefined;
  const tests: Test[] = [];
  const inner =
    path === '.' && context.place !== 'element' ? { ...context, place: 'element' as const } : context;
  readTest(test, { path }, pointer, inner, depth + 1, tests);
  if (tests.length === 0) return undefined;
  return tests.length === 1 ? tests[0] : { kind: 'all', tests, pointer };
}

function leaf(
  reading: Reading,
  operator: Operator,
  operand: Operand,
  ignoreCase: boolean,
  pointer: string,
): FieldTest {
  return { kind: 'field', reading, operator, operand, ignoreCase, pointer };
}

/** A priority that does not exist never equals one. */
function checkPriority(path: string, value: Json, pointer: string, context: TestContext): void {
  if (path !== 'priority') return;
  const entry = ENTRIES.get('equal') as FieldTestEntry;
  readOperand(entry, value, path, undefined, pointer, context);
}
