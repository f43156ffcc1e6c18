import { isObject, type Json } from '../../kernel/json.js';
import { printable } from '../output/printable.js';

const WIDTH = 100;
/** Keys that YAML reads as the same text without quotes. */
const PLAIN_KEY = /^[A-Za-z_][\w.-]*$/;
const NOT_TEXT = /^(?:null|true|false|y|n|yes|no|on|off)$/i;

/**
 * A JSON value as YAML lines: maps in blocks, or in braces where they fit on a line. Texts are in JSON's quotes, which YAML
 * has too, so that none can be mistaken for something else.
 */
export function yamlLines(value: Json, indent = ''): readonly string[] {
  const flow = flowText(value);
  if (!isNested(value) || flow.length + indent.length <= WIDTH) return [indent + flow];
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap((member) => itemLines(member, indent));
  return Object.entries(value as Readonly<Record<string, Json>>).flatMap(([key, member]) =>
    memberLines(key, member, indent),
  );
}

/** `key: value`, the value below it when it is long. */
export function memberLines(key: string, value: Json, indent = ''): readonly string[] {
  const flow = flowText(value);
  if (!isNested(value) || flow.length + indent.length + key.length + 2 <= WIDTH)
    return [`${indent}${keyText(key)}: ${flow}`];
  return [`${indent}${keyText(key)}:`, ...yamlLines(value, `${indent}  `)];
}

/** `- value`. */
export function itemLines(value: Json, indent = ''): readonly string[] {
  const [first = '', ...rest] = yamlLines(value, `${indent}  `);
  return [`${indent}- ${first.slice(indent.length + 2)}`, ...rest];
}

function isNested(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function flowText(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(flowText).join(', ')}]`;
  if (!isObject(value)) return scalarText(value);
  const members = Object.entries(value).map(([key, member]) => `${keyText(key)}: ${flowText(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function keyText(key: string): string {
  return PLAIN_KEY.test(key) && !NOT_TEXT.test(key) ? key : quoted(key);
}

/** Words and names stay bare; everything else is quoted. */
function scalarText(value: Json): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^[A-Za-z][\w.-]*$/.test(value) && !NOT_TEXT.test(value) ? value : quoted(value);
}

function quoted(text: string): string {
  // DEL and the C1 controls are no text in YAML; JSON leaves them as they are.
  return printable(JSON.stringify(text));
}
