import type { ErrorObject } from 'ajv/dist/2020.js';
import type { DiagnosticCode } from '../kernel/codes.js';
import { isObject, preview, type Json } from '../kernel/json.js';
import { suggest } from '../kernel/suggest.js';
import type { JsonSchema } from '../ports/condition-kind.js';
import { ownWord } from './foreign-words.js';
import { escapeKey, pointerKeys } from './pointer.js';
import { DURATION_HINT, DURATION_PATTERN } from './schemas/common.js';
import { either, typeWord, valueWord, yamlText } from './words.js';

/** An error of the schema in words. */
export interface SchemaProblem {
  readonly code: DiagnosticCode;
  readonly pointer: string;
  readonly part: 'key' | 'value';
  readonly message: string;
  readonly hint: string | null;
}

/** Keywords whose error only says that another error is there. */
const ECHOES: ReadonlySet<string> = new Set(['if', 'propertyNames', 'anyOf', 'oneOf', 'allOf']);
/** So many keys are listed in a hint. */
const KEYS_LISTED = 16;

/**
 * What the schema found wrong, each fault once and in words. A document is JSON in the shape of `root`; `owner` is what a
 * whole part is called where it has no key of its own (`the trigger`).
 */
export function schemaProblems(errors: readonly ErrorObject[]): readonly SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const valueFaults = new Set<string>();
  const suggested = new Set<string>();
  for (const error of errors) {
    if (error.keyword !== 'additionalProperties') continue;
    const problem = unknownKey(error);
    problems.push(problem.problem);
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
    const problem = wrongValue(error);
    const place = `${problem.part} ${problem.pointer}`;
    if (valueFaults.has(place)) continue;
    valueFaults.add(place);
    problems.push(problem);
  }
  return problems.filter(({ code, pointer }) => code !== 'wrong-value' || !hasNoShape(pointer, problems));
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

function schemaOf(error: ErrorObject): JsonSchema {
  return (error.parentSchema ?? {}) as JsonSchema;
}

function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
}

/** How a sentence names what stands at a pointer. */
export function placeName(pointer: string): string {
  const keys = pointerKeys(pointer);
  const last = keys.at(-1);
  if (last === undefined) return 'this document';
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

function unknownKey(error: ErrorObject): { problem: SchemaProblem; meant: string | undefined } {
  const { additionalProperty: key } = error.params as { readonly additionalProperty: string };
  const schema = schemaOf(error);
  const known = Object.keys(propertiesOf(schema));
  const foreign = ownWord(schema['title'], key);
  const near = foreign ?? suggest(key, known);
  return {
    problem: {
      code: 'unknown-key',
      pointer: `${error.instancePath}/${escapeKey(key)}`,
      part: 'key',
      message: `${placeName(error.instancePath)} has no key ${preview(key, 40)}`,
      hint: unknownKeyHint(key, near, known, schema),
    },
    // `id` means trigger_id, `retries` means retry: { … }.
    meant: near === undefined ? undefined : /^\w+/.exec(near)?.[0],
  };
}

function unknownKeyHint(
  key: string,
  near: string | undefined,
  known: readonly string[],
  schema: JsonSchema,
): string | null {
  if (near !== undefined) return `did you mean ${near}?`;
  if (schema['title'] === 'field test')
    return `to compare with a map write equal: { ${preview(key, 20)}: … }; operators are ${known.join(', ')}`;
  if (schema['title'] === 'trigger' && (key === 'tests' || key === 'variables'))
    return `a document that is one trigger holds nothing else: put it into a list under triggers:, beside ${key}:`;
  if (schema['title'] === 'trigger' && key === 'execution_count')
    return 'leave it out: executions are counted where the trigger runs';
  if (known.length === 0) return 'it takes no settings: write {}';
  return known.length <= KEYS_LISTED
    ? `${known.length === 1 ? 'the key here is' : 'keys here are'} ${known.join(', ')}`
    : `keys here are ${known.slice(0, KEYS_LISTED).join(', ')} and others`;
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
    pointer: error.instancePath,
    part: 'key',
    message: `${placeName(error.instancePath)} needs ${missingProperty}${beside}`,
    hint:
      example === undefined
        ? `add ${missingProperty}:`
        : `add it, for example ${missingProperty}: ${yamlText(example)}`,
  };
}

