import type { TopLevelCondition } from 'json-rules-engine';
import type { Hours } from '../kernel/hours.js';
import { isObject, type Json } from '../kernel/json.js';
import type { Modifiers } from '../model/condition-json.js';
import { convertOperand, lowerCase } from './convert.js';
import { FieldValue } from './scope.js';

/** An operand, decoded: what an operator is prepared with. */
export interface Wanted {
  /** Converted and lower-cased as the modifiers say; undefined where the operand is no literal. */
  readonly literal: Json | undefined;
  readonly hours: Hours | undefined;
  readonly durationMs: number | undefined;
  readonly test: TopLevelCondition | undefined;
  readonly modifiers: Modifiers;
}

/**
 * Decodes the `value` of a leaf. Total: whatever it is, something comes out, at worst a literal that no value equals; null
 * for a field operand that is missing.
 */
export function decodeOperand(value: unknown): Wanted | null {
  if (value instanceof FieldValue)
    return value.value === undefined ? null : literal(value.value, value.modifiers);
  if (!isObject(value)) return literal(value as Json, {});
  const modifiers = value as Modifiers;
  if (value['literal'] !== undefined) return literal(value['literal'], modifiers);
  const { hours, duration_ms, test } = value;
  return {
    literal: undefined,
    hours: isObject(hours) ? (hours as unknown as Hours) : undefined,
    durationMs: typeof duration_ms === 'number' ? duration_ms : undefined,
    test: isObject(test) ? (test as unknown as TopLevelCondition) : undefined,
    modifiers,
  };
}

function literal(value: Json, modifiers: Modifiers): Wanted {
  return {
    literal: convertOperand(value, modifiers.as),
    hours: undefined,
    durationMs: undefined,
    test: undefined,
    modifiers,
  };
}

/** The literal as `ignore_case` compares it. Not for patterns: lowering `\S` would make it `\s`. */
export function folded({ literal, modifiers }: Wanted): Json | undefined {
  return literal !== undefined && modifiers.ignore_case ? lowerCase(literal) : literal;
}
