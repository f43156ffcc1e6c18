import type { JsonObject } from '../../src/kernel/json.js';
import { table } from './markdown.js';

interface Field {
  readonly path: string;
  readonly type: string;
  readonly words: string;
}

const REF = /^#\/components\/schemas\/(\w+)(\/.*)?$/;

/** Where the fields of a schema of answers are described. */
export type LinkTo = (schema: string) => string;

/**
 * The fields of a JSON object as a table, those of the objects in it included: `events[].duplicate` is a field of each element
 * of the list `events`. `words` says what a field means where its schema does not.
 */
export function fieldTable(
  schema: JsonObject,
  linkTo: LinkTo,
  words: (path: string) => string = () => '',
): string {
  const rows = fieldsOf(schema, '', linkTo, words).map(({ path, type, words: meaning }) => [
    `\`${path}\``,
    type,
    meaning,
  ]);
  return rows.length === 0 ? '' : table(['field', 'type', 'meaning'], rows);
}

function fieldsOf(
  schema: JsonObject,
  before: string,
  linkTo: LinkTo,
  words: (path: string) => string,
): readonly Field[] {
  const required = (schema['required'] as readonly string[] | undefined) ?? [];
  return Object.entries((schema['properties'] as Record<string, JsonObject> | undefined) ?? {}).flatMap(
    ([name, property]) => {
      const path = `${before}${name}`;
      const said = (property['description'] as string | undefined) ?? words(path.replaceAll('[]', ''));
      // Without any required field all may be left out, which goes without saying.
      const isOptional = required.length > 0 && !required.includes(name);
      const field = {
        path,
        type: `${typeOf(property, linkTo)}${isOptional ? ', may be missing' : ''}`,
        words: said,
      };
      const items = property['items'] as JsonObject | undefined;
      return [
        field,
        ...fieldsOf(property, `${path}.`, linkTo, words),
        ...(items === undefined ? [] : fieldsOf(items, `${path}[].`, linkTo, words)),
      ];
    },
  );
}

/** What may stand there, in words. */
export function typeOf(schema: JsonObject, linkTo: LinkTo): string {
  const [, name, inside] = REF.exec(String(schema['$ref'] ?? '')) ?? [];
  if (name !== undefined) return linkTo(inside === undefined ? name : 'Event');
  const choices = (schema['oneOf'] ?? schema['anyOf']) as readonly JsonObject[] | undefined;
  if (choices !== undefined) return choices.map((one) => typeOf(one, linkTo)).join(' or ');
  if ('const' in schema) return `\`${JSON.stringify(schema['const'])}\``;
  const words = schema['enum'] as readonly unknown[] | undefined;
  if (words !== undefined) return words.map((word) => `\`${JSON.stringify(word)}\``).join(', ');
  const type = schema['type'] as string | readonly string[] | undefined;
  const types = type === undefined ? ['anything'] : typeof type === 'string' ? [type] : type;
  return types
    .map((one) => {
      const items = schema['items'] as JsonObject | undefined;
      if (one === 'array') return items === undefined ? 'list' : `list of ${typeOf(items, linkTo)}`;
      if (one === 'string') return schema['format'] === 'date-time' ? 'time' : 'text';
      if (one === 'integer') return 'whole number';
      if (one === 'boolean') return '`true` or `false`';
      return one;
    })
    .join(' or ');
}
