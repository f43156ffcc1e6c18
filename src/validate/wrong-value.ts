import type { ErrorObject } from 'ajv/dist/2020.js';
import type { DiagnosticCode } from '../kernel/codes.js';
import { preview, type Json } from '../kernel/json.js';
import { suggest } from '../kernel/suggest.js';
import type { JsonSchema } from '../ports/condition-kind.js';
import { escapeKey } from '../kernel/pointer.js';
import { exampleHint, placeName, propertiesOf, schemaOf, type SchemaProblem } from './schema-problem.js';
import { DURATION_HINT, DURATION_PATTERN } from './schemas/common.js';
import { either, typeWord, valueWord, yamlText } from './words.js';

export function wrongValue(error: ErrorObject, value: Json): SchemaProblem {
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
      return wrongType(error, value, fault);
    case 'enum':
    case 'const':
      return wrongChoice(error, value, fault);
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
      return wrongSize(error, value, fault);
  }
}

type FaultOf = (code: DiagnosticCode, message: string, hint: string | null) => SchemaProblem;

function wrongType(error: ErrorObject, value: Json, fault: FaultOf): SchemaProblem {
  const schema = schemaOf(error);
  const wanted = [schema['type'] ?? error.params['type']].flat() as string[];
  const isDuration = schema['pattern'] === DURATION_PATTERN;
  const words = wanted.map((type) => {
    if (type === 'string' && isDuration) return 'a duration';
    return type === 'object' ? mapWord(schema) : typeWord(type);
  });
  return fault(
    'wrong-type',
    `${placeName(error.instancePath)} must be ${either(words)}, not ${valueWord(value)}`,
    typeHint(wanted, value, schema, isDuration),
  );
}

/** A map that only refers to a value elsewhere is called by what it looks like. */
function mapWord(schema: JsonSchema): string {
  const keys = Object.keys(propertiesOf(schema));
  return keys.length > 0 &&
    keys.every((key) => key === 'var' || key === 'field') &&
    schema['title'] !== 'field test'
    ? '{ var: … }'
    : typeWord('object');
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
  if (wanted.includes('string') && (typeof value === 'number' || typeof value === 'boolean'))
    return `put it in quotes: "${String(value)}"`;
  if (wanted.includes('array') && scalar && value !== null) return `write a list: [${yamlText(value)}]`;
  if (wanted.includes('boolean') && typeof value === 'string') return 'write true or false, without quotes';
  if (
    (wanted.includes('number') || wanted.includes('integer')) &&
    typeof value === 'string' &&
    value.trim() !== '' &&
    Number.isFinite(Number(value))
  )
    return `write it without quotes: ${value}`;
  return exampleHint(schema);
}

function wrongChoice(error: ErrorObject, value: Json, fault: FaultOf): SchemaProblem {
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
function wrongSize(error: ErrorObject, value: Json, fault: FaultOf): SchemaProblem {
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
      return fault(
        'wrong-value',
        limit === 1 ? `${name} has more than one key` : `${name} has more than ${limit} keys`,
        hint,
      );
    case 'uniqueItems':
      return fault('wrong-value', `${name} has the same item twice`, 'keep one of them');
    default:
      return fault(
        'wrong-value',
        `${name} cannot be ${valueWord(value)}`,
        typeof schema['description'] === 'string' ? schema['description'] : hint,
      );
  }
}
