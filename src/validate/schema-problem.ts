import type { ErrorObject } from 'ajv/dist/2020.js';
import type { DiagnosticCode } from '../kernel/codes.js';
import type { Json } from '../kernel/json.js';
import type { JsonSchema } from '../ports/condition-kind.js';
import { pointerKeys } from '../kernel/pointer.js';
import { yamlText } from './words.js';

/** An error of the schema in words. */
export interface SchemaProblem {
  readonly code: DiagnosticCode;
  readonly pointer: string;
  readonly part: 'key' | 'value';
  readonly message: string;
  readonly hint: string | null;
  /** The key that is missing, or that was most likely meant by one that is unknown. */
  readonly meant?: string;
}

export function schemaOf(error: ErrorObject): JsonSchema {
  return (error.parentSchema ?? {}) as JsonSchema;
}

export function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
}

/** Stands for the document as a whole until somebody knows what it is. */
export const WHOLE = 'this document';

/** How a sentence names what stands at a pointer. */
export function placeName(pointer: string): string {
  const keys = pointerKeys(pointer);
  const last = keys.at(-1);
  if (last === undefined) return WHOLE;
  const parent = keys.at(-2);
  if (!/^\d+$/.test(last) || parent === undefined) return last;
  switch (parent) {
    case 'triggers':
      return 'this trigger';
    case 'tests':
      return 'this rule test';
    case 'steps':
      return `step ${Number(last) + 1}`;
    default:
      return `item ${Number(last) + 1} of ${parent}`;
  }
}

export function exampleHint(schema: JsonSchema): string | null {
  const [example] = (schema['examples'] ?? []) as readonly Json[];
  return example === undefined ? null : `for example ${yamlText(example, 90)}`;
}
