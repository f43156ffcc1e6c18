import type { Operators } from 'liquidjs';
import { deepEqual, type Json } from '../kernel/json.js';

type Liquidjs = typeof import('liquidjs');
type Operator = Operators[string];

/**
 * Comparison without conversion: numbers with numbers, texts with texts, anything else is false; lists and objects are
 * equal when their content is. `nil`, `empty` and `blank` mean what they mean in Liquid.
 */
export function strictOperators({ Drop, defaultOperators }: Liquidjs): Operators {
  // Drops (the words nil, empty and blank) know how they compare.
  const orElse = (name: string, compare: (l: unknown, r: unknown) => boolean): Operator => {
    const ofDrops = defaultOperators[name] as Operator;
    return (l: unknown, r: unknown, context) =>
      l instanceof Drop || r instanceof Drop ? ofDrops(l, r, context) : compare(l, r);
  };
  const ordered = (name: string, holds: (l: string | number, r: string | number) => boolean): Operator =>
    orElse(name, (l, r) => {
      if (typeof l === 'number' && typeof r === 'number') return holds(l, r);
      return typeof l === 'string' && typeof r === 'string' && holds(l, r);
    });
  const equal = (l: unknown, r: unknown): boolean => deepEqual((l ?? null) as Json, (r ?? null) as Json);
  return {
    ...defaultOperators,
    '==': orElse('==', equal),
    '!=': orElse('!=', (l, r) => !equal(l, r)),
    '<': ordered('<', (l, r) => l < r),
    '<=': ordered('<=', (l, r) => l <= r),
    '>': ordered('>', (l, r) => l > r),
    '>=': ordered('>=', (l, r) => l >= r),
    contains: orElse('contains', (l, r) => {
      if (Array.isArray(l)) return (l as readonly Json[]).some((element) => deepEqual(element, r as Json));
      return typeof l === 'string' && typeof r === 'string' && l.includes(r);
    }),
  };
}
