import type { Json } from '../kernel/json.js';
import type { Hours } from '../kernel/hours.js';

/** Everything a field test can ask. One meaning each, in `match/operators`. */
export const OPERATORS = [
  'equal',
  'not_equal',
  'in',
  'not_in',
  'greater_than',
  'at_least',
  'less_than',
  'at_most',
  'between',
  'matches',
  'not_matches',
  'starts_with',
  'ends_with',
  'wildcard',
  'contains',
  'not_contains',
  'exists',
  'type',
  'size',
  'some',
  'every',
  'no',
  'in_cidr',
  'during',
  'newer_than',
  'older_than',
] as const;
export type Operator = (typeof OPERATORS)[number];

/** How the tested value is obtained. */
export interface Reading {
  /** Path from an event field, from `item` (for_each), or inside some/every/no from the element (`.` is the element). */
  readonly path: string;
  /** What a missing field reads as; left out = it stays missing. Only the classic trigger form sets it. */
  readonly absent?: Json;
  /** Explicit conversion before the test; what cannot be converted fails it. `text` is the JSON form of a non-string. */
  readonly as?: 'number' | 'string' | 'time' | 'text';
}

/** What the value is compared with. `field` is a path read from the event; the rest is ready for the operator. */
export type Operand =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'field'; readonly path: string }
  | { readonly kind: 'hours'; readonly hours: Hours }
  | { readonly kind: 'durationMs'; readonly durationMs: number }
  /** For `size`: a test whose readings use path `.` on the length; for `some`/`every`/`no`: on the element. */
  | { readonly kind: 'test'; readonly test: Test };

/** A leaf: one operator asked of one value. */
export interface FieldTest {
  readonly kind: 'field';
  readonly reading: Reading;
  readonly operator: Operator;
  readonly operand: Operand;
  readonly ignoreCase: boolean;
  /** JSON pointer of the test in its document: where explanations point. */
  readonly pointer: string;
}

/**
 * Normalised tests: what filters, `where` and every stateless condition become. A missing field fails every field test
 * except `exists: false`, so `not` here is plain negation of its member, used with an `exists` beside it where the
 * language's `not:` demands the field.
 */
export type Test =
  | { readonly kind: 'all'; readonly tests: readonly Test[]; readonly pointer: string }
  | { readonly kind: 'any'; readonly tests: readonly Test[]; readonly pointer: string }
  | { readonly kind: 'not'; readonly test: Test; readonly pointer: string }
  | FieldTest;
