import type { Json } from '../../kernel/json.js';
import { asInteger, asNumber, finite } from './coerce.js';
import { FilterProblem, type TemplateFilter } from './template-filter.js';

function math(
  name: string,
  summary: string,
  example: readonly [template: string, gives: Json],
  apply: (value: number, operand: number) => number,
  operands: 0 | 1 = 1,
): TemplateFilter {
  return {
    name,
    summary,
    example: { template: example[0], gives: example[1] },
    takes: [operands, operands],
    apply: (value, args) => finite(apply(asNumber(value), operands === 0 ? 0 : asNumber(args[0]))),
  };
}

function nonZero(divisor: number): number {
  if (divisor === 0) throw new FilterProblem('division by zero');
  return divisor;
}

/** Moves the decimal point in the number's decimal text: multiplying 1.005 by 100 gives 100.49999999999999. */
function shiftPoint(number: number, places: number): number {
  const [mantissa = '0', exponent = '0'] = String(number).split('e');
  return Number(`${mantissa}e${Number(exponent) + places}`);
}

/** Half away from zero, as people round. */
function round(number: number, places: number): number {
  const scaled = shiftPoint(Math.abs(number), places);
  if (!(scaled <= Number.MAX_SAFE_INTEGER)) return number;
  const rounded = shiftPoint(Math.round(scaled), -places);
  return number < 0 ? -rounded : rounded;
}

/** Filters on numbers. A text that spells a number counts as one; the result is a number. */
export const numberFilters: readonly TemplateFilter[] = [
  math('plus', 'Adds a number.', ['{{ 4 | plus: 2 }}', 6], (value, operand) => value + operand),
  math('minus', 'Subtracts a number.', ['{{ 4 | minus: 6 }}', -2], (value, operand) => value - operand),
  math('times', 'Multiplies by a number.', ['{{ 4 | times: 1.5 }}', 6], (value, operand) => value * operand),
  math(
    'divided_by',
    'Divides by a number, with fractions.',
    ['{{ 10 | divided_by: 4 }}', 2.5],
    (value, divisor) => value / nonZero(divisor),
  ),
  math(
    'modulo',
    'Remainder of a division, with the sign of the divisor.',
    ['{{ -1 | modulo: 5 }}', 4],
    (value, divisor) => ((value % nonZero(divisor)) + divisor) % divisor,
  ),
  {
    name: 'round',
    summary:
      'Rounds to the nearest whole number, or to a number of decimal places; halves go away from zero.',
    example: { template: '{{ 1.005 | round: 2 }}', gives: 1.01 },
    takes: [0, 1],
    apply(value, args) {
      const places = args[0] === undefined ? 0 : asInteger(args[0]);
      if (Math.abs(places) > 15) throw new FilterProblem('at most 15 decimal places');
      return finite(round(asNumber(value), places));
    },
  },
  math('ceil', 'Rounds up to a whole number.', ['{{ 1.2 | ceil }}', 2], (value) => Math.ceil(value), 0),
  math('floor', 'Rounds down to a whole number.', ['{{ 1.8 | floor }}', 1], (value) => Math.floor(value), 0),
  math('abs', 'Drops the sign.', ['{{ -3 | abs }}', 3], (value) => Math.abs(value), 0),
  math(
    'at_least',
    'The number, or the bound when it is less.',
    ['{{ 3 | at_least: 5 }}', 5],
    (value, bound) => Math.max(value, bound),
  ),
  math('at_most', 'The number, or the bound when it is more.', ['{{ 8 | at_most: 5 }}', 5], (value, bound) =>
    Math.min(value, bound),
  ),
];
