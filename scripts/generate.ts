/** Writes what is made from the schemas; with --check it only says what is out of date, and fails then. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from 'json-schema-to-typescript';
import { conditionKinds } from '../src/conditions/registry.js';
import { executorKinds } from '../src/executors/registry.js';
import type { JsonSchema } from '../src/ports/condition-kind.js';
import { eventSchema } from '../src/validate/schemas/event.js';
import { COMMANDS } from '../src/cli/command-table.js';
import { referencePages } from './reference/pages.js';
import { reportSchemas } from '../src/validate/schemas/reports.js';
import { ruleFileSchema } from '../src/validate/schemas/rule-file.js';
import { ruleFileValidators } from './rule-file-validators.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const MADE_BY = 'made by scripts/generate.ts (npm run generate)';
const banner = `// ${MADE_BY[0]?.toUpperCase()}${MADE_BY.slice(1)}.`;

/** Every generated file by its path. */
async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const ruleFile = ruleFileSchema(conditionKinds, executorKinds);
  const schemas: Readonly<Record<string, JsonSchema>> = {
    'rule-file': ruleFile,
    event: eventSchema,
    ...Object.fromEntries(Object.entries(reportSchemas).map(([name, schema]) => [`${name}-report`, schema])),
  };
  return new Map([
    ...Object.entries(schemas).map(
      ([name, schema]) => [`schemas/${name}.schema.json`, jsonText(schema)] as const,
    ),
    ['src/model/rule-file.generated.ts', await ruleFileTypes(ruleFile)] as const,
    [
      'src/validate/rule-file-validators.generated.ts',
      ruleFileValidators(ruleFile, `${banner} Validators of the schema of rule files.`),
    ] as const,
    ...(await referencePages(root, ruleFile, COMMANDS)),
  ]);
}

function jsonText(schema: JsonSchema): string {
  const { $schema, ...rest } = schema;
  return `${JSON.stringify({ $schema, $comment: MADE_BY, ...rest }, null, 2)}\n`;
}

/** The types of what a person may write: of a document that holds rules, and of one that is a single trigger. */
async function ruleFileTypes(ruleFile: JsonSchema): Promise<string> {
  const definitions = ruleFile['$defs'] as Readonly<Record<string, JsonSchema>>;
  const schema = {
    title: 'RuleFileDocument',
    description: 'One YAML document of a rule file.',
    oneOf: [{ $ref: '#/$defs/rules' }, { $ref: '#/$defs/trigger' }],
    $defs: Object.fromEntries(
      Object.entries(definitions).map(([name, definition]) => [name, forTypes(definition, name)]),
    ),
  };
  const text = await compile(schema as Parameters<typeof compile>[0], 'RuleFileDocument', {
    bannerComment: `${banner} What a person may write into a rule file.`,
    additionalProperties: true,
    unknownAny: true,
    strictIndexSignatures: true,
    style: { singleQuote: true, printWidth: 110, trailingComma: 'all' },
  });
  return text;
}

const CONDITIONAL = new Set(['if', 'then', 'else', 'allOf', 'examples', 'propertyNames', 'not']);

/** Keywords one of which tells what a value is. */
const TYPED = ['type', 'enum', 'const', 'properties', 'oneOf', '$ref'];

/** A schema without what has no counterpart in types: conditions, examples, names of single keys. */
function forTypes(schema: unknown, name: string | null): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map((member) => forTypes(member, null));
  // A reference with words of its own around a circle is more than the type generator can follow.
  if ('$ref' in schema) return { $ref: schema.$ref };
  const entries = Object.entries(schema as JsonSchema)
    .filter(([key]) => !CONDITIONAL.has(key) && key !== 'title')
    .map(([key, value]) => [
      key,
      key === 'properties'
        ? Object.fromEntries(
            Object.entries(value as JsonSchema).map(([property, member]) => [
              property,
              forTypes(member, null),
            ]),
          )
        : forTypes(value, null),
    ]);
  const own = Object.fromEntries(entries) as Record<string, unknown>;
  // Without a type anything may stand there; the generator would take it for a map.
  if (!TYPED.some((key) => key in own) && 'description' in own) own['tsType'] = 'unknown';
  // Long tuples would be spelled out for each length.
  if (own['type'] === 'array' || (Array.isArray(own['type']) && own['type'].includes('array'))) {
    delete own['minItems'];
    delete own['maxItems'];
  }
  return name === null ? own : { title: name, ...own };
}

const files = await generatedFiles();
const isCheck = process.argv.includes('--check');
const stale: string[] = [];
for (const [file, text] of files) {
  const path = `${root}${file}`;
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  stale.push(file);
  if (isCheck) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  process.stdout.write(`wrote ${relative(process.cwd(), path)}\n`);
}
if (isCheck && stale.length > 0) {
  process.stderr.write(`out of date: ${stale.join(', ')}\nrun npm run generate\n`);
  process.exitCode = 1;
}
