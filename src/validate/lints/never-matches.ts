import { coversType } from '../../kernel/event-type.js';
import { preview, typeOf, type JsonType } from '../../kernel/json.js';
import { isPathProblem, parsePath } from '../../kernel/path.js';
import type { FieldTest, Test } from '../../model/test.js';
import type { Trigger } from '../../model/trigger.js';
import type { Finding } from './finding.js';
import { conjunctions, members } from './trigger-tests.js';
import { candidates, conflict, isAbsenceTest, type Contradiction } from './conflict.js';

const TEXT: readonly JsonType[] = ['string'];
const NULLABLE_TEXT: readonly JsonType[] = ['string', 'null'];
const NUMBER: readonly JsonType[] = ['number'];

/** What the event's fields are: a test of another type never holds. */
const FIELD_TYPES: ReadonlyMap<string, readonly JsonType[]> = new Map([
  ['event_id', TEXT],
  ['event_type', TEXT],
  ['source', TEXT],
  ['target', NULLABLE_TEXT],
  ['payload', ['object']],
  ['metadata', ['object']],
  ['timestamp', TEXT],
  ['priority', TEXT],
  ['correlation_id', NULLABLE_TEXT],
  ['session_id', NULLABLE_TEXT],
  ['user_id', NULLABLE_TEXT],
  ['channel', NULLABLE_TEXT],
  ['retryable', ['boolean']],
  ['max_retries', NUMBER],
  ['retry_count', NUMBER],
]);
const OPEN_FIELDS: ReadonlySet<unknown> = new Set(['payload', 'metadata', 'item']);

/** Finds triggers that no event can ever match. */
export function neverMatches(triggers: readonly Trigger[]): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { origin, ...trigger } of triggers) {
    for (const { eventTypes, tests } of conjunctions({ ...trigger, origin })) {
      const found = contradiction(members(tests), eventTypes, true);
      if (found === undefined) continue;
      findings.push({
        code: 'never-matches',
        origin,
        pointer: found.pointer,
        message: `no event can match: ${found.message}`,
        hint: found.hint ?? 'remove one of the tests, or put alternatives under any:',
      });
    }
  }
  return findings;
}

/** The first contradiction among tests that must all hold. `ofEvent` is false for tests of an element or a size. */
function contradiction(
  tests: readonly Test[],
  eventTypes: readonly string[],
  ofEvent: boolean,
): Contradiction | undefined {
  const byPath = new Map<string, FieldTest[]>();
  for (const test of tests) {
    if (test.kind === 'any') {
      const branches = test.tests.map((member) => contradiction(members([member]), eventTypes, ofEvent));
      const [first] = branches;
      if (first !== undefined && branches.every((branch) => branch !== undefined)) return first;
    } else if (test.kind === 'field') {
      const alone = impossible(test, eventTypes, ofEvent);
      if (alone !== undefined) return alone;
      // A value that stands in for a missing one, or a converted one, is not the value that others test.
      if (test.reading.absent !== undefined || test.reading.as !== undefined) continue;
      const known = byPath.get(test.reading.path);
      if (known === undefined) byPath.set(test.reading.path, [test]);
      else known.push(test);
    }
  }
  for (const group of byPath.values()) {
    const found = group.length > 1 ? conflict(group) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A test that cannot hold by itself. */
function impossible(
  test: FieldTest,
  eventTypes: readonly string[],
  ofEvent: boolean,
): Contradiction | undefined {
  const { operator, operand, reading, pointer } = test;
  if (operand.kind === 'test') {
    if (operator !== 'size' && operator !== 'some') return undefined;
    return contradiction(members([operand.test]), eventTypes, false);
  }
  const values = operand.kind === 'literal' ? candidates(test) : undefined;
  if (values?.length === 0)
    return {
      pointer,
      message: `${reading.path} is in an empty list`,
      hint: 'name a value, or remove the test',
    };
  if (!ofEvent || isAbsenceTest(test)) return undefined;
  const steps = parsePath(reading.path);
  if (isPathProblem(steps)) return undefined;
  const [root, ...inner] = steps;
  const types = FIELD_TYPES.get(String(root));
  if (types === undefined) return undefined;
  if (inner.length > 0) {
    return OPEN_FIELDS.has(root)
      ? undefined
      : {
          pointer,
          message: `${String(root)} is no map, so there is no ${reading.path}`,
          hint: `did you mean payload.${reading.path}?`,
        };
  }
  if (values === undefined || reading.as !== undefined) return undefined;
  if (values.every((value) => !types.includes(typeOf(value)))) {
    return {
      pointer,
      message: `${reading.path} is always ${types.map(typeName).join(' or ')}, never ${preview(values[0])}`,
      hint: types.includes('string') ? 'put the value in quotes' : 'write a value of that type',
    };
  }
  if (root === 'event_type' && eventTypes.length > 0 && !test.ignoreCase) {
    const heard = values.some((value) => eventTypes.some((type) => coversType(type, String(value))));
    if (!heard)
      return {
        pointer,
        message: `event_type is never ${values.map((value) => preview(value)).join(' or ')}, which event_types leaves out`,
        hint: 'add it to event_types, or remove the test',
      };
  }
  return undefined;
}

function typeName(type: JsonType): string {
  return type === 'string' ? 'a text' : type === 'object' ? 'a map' : type === 'null' ? 'null' : `a ${type}`;
}
