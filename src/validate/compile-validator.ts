import { createRequire } from 'node:module';
import type { ErrorObject } from 'ajv/dist/2020.js';
import type { SchemaValidateFunction } from 'ajv/dist/types/index.js';
import type { Json } from '../kernel/json.js';
import type { JsonSchema } from '../ports/condition-kind.js';
import { linearPattern } from './linear-pattern.js';
import { RULE_FILE_ID } from './schemas/rule-file.js';

/** The schema of a rule file, ready to ask: of a single trigger, or of a document with triggers:, workflows: and so on. */
export interface RuleFileValidator {
  errors(value: Json, part: 'trigger' | 'rules'): readonly ErrorObject[];
}

type Ajv2020 = typeof import('ajv/dist/2020.js');

/** Annotations that editors show; they decide nothing. */
const ANNOTATIONS = ['patternErrorMessage', 'errorMessage'];

/** Instead of `$ref`: the definition is compiled when a document first gets there. */
const LATE_REF = 'lateRef';
/** Definitions that nearly every document needs. */
const EARLY: ReadonlySet<string> = new Set(['fieldTest', 'fieldTests']);

/** Compiles the definitions of a rule file's schema one by one, as documents need them. Loads Ajv: tens of milliseconds. */
export function compileValidator(definitions: JsonSchema): RuleFileValidator {
  const { Ajv2020 } = createRequire(import.meta.url)('ajv/dist/2020.js') as Ajv2020;
  const ajv = new Ajv2020({
    strict: true,
    allowUnionTypes: true,
    allErrors: true,
    verbose: true,
    validateSchema: false,
    meta: false,
    // Compiling costs a small folder more than validating it: a longer program that is ready sooner is the better one.
    inlineRefs: false,
    code: { regExp: linearPattern, optimize: false },
  });
  ajv.addVocabulary(ANNOTATIONS);
  const definition = (name: string): NonNullable<ReturnType<typeof ajv.getSchema>> => {
    const validate = ajv.getSchema(`${RULE_FILE_ID}#/$defs/${name}`);
    if (validate === undefined) throw new TypeError(`the schema of rule files has no definition ${name}`);
    return validate;
  };
  const late: SchemaValidateFunction = (name: string, data, _schema, context) => {
    const validate = definition(name);
    const valid = validate(data, context);
    late.errors = validate.errors ?? [];
    return valid === true;
  };
  ajv.addKeyword({ keyword: LATE_REF, schemaType: 'string', errors: 'full', validate: late });
  // Without what refers to all of them at its top: Ajv compiles that before any one definition.
  ajv.addSchema({ $id: RULE_FILE_ID, $defs: withLateRefs(definitions) });
  return {
    errors(value, part) {
      const validate = definition(part);
      return validate(value) ? [] : (validate.errors ?? []);
    },
  };
}

const DEFINITION = '#/$defs/';

function withLateRefs(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(withLateRefs);
  const { $ref: ref, ...rest } = schema as JsonSchema;
  const name = typeof ref === 'string' && ref.startsWith(DEFINITION) ? ref.slice(DEFINITION.length) : '';
  const isLate = name !== '' && !EARLY.has(name);
  return Object.fromEntries([
    ...Object.entries(rest).map(([key, value]) => [key, DATA.has(key) ? value : withLateRefs(value)]),
    ...(isLate ? [[LATE_REF, name]] : ref === undefined ? [] : [['$ref', ref]]),
  ]);
}

/** Keywords whose value is data, in which a `$ref` would be no reference. */
const DATA: ReadonlySet<string> = new Set(['examples', 'default', 'const', 'enum']);
