import type { Json } from '../kernel/json.js';
import { parseTime } from '../kernel/time.js';
import { PRIORITIES } from '../model/event.js';
import type { Modifiers } from '../model/condition-json.js';
import type { Prepare } from './check.js';

/** Where a value stands on a scale; NaN = not on it. NaN compares false with everything. */
type Scale = (value: Json | undefined) => number;

const NUMBERS: Scale = (value) => (typeof value === 'number' ? value : Number.NaN);
const TIMES: Scale = (value) => (typeof value === 'string' ? (parseTime(value) ?? Number.NaN) : Number.NaN);
const RANKS: Scale = (value) => {
  const rank = (PRIORITIES as readonly (Json | undefined)[]).indexOf(value);
  return rank < 0 ? Number.NaN : rank;
};

/** The scale of an operand: numbers, RFC 3339 times, or for `priority` its words. */
function scaleOf(wanted: Json | undefined, modifiers: Modifiers): Scale | undefined {
  if (modifiers.rank) return Number.isNaN(RANKS(wanted)) ? undefined : RANKS;
  if (typeof wanted === 'number') return NUMBERS;
  return Number.isNaN(TIMES(wanted)) ? undefined : TIMES;
}

function ordered(passes: (value: number, bound: number) => boolean): Prepare {
  return ({ literal, modifiers }) => {
    const scale = scaleOf(literal, modifiers);
    if (scale === undefined) return undefined;
    const bound = scale(literal);
    return (value) => passes(scale(value), bound);
  };
}

export const greaterThan: Prepare = ordered((value, bound) => value > bound);
export const atLeast: Prepare = ordered((value, bound) => value >= bound);
export const lessThan: Prepare = ordered((value, bound) => value < bound);
export const atMost: Prepare = ordered((value, bound) => value <= bound);

/** From the first of two bounds to the second, both included. */
export const between: Prepare = ({ literal, modifiers }) => {
  if (!Array.isArray(literal) || literal.length !== 2) return undefined;
  const [from, to]: readonly Json[] = literal;
  const scale = scaleOf(from, modifiers);
  if (scale === undefined || scale !== scaleOf(to, modifiers)) return undefined;
  const low = scale(from);
  const high = scale(to);
  return (value) => {
    const place = scale(value);
    return place >= low && place <= high;
  };
};
