import type { Json } from '../kernel/json.js';
import { type Operator, OPERATORS } from '../model/test.js';
import { negated, type Check, type Prepare, type Tools } from './check.js';
import { convert } from './convert.js';
import { contains, equal, isIn, type } from './equality-checks.js';
import { every, no, size, some } from './nested-checks.js';
import { atLeast, atMost, between, greaterThan, lessThan } from './order-checks.js';
import { Found } from './scope.js';
import { endsWith, inCidr, matches, startsWith, wildcard } from './text-checks.js';
import { during, newerThan, olderThan } from './time-checks.js';
import { decodeOperand } from './wanted.js';

/** The one meaning of every operator but `exists`, which alone is asked of what is missing. */
const PREPARE: Readonly<Record<Exclude<Operator, 'exists'>, Prepare>> = {
  equal,
  not_equal: negated(equal),
  in: isIn,
  not_in: negated(isIn),
  greater_than: greaterThan,
  at_least: atLeast,
  less_than: lessThan,
  at_most: atMost,
  between,
  matches,
  not_matches: negated(matches),
  starts_with: startsWith,
  ends_with: endsWith,
  wildcard,
  contains,
  not_contains: negated(contains),
  type,
  size,
  some,
  every,
  no,
  in_cidr: inCidr,
  during,
  newer_than: newerThan,
  older_than: olderThan,
};

/** An operator with its operand, asked of what was found: a value, a `Found` with its scope, or undefined for missing. */
export type Prepared = (found: unknown) => boolean;

const NEVER: Prepared = () => false;

export function isOperator(name: string): name is Operator {
  return (OPERATORS as readonly string[]).includes(name);
}

/**
 * Prepares an operator once, so that asking is cheap: sets, expressions and networks are made here. Strict and total: it
 * never throws, coerces nothing, and what is missing passes only `exists: false`.
 */
export function prepareOperand(operator: Operator, operand: unknown, tools: Tools): Prepared {
  const wanted = decodeOperand(operand);
  if (wanted === null) return NEVER;
  if (operator === 'exists') {
    const { literal } = wanted;
    return typeof literal === 'boolean' ? (found) => (valueOf(found) !== undefined) === literal : NEVER;
  }
  const check = PREPARE[operator](wanted, tools);
  if (check === undefined) return NEVER;
  const { as } = wanted.modifiers;
  if (as === undefined) return asked(check);
  return asked((value, scope) => {
    const converted = convert(value, as);
    return converted !== undefined && check(converted, scope);
  });
}

function asked(check: Check): Prepared {
  return (found) => {
    // Most values found are scalars, and this is asked of every one.
    if (typeof found === 'object' && found instanceof Found)
      return found.value !== undefined && check(found.value, found.scope);
    return found !== undefined && check(found as Json, null);
  };
}

function valueOf(found: unknown): unknown {
  return found instanceof Found ? found.value : found;
}
