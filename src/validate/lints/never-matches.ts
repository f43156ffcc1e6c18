import { coversType } from '../../kernel/event-type.js';
import { preview, typeOf, type Json, type JsonType } from '../../kernel/json.js';
import { isPathProblem, parsePath } from '../../kernel/path.js';
import type { FieldTest, Test } from '../../model/test.js';
import type { Trigger } from '../../model/trigger.js';
import type { Finding } from './finding.js';
import { conjunctions, members } from './trigger-tests.js';
import { boundsOf, listOf, plainlyHolds, type Bounds } from './value-check.js';

/** Why tests can never hold together, and the test at which that shows. */
interface Contradiction {
  readonly pointer: string;
  readonly message: string;
}

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
        hint: 'remove one of the tests, or put alternatives under any:',
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
  if (values?.length === 0) return { pointer, message: `${reading.path} is in an empty list` };
  if (!ofEvent || isAbsenceTest(test)) return undefined;
  const steps = parsePath(reading.path);
  if (isPathProblem(steps)) return undefined;
  const [root, ...inner] = steps;
  const types = FIELD_TYPES.get(String(root));
  if (types === undefined) return undefined;
  if (inner.length > 0) {
    return OPEN_FIELDS.has(root)
      ? undefined
      : { pointer, message: `${String(root)} is no map, so there is no ${reading.path}` };
  }
  if (values === undefined || reading.as !== undefined) return undefined;
  if (values.every((value) => !types.includes(typeOf(value)))) {
    return {
      pointer,
      message: `${reading.path} is always ${types.map(typeName).join(' or ')}, never ${preview(values[0])}`,
    };
  }
  if (root === 'event_type' && eventTypes.length > 0 && !test.ignoreCase) {
    const heard = values.some((value) => eventTypes.some((type) => coversType(type, String(value))));
    if (!heard)
      return {
        pointer,
        message: `event_type is never ${values.map((value) => preview(value)).join(' or ')}, which event_types leaves out`,
      };
  }
  return undefined;
}

function typeName(type: JsonType): string {
  return type === 'string' ? 'a text' : type === 'object' ? 'a map' : type === 'null' ? 'null' : `a ${type}`;
}

/** The values a test leaves; undefined when they are not a list. */
function candidates({ operator, operand }: FieldTest): readonly Json[] | undefined {
  if (operand.kind !== 'literal') return undefined;
  if (operator === 'equal') return [operand.value];
  return operator === 'in' ? listOf(operand.value) : undefined;
}

function isAbsenceTest({ operator, operand }: FieldTest): boolean {
  return operator === 'exists' && operand.kind === 'literal' && operand.value === false;
}

/** Why tests of one field exclude each other. */
function conflict(tests: readonly FieldTest[]): Contradiction | undefined {
  const absence = tests.find(isAbsenceTest);
  const presence = tests.find((test) => !isAbsenceTest(test));
  if (absence !== undefined) {
    return presence === undefined
      ? undefined
      : {
          pointer: absence.pointer,
          message: `${absence.reading.path} must not be there and pass another test`,
        };
  }
  return valueConflict(tests) ?? boundsConflict(tests) ?? typeConflict(tests);
}

function valueConflict(tests: readonly FieldTest[]): Contradiction | undefined {
  for (const test of tests) {
    const values = test.ignoreCase ? undefined : candidates(test);
    if (values === undefined) continue;
    let left = values;
    for (const other of tests) {
      if (other === test) continue;
      const next = left.filter((value) => plainlyHolds(other, value) !== false);
      if (next.length > 0) {
        left = next;
        continue;
      }
      return {
        pointer: other.pointer,
        message: `${test.reading.path} cannot be ${describe(test)} and ${describe(other)} at once`,
      };
    }
  }
  return undefined;
}

function describe({ operator, operand }: FieldTest): string {
  const wanted = operand.kind === 'literal' ? preview(operand.value, 30) : '…';
  return operator === 'equal' ? wanted : `${operator} ${wanted}`;
}

function boundsConflict(tests: readonly FieldTest[]): Contradiction | undefined {
  const bounded = tests.flatMap((test) => {
    const bounds = boundsOf(test);
    return bounds === undefined ? [] : [{ test, bounds }];
  });
  for (const one of bounded) {
    for (const other of bounded) {
      if (one === other || overlaps(one.bounds, other.bounds)) continue;
      return {
        pointer: other.test.pointer,
        message: `${one.test.reading.path} cannot be ${describe(one.test)} and ${describe(other.test)} at once`,
      };
    }
  }
  return undefined;
}

function overlaps(a: Bounds, b: Bounds): boolean {
  if (a.kind !== b.kind) return false;
  const low = Math.max(a.low, b.low);
  const high = Math.min(a.high, b.high);
  if (low < high) return true;
  const open = (bounds: Bounds): boolean =>
    (bounds.low === low && bounds.lowOpen) || (bounds.high === high && bounds.highOpen);
  return low === high && !open(a) && !open(b);
}

/** What JSON types a test lets through; undefined where it says nothing of that. */
function typesOf(test: FieldTest): readonly Json[] | undefined {
  const { operator, operand } = test;
  switch (operator) {
    case 'type':
      return operand.kind === 'literal' ? listOf(operand.value) : undefined;
    case 'matches':
    case 'starts_with':
    case 'ends_with':
    case 'wildcard':
    case 'in_cidr':
    case 'during':
    case 'newer_than':
    case 'older_than':
      return TEXT;
    case 'contains':
      return ['string', 'array'];
    case 'size':
      return ['string', 'array', 'object'];
    case 'some':
    case 'every':
      return ['array'];
    case 'greater_than':
    case 'at_least':
    case 'less_than':
    case 'at_most':
    case 'between':
      return operand.kind === 'literal'
        ? [boundsOf(test)?.kind === 'number' ? 'number' : 'string']
        : undefined;
    default:
      return undefined;
  }
}

function typeConflict(tests: readonly FieldTest[]): Contradiction | undefined {
  let left: readonly Json[] | undefined;
  let first: FieldTest | undefined;
  for (const test of tests) {
    const types = typesOf(test);
    if (types === undefined) continue;
    const both: readonly Json[] = left === undefined ? types : left.filter((type) => types.includes(type));
    if (both.length === 0 && first !== undefined) {
      return {
        pointer: test.pointer,
        message: `${test.reading.path} cannot pass both ${describe(first)} and ${describe(test)}, which are about different types`,
      };
    }
    left = both;
    first ??= test;
  }
  return undefined;
}
