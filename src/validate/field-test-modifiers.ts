import type { JsonObject } from '../kernel/json.js';
import { FIELD_TESTS, type FieldTestEntry } from './field-tests.js';
import type { OperandContext } from './operand-reader.js';

export const ENTRIES: ReadonlyMap<string, FieldTestEntry> = new Map(
  FIELD_TESTS.map((entry) => [entry.name, entry]),
);

/** The modifiers beside the operators of one test. */
export interface Modifiers {
  readonly ignoreCase: boolean;
  readonly as: 'number' | 'string' | 'time' | undefined;
}

export const NO_MODIFIERS: Modifiers = { ignoreCase: false, as: undefined };

export function readModifiers(
  test: JsonObject,
  keys: readonly string[],
  pointer: string,
  context: OperandContext,
): Modifiers {
  const entries = keys.map((key) => ENTRIES.get(key)).filter((entry) => entry !== undefined);
  const ignoreCase = test['ignore_case'] === true;
  const as = test['as'] as Modifiers['as'];
  if (entries.length > 0) {
    if (ignoreCase && !entries.some((entry) => entry.ignoresCase)) {
      context.report(
        'wrong-value',
        `${pointer}/ignore_case`,
        `ignore_case means nothing beside ${entries.map(({ name }) => name).join(', ')}`,
        'it stands beside an operator on texts, such as equal, in or matches',
        'key',
      );
    }
    if (as !== undefined && !entries.some((entry) => entry.converts)) {
      context.report(
        'wrong-value',
        `${pointer}/as`,
        `as means nothing beside ${entries.map(({ name }) => name).join(', ')}`,
        'it stands beside a comparison, and inside of not: { … }',
        'key',
      );
    }
  }
  return { ignoreCase, as };
}
