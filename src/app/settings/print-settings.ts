import { isObject, type Json } from '../../kernel/json.js';
import type { SettingOrigin } from './origin.js';

/** Settings as the text of a settings file, each with where it comes from. Secrets are masked. */
export function printSettings(origins: readonly SettingOrigin[]): string {
  const lines: string[] = [];
  let before: readonly string[] = [];
  for (const { name, value, where } of origins) {
    const parts = name.split('.');
    const maps = parts.slice(0, -1);
    const shared = maps.findIndex((map, i) => map !== before[i]);
    if (shared >= 0)
      for (const [i, map] of maps.entries()) if (i >= shared) lines.push(`${'  '.repeat(i)}${map}:`);
    before = maps;
    const indent = '  '.repeat(maps.length);
    lines.push(...entryLines(`${indent}${parts.at(-1) ?? ''}:`, indent, value, where));
  }
  return `${lines.join('\n')}\n`;
}

const COMMENT_COLUMN = 40;

function entryLines(key: string, indent: string, value: Json, where: string): readonly string[] {
  const comment = (line: string): string => `${line.padEnd(COMMENT_COLUMN - 1)} # ${where}`;
  if (!Array.isArray(value) || value.length === 0) return [comment(`${key} ${scalar(value as Json)}`)];
  return [comment(key), ...(value as readonly Json[]).map((member) => `${indent}  - ${flow(member)}`)];
}

function flow(value: Json): string {
  if (!isObject(value)) return scalar(value);
  const members = Object.entries(value).map(
    ([key, member]) =>
      `${key}: ${Array.isArray(member) ? `[${(member as readonly Json[]).map(scalar).join(', ')}]` : scalar(member)}`,
  );
  return `{ ${members.join(', ')} }`;
}

/** Plain where YAML reads it as the same text, else in JSON's quotes, which YAML knows too. */
function scalar(value: Json): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const isPlain = /^[A-Za-z./][\w./-]*$/.test(value) && !/^(?:true|false|null)$/i.test(value);
  const isDuration = /^\d+(?:[a-zA-Z]\w*)$/.test(value) && !/^\d+e\d+$/i.test(value) && !/^0[xo]/.test(value);
  return isPlain || isDuration ? value : JSON.stringify(value);
}
