import { existsSync, readdirSync, readFileSync } from 'node:fs';

const SUFFIX = '.schema.json';
/** Next to package.json, two folders above both src/cli and dist/cli. */
const FOLDER = new URL('../../schemas/', import.meta.url);

/** Names of the JSON Schemas that come with the package, in alphabetical order. */
export function schemaNames(folder: URL = FOLDER): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .sort();
}

/** The text of a schema; undefined when there is none of that name. */
export function schemaText(name: string, folder: URL = FOLDER): string | undefined {
  return schemaNames(folder).includes(name)
    ? readFileSync(new URL(name + SUFFIX, folder), 'utf8')
    : undefined;
}
