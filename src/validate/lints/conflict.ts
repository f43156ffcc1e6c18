import { preview, type Json, type JsonType } from '../../kernel/json.js';
import type { FieldTest } from '../../model/test.js';
import { boundsOf, listOf, plainlyHolds, type Bounds } from './value-check.js';

/** Why tests can never hold together, and the test at which that shows. */
export interface Contradiction {
  readonly pointer: string;
  readonly message: string;
  readonly hint?: string;
}

const TEXT: readonly JsonType[] = ['string'];

/** The values a test leaves; undefined when they are not a list. */
export function candidates({ operator, operand }: FieldTest): readonly Json[] | undefined {
  if (operand.kind !== 'literal') return undefined;
  if (operator === 'equal') return [operand.value];
  return operator === 'in' ? listOf(operand.value) : undefined;
}

export function isAbsenceTest({ operator, operand }: FieldTest): boolean {
  return operator === 'exists' && operand.kind === 'literal' && operand.value === false;
}

/** Why tests of one field exclude each other. */
export function conflict(tests: readonly FieldTest[]): Contradiction | undefined {
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
