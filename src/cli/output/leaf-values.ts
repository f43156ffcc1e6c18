import { deepEqual, isObject, type Json, type JsonObject } from '../../kernel/json.js';

/** One line of a comparison: a path with both values; undefined = not there. */
export interface ComparedValue {
  readonly path: string;
  readonly expected: Json | undefined;
  readonly actual: Json | undefined;
  readonly equal: boolean;
}

/** Compares two objects leaf by leaf, the expected one's keys first. Arrays are compared whole: their order is meaning. */
export function compareValues(
  expected: JsonObject,
  actual: JsonObject,
  prefix = '',
): readonly ComparedValue[] {
  const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...keys].flatMap((key) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    const left = Object.hasOwn(expected, key) ? expected[key] : undefined;
    const right = Object.hasOwn(actual, key) ? actual[key] : undefined;
    if (isObject(left) && isObject(right) && Object.keys(left).length + Object.keys(right).length > 0)
      return compareValues(left, right, path);
    return [{ path, expected: left, actual: right, equal: deepEqual(left, right) }];
  });
}
