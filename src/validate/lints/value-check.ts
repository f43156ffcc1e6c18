import { deepEqual, typeOf, type Json } from '../../kernel/json.js';
import { createRegex } from '../../kernel/regex.js';
import { parseTime } from '../../kernel/time.js';
import { PRIORITIES } from '../../model/event.js';
import type { FieldTest } from '../../model/test.js';

/** Whether a test holds for a value as far as that is plain to see; undefined where it is not. */
export function plainlyHolds(test: FieldTest, value: Json): boolean | undefined {
  const { operand, operator, reading, ignoreCase } = test;
  if (operand.kind !== 'literal' || reading.as !== undefined) return undefined;
  const wanted = operand.value;
  // With upper and lower case alike, what fails as written may hold all the same.
  const unless = (holds: boolean): boolean | undefined => (ignoreCase && !holds ? undefined : holds);
  switch (operator) {
    case 'equal':
      return unless(deepEqual(value, wanted));
    case 'not_equal':
      return ignoreCase ? undefined : !deepEqual(value, wanted);
    case 'in':
      return unless(listOf(wanted).some((one) => deepEqual(value, one)));
    case 'not_in':
      return ignoreCase ? undefined : !listOf(wanted).some((one) => deepEqual(value, one));
    case 'greater_than':
    case 'at_least':
    case 'less_than':
    case 'at_most':
    case 'between':
      return inBounds(test, value);
    case 'exists':
      return wanted === true;
    case 'type':
      return listOf(wanted).includes(typeOf(value));
    case 'matches':
      if (typeof value !== 'string') return false;
      return listOf(wanted).some((one) => createRegex(one as string, ignoreCase).test(value));
    case 'starts_with':
      return unless(anyText(value, wanted, (text, part) => text.startsWith(part)));
    case 'ends_with':
      return unless(anyText(value, wanted, (text, part) => text.endsWith(part)));
    case 'contains':
      return typeof value === 'string'
        ? unless(anyText(value, wanted, (text, part) => text.includes(part)))
        : undefined;
    default:
      return undefined;
  }
}

export function listOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}

function anyText(value: Json, wanted: Json, test: (text: string, part: string) => boolean): boolean {
  return (
    typeof value === 'string' && listOf(wanted).some((one) => typeof one === 'string' && test(value, one))
  );
}

/** The numbers an ordered test lets through; `kind` tells numbers, times and priorities apart. */
export interface Bounds {
  readonly kind: 'number' | 'time' | 'priority';
  readonly low: number;
  readonly lowOpen: boolean;
  readonly high: number;
  readonly highOpen: boolean;
}

/** The bounds that a test sets; undefined for a test that sets none. */
export function boundsOf({ operator, operand, reading }: FieldTest): Bounds | undefined {
  if (operand.kind !== 'literal') return undefined;
  const { value } = operand;
  const at = (bound: Json | undefined): Point | undefined => pointOf(bound, reading.path === 'priority');
  const all = {
    low: Number.NEGATIVE_INFINITY,
    lowOpen: false,
    high: Number.POSITIVE_INFINITY,
    highOpen: false,
  };
  if (operator === 'between') {
    const [low, high] = listOf(value).map(at);
    return low === undefined || high === undefined
      ? undefined
      : { ...all, kind: low.kind, low: low.value, high: high.value };
  }
  const point = at(value);
  if (point === undefined) return undefined;
  const { kind, value: bound } = point;
  switch (operator) {
    case 'greater_than':
      return { ...all, kind, low: bound, lowOpen: true };
    case 'at_least':
      return { ...all, kind, low: bound };
    case 'less_than':
      return { ...all, kind, high: bound, highOpen: true };
    case 'at_most':
      return { ...all, kind, high: bound };
    default:
      return undefined;
  }
}

interface Point {
  readonly kind: Bounds['kind'];
  readonly value: number;
}

function pointOf(value: Json | undefined, isPriority: boolean): Point | undefined {
  if (typeof value === 'number') return { kind: 'number', value };
  if (typeof value !== 'string') return undefined;
  const rank = isPriority ? (PRIORITIES as readonly string[]).indexOf(value) : -1;
  if (rank >= 0) return { kind: 'priority', value: rank };
  const time = parseTime(value);
  return time === undefined ? undefined : { kind: 'time', value: time };
}

function inBounds(test: FieldTest, value: Json): boolean | undefined {
  const bounds = boundsOf(test);
  if (bounds === undefined) return undefined;
  const point = pointOf(value, test.reading.path === 'priority');
  if (point === undefined || point.kind !== bounds.kind) return false;
  return (
    (bounds.lowOpen ? point.value > bounds.low : point.value >= bounds.low) &&
    (bounds.highOpen ? point.value < bounds.high : point.value <= bounds.high)
  );
}
