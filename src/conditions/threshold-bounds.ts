import type { Json } from '../kernel/json.js';
import type { Test } from '../model/test.js';
import type { BuildContext } from '../ports/condition-kind.js';
import type { Aggregate } from './aggregate.js';
import { COMPARISONS, type Comparison, type NumberComparison } from './comparison.js';
import { testOfField } from './one-field.js';
import type { ThresholdInput } from './threshold-schema.js';
import { MAX_WINDOW_EVENTS } from './window.js';

/** The one comparison of a threshold; null when there is none, which has been reported then. */
export function readComparison(settings: ThresholdInput, context: BuildContext): Comparison | null {
  const [first, second] = COMPARISONS.filter((comparison) => settings[comparison] !== undefined);
  if (first === undefined) {
    context.report('missing-key', context.pointer, 'a threshold needs a comparison', 'e.g. at_least: 5');
    return null;
  }
  if (second !== undefined) {
    context.report(
      'wrong-value',
      `${context.pointer}/${second}`,
      `a threshold has one comparison, and ${first} is there already`,
      'use between: [from, to] for two bounds, or two triggers',
    );
  }
  return first;
}

/** The comparison of an aggregate, with its variables read and checked to be one that can come true. */
export function readBounds(
  settings: ThresholdInput,
  aggregate: Aggregate,
  comparison: Comparison | null,
  context: BuildContext,
): NumberComparison {
  if (comparison === null) return { comparison: 'equal', bound: 0, upperBound: 0 };
  const pointer = `${context.pointer}/${comparison}`;
  const operand = resolve(comparison, settings[comparison] as Json, context);
  const [bound, upperBound] =
    comparison === 'between' && Array.isArray(operand) ? operand : [operand, operand];
  if (typeof bound !== 'number' || typeof upperBound !== 'number') {
    context.report(
      'wrong-value',
      pointer,
      `an aggregate is a number and cannot be compared with ${JSON.stringify(operand)}`,
      'write a number, or { var: … } for a variable that is one',
    );
    return { comparison: 'equal', bound: 0, upperBound: 0 };
  }
  const compare = { comparison, bound, upperBound };
  if (bound > upperBound)
    context.report(
      'wrong-value',
      pointer,
      `nothing is between ${bound} and ${upperBound}`,
      'turn the bounds round',
    );
  if (aggregate === 'count') checkCount(compare, pointer, context);
  return compare;
}

/** The operand with its variable read: what the normaliser of field tests makes of it. */
function resolve(comparison: Comparison, operand: Json, context: BuildContext): Json {
  const members = comparison === 'between' && Array.isArray(operand) ? operand : [operand];
  if (members.every((member) => typeof member !== 'object')) return operand;
  const found = literalOf(testOfField('payload.value', { [comparison]: operand }, context.pointer, context));
  return found === undefined ? operand : found;
}

function literalOf(test: Test): Json | undefined {
  if (test.kind === 'field') return test.operand.kind === 'literal' ? test.operand.value : undefined;
  const only = test.kind === 'all' && test.tests.length === 1 ? test.tests[0] : undefined;
  return only === undefined ? undefined : literalOf(only);
}

/** A count is asked when an event comes, so it is never less than one, and a window keeps so many events and no more. */
function checkCount(
  { comparison, bound, upperBound }: NumberComparison,
  pointer: string,
  context: BuildContext,
): void {
  const belowOne = (comparison === 'equal' || comparison === 'between') && upperBound < 1;
  if (comparison === 'less_than' || comparison === 'at_most' || belowOne) {
    context.report(
      'count-less-than',
      pointer,
      'a count is taken when an event comes, so that too few events are never noticed by it',
      'for silence use time_based: {no_event_for: …}, or {expected_by: …} for a time of day',
    );
    return;
  }
  const least = comparison === 'greater_than' ? Math.floor(bound) + 1 : bound;
  if (comparison !== 'not_equal' && least > MAX_WINDOW_EVENTS) {
    context.report(
      'wrong-value',
      pointer,
      `a window keeps at most ${MAX_WINDOW_EVENTS} events, so the count never gets to ${least}`,
      'count per group with group_by, or over a shorter window with a smaller number',
    );
  }
}
