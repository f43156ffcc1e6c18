import { preview, typeOf, type Json, type JsonObject } from '../../kernel/json.js';
import { FilterProblem } from './template-filter.js';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A value as it stands inside text: texts as they are, null as nothing, everything else as compact JSON. */
export function asText(value: Json): string {
  if (typeof value === 'string') return value;
  return value === null ? '' : JSON.stringify(value);
}

/** A number, or a text that spells one. */
export function asNumber(value: Json | undefined): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && NUMBER.test(value.trim())) return finite(Number(value));
  throw new FilterProblem(`${preview(value)} is not a number`);
}

export function asInteger(value: Json | undefined): number {
  const number = asNumber(value);
  if (!Number.isSafeInteger(number)) throw new FilterProblem(`${preview(value)} is not a whole number`);
  return number;
}

export function asList(value: Json | undefined): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  throw new FilterProblem(`${preview(value)} is not a list`);
}

export function asObject(value: Json): JsonObject {
  if (typeOf(value) === 'object') return value as JsonObject;
  throw new FilterProblem(`${preview(value)} is not an object`);
}

/** A result that JSON can carry: no infinity, no NaN, no negative zero. */
export function finite(number: number): number {
  if (!Number.isFinite(number)) throw new FilterProblem('the result is not a finite number');
  return number === 0 ? 0 : number;
}
