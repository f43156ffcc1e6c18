import type { JsonSchema } from '../../src/ports/condition-kind.js';
import { table } from './markdown.js';

export type Definitions = Readonly<Record<string, JsonSchema>>;

interface Property {
  readonly name: string;
  readonly required: boolean;
  readonly type: string;
  readonly description: string;
}

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
      found.set(name, {
        name,
        required: (isWhole && required.includes(name)) || known?.required === true,
        type: typeWords(property) || known?.type || '',
        description: known?.description || String(property['description'] ?? ''),
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

function typeWords(property: JsonSchema): string {
  const words = property['enum'] as readonly unknown[] | undefined;
  if (words !== undefined) return words.map((word) => `\`${String(word)}\``).join(', ');
  const type = property['type'] as string | readonly string[] | undefined;
  const types = type === undefined ? [] : typeof type === 'string' ? [type] : type;
  return types.map((one) => TYPE_WORDS[one] ?? one).join(' or ');
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: '`true` or `false`',
  object: 'map',
  array: 'list',
};

/** The keys of a map that a person writes, as a table; `''` when it has none of its own. */
export function keyTable(schema: JsonSchema, definitions: Definitions): string {
  const rows = properties(schema, definitions).map(({ name, required, type, description }) => [
    `\`${name}\`${required ? ' (required)' : ''}`,
    type,
    description,
  ]);
  return rows.length === 0 ? '' : table(['key', 'takes', 'meaning'], rows);
}
