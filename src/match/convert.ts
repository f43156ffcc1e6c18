import type { Json } from '../kernel/json.js';
import { parseTime } from '../kernel/time.js';
import type { Modifiers } from '../model/condition-json.js';

/** Exactly a JSON number, nothing around it. */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** The times a Date can hold, less a day for any time zone. */
export const MAX_TIME_MS = 8.64e15 - 86_400_000;

/** Converts a value on the way into a test; undefined = it cannot be converted, and the test fails. */
export function convert(value: Json, as: NonNullable<Modifiers['as']>): Json | undefined {
  switch (as) {
    case 'number':
      return toNumber(value);
    case 'string':
      return typeof value === 'number' || typeof value === 'boolean'
        ? JSON.stringify(value)
        : textOnly(value);
    case 'time':
      return toTimeMs(value);
    case 'text':
      return typeof value === 'string' ? value : JSON.stringify(value);
  }
}

/** An operand under the same conversion: what cannot be converted stays, and equals nothing converted. */
export function convertOperand(value: Json, as: Modifiers['as']): Json {
  if (as === undefined || as === 'text') return value;
  if (Array.isArray(value)) return value.map((element: Json) => convert(element, as) ?? element);
  return convert(value, as) ?? value;
}

function toNumber(value: Json): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !JSON_NUMBER.test(value)) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function textOnly(value: Json): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function toTimeMs(value: Json): number | undefined {
  if (typeof value === 'number') return Math.abs(value) <= MAX_TIME_MS ? value : undefined;
  return typeof value === 'string' ? parseTime(value) : undefined;
}

/** Lower case throughout: what `ignore_case` compares. Keys of objects keep their case. */
export function lowerCase(value: Json): Json {
  if (typeof value === 'string') return value.toLowerCase();
  if (Array.isArray(value)) return value.map(lowerCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, lowerCase(member as Json)]));
}
