import type { TopLevelCondition } from 'json-rules-engine';
import type { Hours } from '../kernel/hours.js';
import type { Json } from '../kernel/json.js';
import type { Reading } from './test.js';

/**
 * How a field test is written as a leaf of a json-rules-engine rule: `{ fact, path, operator, value, name }`, plain data
 * throughout. `name` is the JSON pointer of the test; `path` and `value` are described here.
 */

/** The one fact of every rule: `{ event, item }`. */
export const EVENT_FACT = 'event';

/** The `path` of a leaf: a plain path stands for itself, anything else is one of these as JSON text. */
export interface EncodedReading {
  readonly path: string;
  /** What a missing field reads as. */
  readonly absent?: Json;
  /** The operator needs the event beside the value found. */
  readonly scoped?: true;
}

/** What changes how an operator compares. */
export interface Modifiers {
  readonly as?: NonNullable<Reading['as']>;
  readonly ignore_case?: true;
  /** Priority words are compared by rank. */
  readonly rank?: true;
}

/** The `path` of an operand that is another field, as JSON text. */
export interface EncodedField extends Modifiers {
  readonly operand: string;
}

/**
 * The `value` of a leaf. A scalar or a list without modifiers stands for itself; an object is always wrapped, because
 * json-rules-engine takes a bare object with a `fact` key for a reference to that fact.
 */
export type EncodedOperand =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | ({ readonly literal: Json } & Modifiers)
  | ({ readonly hours: Hours } & Modifiers)
  | ({ readonly duration_ms: number } & Modifiers)
  /** Conditions whose paths start at the element (or at the size). */
  | { readonly test: TopLevelCondition }
  | { readonly fact: typeof EVENT_FACT; readonly path: string };
