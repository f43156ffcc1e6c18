import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import type { JsonSchema } from '../src/ports/condition-kind.js';
import { definitionsHash } from '../src/validate/definitions-hash.js';
import { linearPattern } from '../src/validate/linear-pattern.js';
import { DURATION_PATTERN } from '../src/validate/schemas/common.js';
import { RULE_FILE_ID } from '../src/validate/schemas/rule-file.js';

const PARTS = ['trigger', 'rules'] as const;

/** One class after another, the last so many times: nothing to backtrack over. */
const PLAIN_PATTERN = /^\^(?:\[[\w. :/-]+\])+\{0,\d+\}\$$/;

/**
 * Patterns that the platform's expressions test in linear time too (a duration reads each number at most once per unit)
 * are literals of it: compiling one costs the linear engine milliseconds.
 */
function patternCode(pattern: string): string {
  const isLinear = pattern === DURATION_PATTERN || PLAIN_PATTERN.test(pattern);
  return isLinear ? `${String(new RegExp(pattern, 'u'))};` : `linearPattern(${JSON.stringify(pattern)});`;
}

/** The module that validates rule files without compiling their schema first. */
export function ruleFileValidators(ruleFile: JsonSchema, banner: string): string {
  const definitions = ruleFile['$defs'] as JsonSchema;
  const ajv = new Ajv2020({
    strict: true,
    allowUnionTypes: true,
    allErrors: true,
    verbose: true,
    // Messages are made of the schema, in words of our own.
    messages: false,
    validateSchema: false,
    meta: false,
    inlineRefs: false,
    code: { regExp: linearPattern, optimize: true, source: true, esm: true },
  });
  ajv.addVocabulary(['patternErrorMessage', 'errorMessage']);
  ajv.addSchema({ $id: RULE_FILE_ID, $defs: withoutDocumentation(definitions) });
  const code = standalone.default(
    ajv,
    Object.fromEntries(PARTS.map((part) => [part, `${RULE_FILE_ID}#/$defs/${part}`])),
  );
  const exported = Object.fromEntries(
    PARTS.map((part) => [part, new RegExp(`export const ${part} = (\\w+);`).exec(code)?.[1]]),
  );
  const body = code
    .replace('"use strict";', '')
    .replace(/export const \w+ = \w+;/g, '')
    .replace('require("ajv/dist/runtime/ucs2length").default', 'codePointCount')
    .replace(/(?<==\s*)func\d+\(("\^?(?:[^"\\]|\\.)*"), "u"\);/g, (_, text: string) =>
      patternCode(JSON.parse(text)),
    )
    // Of an error nobody asks these.
    .replace(/,schemaPath:"[^"]*"/g, '')
    .replace(/,schema:(?:(?!,parentSchema:).)*(?=,parentSchema:)/g, '')
    // The compiler writes a single line.
    .replace(/(?:;|(?<=\}))(?=(?:const (?:schema|func|pattern)|function validate)\d+\b)/g, '$&\n');
  if (body.includes('require(')) throw new Error('the validators need another helper of Ajv at run time');
  return [
    banner,
    '// @ts-nocheck',
    "import type { ValidateFunction } from 'ajv/dist/2020.js';",
    "import { codePointCount } from './code-point-count.js';",
    "import { linearPattern } from './linear-pattern.js';",
    body,
    `export const schemaHash: string = '${definitionsHash(definitions)}';`,
    `export const validators: Readonly<Record<'${PARTS.join("' | '")}', ValidateFunction>> = { ${PARTS.map((part) => `${part}: ${exported[part]}`).join(', ')} };`,
    '',
  ].join('\n');
}

/** What only editors show. Examples stay: hints quote them. */
const DOCUMENTATION: ReadonlySet<string> = new Set(['description', 'default']);
/** Keywords under which names stand, not keywords. */
const NAMES: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'dependentSchemas',
  'dependentRequired',
]);
const DATA: ReadonlySet<string> = new Set(['const', 'enum']);

function withoutDocumentation(schema: unknown, isNames = true): unknown {
  if (Array.isArray(schema)) return schema.map((member) => withoutDocumentation(member, false));
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => isNames || !DOCUMENTATION.has(key))
      .map(([key, value]) => [
        key,
        !isNames && DATA.has(key) ? value : withoutDocumentation(value, !isNames && NAMES.has(key)),
      ]),
  );
}
