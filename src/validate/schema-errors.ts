import type { ErrorObject } from 'ajv/dist/2020.js';
import { isObject, type Json } from '../kernel/json.js';
import { valueAt } from '../kernel/pointer.js';
import { placeName, propertiesOf, schemaOf, WHOLE, type SchemaProblem } from './schema-problem.js';
import { unknownKey } from './unknown-key.js';
import { yamlText } from './words.js';
import { wrongValue } from './wrong-value.js';

/** Keywords whose error only says that another error is there. */
const ECHOES: ReadonlySet<string> = new Set(['if', 'propertyNames', 'anyOf', 'oneOf', 'allOf']);

/**
 * What the schema found wrong with a document, each fault once and in words. An error's own `data` is not used: Ajv
 * overwrites it where one schema asks another.
 */
export function schemaProblems(
  errors: readonly ErrorObject[],
  root: Json,
  rootName: string,
): readonly SchemaProblem[] {
  const named = (problem: SchemaProblem): SchemaProblem => ({
    ...problem,
    message: problem.message.startsWith(WHOLE)
      ? rootName + problem.message.slice(WHOLE.length)
      : problem.message,
  });
  const problems: SchemaProblem[] = [];
  const valueFaults = new Set<string>();
  const suggested = new Set<string>();
  for (const error of errors) {
    if (error.keyword !== 'additionalProperties') continue;
    const problem = unknownKey(error, root);
    problems.push(problem);
    if (problem.meant !== undefined) suggested.add(`${error.instancePath} ${problem.meant}`);
  }
  for (const error of errors) {
    if (error.keyword === 'additionalProperties' || ECHOES.has(error.keyword)) continue;
    if (error.keyword === 'required' || error.keyword === 'dependentRequired') {
      const { missingProperty } = error.params as { readonly missingProperty: string };
      // The key is there, misspelt: that has been said.
      if (!suggested.has(`${error.instancePath} ${missingProperty}`)) problems.push(missingKey(error));
      continue;
    }
    const problem = wrongValue(error, valueAt(root, error.instancePath) ?? null);
    const place = `${problem.part} ${problem.pointer}`;
    if (valueFaults.has(place)) continue;
    valueFaults.add(place);
    problems.push(problem);
  }
  return problems
    .filter(({ code, pointer }) => code !== 'wrong-value' || !hasNoShape(pointer, problems))
    .map(named);
}

/** A map with the wrong keys may also have too few or too many of them: an echo. */
function hasNoShape(pointer: string, problems: readonly SchemaProblem[]): boolean {
  return problems.some(
    (other) =>
      other.code === 'unknown-key' &&
      other.pointer.startsWith(`${pointer}/`) &&
      !other.pointer.slice(pointer.length + 1).includes('/'),
  );
}

function missingKey(error: ErrorObject): SchemaProblem {
  const { missingProperty } = error.params as { readonly missingProperty: string };
  const schema = propertiesOf(schemaOf(error))[missingProperty];
  const [example] = ((isObject(schema) ? schema['examples'] : undefined) ?? []) as readonly Json[];
  const beside =
    error.keyword === 'dependentRequired'
      ? ` beside ${(error.params as { readonly property: string }).property}`
      : '';
  return {
    code: 'missing-key',
    meant: missingProperty,
    pointer: error.instancePath,
    part: 'key',
    message: `${placeName(error.instancePath)} needs ${missingProperty}${beside}`,
    hint:
      example === undefined
        ? `add ${missingProperty}:`
        : `add it, for example ${missingProperty}: ${yamlText(example, 90)}`,
  };
}
