import type { ErrorObject } from 'ajv/dist/2020.js';
import { isObject, preview, type Json } from '../kernel/json.js';
import { suggest } from '../kernel/suggest.js';
import type { JsonSchema } from '../ports/condition-kind.js';
import { ownWord } from './foreign-words.js';
import { escapeKey, valueAt } from '../kernel/pointer.js';
import { placeName, propertiesOf, schemaOf, type SchemaProblem } from './schema-problem.js';
import { yamlText } from './words.js';

/** So many keys are listed in a hint. */
const KEYS_LISTED = 16;

export function unknownKey(error: ErrorObject, root: Json): SchemaProblem {
  const { additionalProperty: key } = error.params as { readonly additionalProperty: string };
  const schema = schemaOf(error);
  const known = Object.keys(propertiesOf(schema));
  const foreign = ownWord(schema['title'], key);
  const near = foreign ?? suggest(key, known) ?? known.find((other) => sameLetters(key, other));
  // `id` means trigger_id, `retries` means retry: { … }.
  const meant = near === undefined ? undefined : /^\w+/.exec(near)?.[0];
  return {
    code: 'unknown-key',
    pointer: `${error.instancePath}/${escapeKey(key)}`,
    part: 'key',
    message: unknownKeyMessage(key, error.instancePath, schema),
    hint: unknownKeyHint(key, near, known, schema, valueAt(root, error.instancePath)),
    ...(meant === undefined ? {} : { meant }),
  };
}

/** `fro` for `for`: letters in another order. */
function sameLetters(a: string, b: string): boolean {
  return a.length === b.length && [...a].sort().join('') === [...b].sort().join('');
}

function unknownKeyMessage(key: string, pointer: string, schema: JsonSchema): string {
  const shown = preview(key, 40);
  switch (schema['title']) {
    case 'field test':
      return `there is no operator ${shown}`;
    case 'condition':
    case 'member condition':
      return `there is no condition ${shown}`;
    default:
      return `${placeName(pointer)} has no key ${shown}`;
  }
}

/** Keys of a field test that are no operators. */
const NO_OPERATORS: ReadonlySet<string> = new Set(['var', 'field', 'ignore_case', 'as']);

function unknownKeyHint(
  key: string,
  near: string | undefined,
  known: readonly string[],
  schema: JsonSchema,
  map: Json | undefined,
): string | null {
  if (near !== undefined) return `did you mean ${near}?`;
  if (schema['title'] === 'field test') {
    const hasOperator = isObject(map) && Object.keys(map).some((other) => known.includes(other));
    return hasOperator
      ? `operators are ${known.filter((name) => !NO_OPERATORS.has(name)).join(', ')}`
      : `to compare with a map write equal: { ${yamlText(key, 20)}: … }; for a field inside of it write its path`;
  }
  if (schema['title'] === 'trigger' && (key === 'tests' || key === 'variables'))
    return `a document that is one trigger holds nothing else: put it into a list under triggers:, beside ${key}:`;
  if (schema['title'] === 'trigger' && key === 'execution_count')
    return 'leave it out: executions are counted where the trigger runs';
  if (known.length === 0) return 'it takes no settings: write {}';
  return known.length <= KEYS_LISTED
    ? `${known.length === 1 ? 'the key here is' : 'keys here are'} ${known.join(', ')}`
    : `keys here are ${known.slice(0, KEYS_LISTED).join(', ')} and others`;
}
