import type { CommandEntry } from '../src/cli/command.js';
import { conditionKinds } from '../src/conditions/registry.js';
import { executorKinds } from '../src/executors/registry.js';
import { DIAGNOSTIC_CODES } from '../src/kernel/codes.js';
import { TEMPLATE_TAGS } from '../src/launch/inspect-template.js';
import { ROOT_NAMES } from '../src/launch/names.js';
import { templateFilters } from '../src/launch/filters.js';
import { CORE_EVENT_TYPES } from '../src/model/event.js';
import type { JsonSchema } from '../src/ports/condition-kind.js';
import { FIELD_TESTS } from '../src/validate/field-tests.js';
import { stringify } from 'yaml';

interface Property {
  readonly name: string;
  readonly required: boolean;
  readonly type: string;
  readonly description: string;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [
    `| ${head.join(' | ')} |`,
    `|${head.map(() => '---').join('|')}|`,
    ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
  ].join('\n');
}

function yaml(value: unknown): string {
  return `\`\`\`yaml\n${stringify(value, { lineWidth: 100 }).trimEnd()}\n\`\`\``;
}

type Definitions = Readonly<Record<string, JsonSchema>>;

/** What a reference within the rule file's schema leads to, under the words that stand beside it. */
function resolved(schema: JsonSchema, definitions: Definitions): JsonSchema {
  const name = /^#\/\$defs\/(.+)$/.exec(String(schema['$ref'] ?? ''))?.[1];
  return name === undefined ? schema : { ...definitions[name], ...schema };
}

/** The properties of a settings schema, those of its alternatives included. */
function properties(schema: JsonSchema, definitions: Definitions): readonly Property[] {
  const found = new Map<string, Property>();
  const visit = (part: JsonSchema, isWhole: boolean): void => {
    const required = (part['required'] as readonly string[] | undefined) ?? [];
    for (const [name, written] of Object.entries(
      (part['properties'] as Record<string, JsonSchema> | undefined) ?? {},
    )) {
      const property = resolved(written, definitions);
      const known = found.get(name);
      const type = property['type'] ?? (property['enum'] ? 'one of' : '');
      const words = (property['enum'] as readonly string[] | undefined)?.join(', ');
      const description = [property['description'], words === undefined ? undefined : `(${words})`]
        .filter(Boolean)
        .join(' ');
      found.set(name, {
        name,
        required: (isWhole && required.includes(name)) || known?.required === true,
        type: (Array.isArray(type) ? type.join(' or ') : String(type)) || known?.type || '',
        description: known?.description || description,
      });
    }
    for (const keyword of ['oneOf', 'anyOf', 'allOf'])
      for (const alternative of (part[keyword] as readonly JsonSchema[] | undefined) ?? [])
        visit(alternative, false);
    for (const keyword of ['if', 'then', 'else'])
      if (part[keyword]) visit(part[keyword] as JsonSchema, false);
  };
  visit(schema, true);
  return [...found.values()];
}

function settings(schema: JsonSchema, definitions: Definitions): string {
  const rows = properties(schema, definitions).map(({ name, required, type, description }) => [
    `\`${name}\`${required ? ' (required)' : ''}`,
    type,
    description,
  ]);
  return rows.length === 0 ? 'No settings.' : table(['setting', 'type', 'meaning'], rows);
}

async function commands(entries: readonly CommandEntry[]): Promise<string> {
  const parts: string[] = [];
  for (const entry of entries) {
    const definition = await entry.load();
    const rows = definition.options
      .filter((option) => !option.hidden)
      .map((option) => [`\`--${option.name}${option.value ? ` ${option.value}` : ''}\``, option.description]);
    parts.push(
      `### triggerd ${entry.name}\n\n${entry.summary}.\n\n${rows.length === 0 ? '' : `${table(['option', 'meaning'], rows)}\n\n`}\`\`\`sh\n${definition.examples
        .map(({ command, does }) => `${command}   # ${does}`)
        .join('\n')}\n\`\`\``,
    );
  }
  return parts.join('\n\n');
}

/** The trigger's own keys, from the rule file's schema. */
function triggerKeys(definitions: Definitions): string {
  return settings(definitions['trigger'] as JsonSchema, definitions);
}

/** docs/reference.md: everything a rule file may hold, made from the same tables that validate it. */
export async function referencePage(
  ruleFileSchema: JsonSchema,
  entries: readonly CommandEntry[],
): Promise<string> {
  const definitions = ruleFileSchema['$defs'] as Definitions;
  const sections = [
    '# Reference',
    '<!-- Made by `npm run generate` from the registries, schemas and tables in src/. Do not edit. -->',
    'What a rule file may hold, and what the commands take. What exactly happens is in [semantics.md](semantics.md).',
    '## Trigger',
    triggerKeys(definitions),
    '## Event types',
    `Any name of letters, digits, \`_\`, \`:\`, \`-\` in dotted segments. The core types: ${CORE_EVENT_TYPES.map((type) => `\`${type}\``).join(', ')}. In a trigger a final \`*\` stands for one or more whole segments.`,
    '## Field tests',
    'A map from path to test; every entry must hold. A bare value means `equal`, a list means `in`. `all`, `any`, `none` hold lists of such maps.',
    table(
      ['test', 'holds when', 'example', 'beside it'],
      FIELD_TESTS.map((test) => [
        `\`${test.name}\``,
        test.summary,
        `\`${JSON.stringify(test.example)}\``,
        [
          test.ignoresCase ? '`ignore_case`' : '',
          test.converts ? '`as`' : '',
          test.takesField ? '`{ field: … }`' : '',
        ]
          .filter(Boolean)
          .join(' '),
      ]),
    ),
    '## Conditions',
    ...conditionKinds.flatMap((kind) => [
      `### ${kind.name}`,
      kind.summary,
      settings(kind.schema, definitions),
      ...kind.examples.map((example) => yaml({ condition: example })),
    ]),
    '## Templates',
    `A string of \`workflow_input\` may hold \`{{ path | filter }}\` and the tags ${TEMPLATE_TAGS.map((tag) => `\`${tag}\``).join(', ')}. Names: ${ROOT_NAMES.trigger.map((name) => `\`${name}\``).join(', ')}; in a workflow's \`with\`: ${ROOT_NAMES.workflow.map((name) => `\`${name}\``).join(', ')}.`,
    table(
      ['filter', 'gives', 'example'],
      templateFilters.map((filter) => [
        `\`${filter.name}\``,
        filter.summary,
        `\`${filter.example.template}\` → \`${JSON.stringify(filter.example.gives)}\``,
      ]),
    ),
    '## Executors',
    ...executorKinds.flatMap((kind) => [
      `### ${kind.name}`,
      kind.summary,
      settings(kind.schema, definitions),
      ...kind.examples.map((example) => yaml(example)),
    ]),
    '## Commands',
    'Exit codes: 0 fine, 1 problems in rules or failed expectations, 2 wrong usage or settings, 3 a fault of triggerd itself.',
    await commands(entries),
    '## Diagnostic codes',
    table(
      ['code', 'means'],
      Object.entries(DIAGNOSTIC_CODES).map(([code, meaning]) => [`\`${code}\``, meaning]),
    ),
  ];
  return `${sections.join('\n\n')}\n`;
}