function wrongValue(error: ErrorObject): SchemaProblem {
  const { propertyName } = error as { readonly propertyName?: string };
  if (propertyName !== undefined) {
    return {
      code: 'wrong-value',
      pointer: `${error.instancePath}/${escapeKey(propertyName)}`,
      part: 'key',
      message: `${preview(propertyName, 60)} cannot be a name under ${placeName(error.instancePath)}`,
      hint: 'use letters, digits and _, beginning with a letter',
    };
  }
  const schema = schemaOf(error);
  const value = error.data as Json;
  const name = placeName(error.instancePath);
  const fault = (code: DiagnosticCode, message: string, hint: string | null): SchemaProblem => ({
    code,
    pointer: error.instancePath,
    part: 'value',
    message,
    hint,
  });
  if (schema['pattern'] === DURATION_PATTERN && error.keyword !== 'type')
    return fault('duration-invalid', `${preview(value, 40)} is not a duration`, DURATION_HINT);
  switch (error.keyword) {
    case 'type':
      return wrongType(error, fault);
    case 'enum':
    case 'const':
      return wrongChoice(error, fault);
    case 'pattern':
      return fault(
        'wrong-value',
        `${name} cannot be ${preview(value, 60)}`,
        (schema['patternErrorMessage'] as string | undefined) ?? exampleHint(schema),
      );
    case 'minimum':
    case 'exclusiveMinimum':
      return fault(
        'wrong-value',
        `${name} must be at least ${String(error.params['limit'])}, not ${String(value)}`,
        name === 'max_executions' ? 'leave it out, or write null, for no limit' : null,
      );
    case 'maximum':
    case 'exclusiveMaximum':
      return fault(
        'wrong-value',
        `${name} must be at most ${String(error.params['limit'])}, not ${String(value)}`,
        null,
      );
    default:
      return wrongSize(error, fault);
  }
}

type FaultOf = (code: DiagnosticCode, message: string, hint: string | null) => SchemaProblem;

function exampleHint(schema: JsonSchema): string | null {
  const [example] = (schema['examples'] ?? []) as readonly Json[];
  return example === undefined ? null : `for example ${yamlText(example)}`;
}

function wrongType(error: ErrorObject, fault: FaultOf): SchemaProblem {
  const schema = schemaOf(error);
  const wanted = [schema['type'] ?? error.params['type']].flat() as string[];
  const value = error.data as Json;
  const isDuration = schema['pattern'] === DURATION_PATTERN;
  const words = wanted.map((type) => (type === 'string' && isDuration ? 'a duration' : typeWord(type)));
  return fault(
    'wrong-type',
    `${placeName(error.instancePath)} must be ${either(words)}, not ${valueWord(value)}`,
    typeHint(wanted, value, schema, isDuration),
  );
}

function typeHint(
  wanted: readonly string[],
  value: Json,
  schema: JsonSchema,
  isDuration: boolean,
): string | null {
  const scalar = typeof value !== 'object' || value === null;
  if (isDuration && scalar)
    return typeof value === 'number' ? `say of what: ${value}s, ${value}m or ${value}h` : DURATION_HINT;
  if (wanted.includes('array') && scalar && value !== null) return `write a list: [${yamlText(value)}]`;
  if (wanted.includes('boolean') && typeof value === 'string') return 'write true or false, without quotes';
  if (wanted.includes('string') && (typeof value === 'number' || typeof value === 'boolean'))
    return `put it in quotes: "${String(value)}"`;
  if (
    (wanted.includes('number') || wanted.includes('integer')) &&
    typeof value === 'string' &&
    value.trim() !== '' &&
    Number.isFinite(Number(value))
  )
    return `write it without quotes: ${value}`;
  return exampleHint(schema);
}

function wrongChoice(error: ErrorObject, fault: FaultOf): SchemaProblem {
  const value = error.data as Json;
  const allowed = (
    error.keyword === 'enum' ? error.params['allowedValues'] : [error.params['allowedValue']]
  ) as readonly Json[];
  const texts = allowed.map((one) => String(one));
  const near = typeof value === 'string' ? suggest(value, texts) : undefined;
  const isExecutor = /\/workflows\/[^/]+\/executor$/.test(error.instancePath);
  return fault(
    isExecutor ? 'unknown-executor' : 'wrong-value',
    isExecutor
      ? `there is no executor ${preview(value, 40)}`
      : `${placeName(error.instancePath)} cannot be ${preview(value, 40)}`,
    near === undefined
      ? `${isExecutor ? 'there are' : 'write'} ${either(texts, isExecutor ? 'and' : 'or')}`
      : `did you mean ${near}?`,
  );
}

/** Keywords about how much there is. */
function wrongSize(error: ErrorObject, fault: FaultOf): SchemaProblem {
  const schema = schemaOf(error);
  const name = placeName(error.instancePath);
  const limit = Number(error.params['limit']);
  const hint = (schema['errorMessage'] as string | undefined) ?? exampleHint(schema);
  switch (error.keyword) {
    case 'minItems':
      return fault(
        'wrong-value',
        limit === 1 ? `${name} is empty` : `${name} needs at least ${limit} items`,
        hint,
      );
    case 'maxItems':
      return fault('wrong-value', `${name} has more than ${limit} items`, hint);
    case 'minLength':
      return fault(
        'wrong-value',
        limit === 1 ? `${name} is empty` : `${name} needs at least ${limit} characters`,
        hint,
      );
    case 'maxLength':
      return fault('wrong-value', `${name} has more than ${limit} characters`, null);
    case 'minProperties':
      return fault('wrong-value', `${name} is empty`, hint);
    case 'maxProperties':
      return fault('wrong-value', `${name} has more than one key`, hint);
    case 'uniqueItems':
      return fault('wrong-value', `${name} has the same item twice`, 'keep one of them');
    default:
      return fault(
        'wrong-value',
        `${name} cannot be ${valueWord(error.data as Json)}`,
        typeof schema['description'] === 'string' ? schema['description'] : hint,
      );
  }
}
