import { preview, typeOf, type Json } from '../kernel/json.js';

/** A JSON type in the words of somebody who writes YAML. */
const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  array: 'a list',
  null: 'null',
};

export function typeWord(type: string): string {
  return TYPE_WORDS[type] ?? type;
}

/** `a`, `a or b`, `a, b or c`. */
export function either(words: readonly string[], join = 'or'): string {
  if (words.length < 2) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} ${join} ${words.at(-1)}`;
}

/** A value as a sentence names it: its kind, and the value itself where that is short. */
export function valueWord(value: Json): string {
  const type = typeOf(value);
  switch (type) {
    case 'null':
      return 'null';
    case 'object':
    case 'array':
      return typeWord(type);
    case 'boolean':
      return String(value);
    case 'number':
      return `the number ${String(value)}`;
    case 'string':
      return `the text ${preview(value, 40)}`;
  }
}

/** A value as one would write it on one line of YAML, cut when it is long. */
export function yamlText(value: Json | undefined, maxLength = 60): string {
  const text = flow(value ?? null, 0);
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
}

function flow(value: Json, depth: number): string {
  if (typeof value === 'string') return needsQuotes(value, depth) ? JSON.stringify(value) : value;
  if (typeof value !== 'object' || value === null) return String(value);
  if (depth > 4) return '…';
  if (Array.isArray(value)) {
    const elements = (value as readonly Json[]).slice(0, 8).map((element) => flow(element, depth + 1));
    return `[${elements.join(', ')}]`;
  }
  const members = Object.entries(value as { readonly [key: string]: Json }).slice(0, 8);
  if (members.length === 0) return '{}';
  return `{ ${members.map(([key, member]) => `${flow(key, 1)}: ${flow(member, depth + 1)}`).join(', ')} }`;
}

/** Plain texts that YAML reads as the same text, at the top and inside of brackets. */
function needsQuotes(text: string, depth: number): boolean {
  if (/^(?:true|false|null|~|[-+.]?\d.*|)$/i.test(text)) {
    // A time or a duration is read as a text all the same.
    return !/^\d[\d.]*(?:ms|[smhdw])/.test(text);
  }
  if (!/^[A-Za-z_/$.]/.test(text) || /: |:$| #|["'\\\n]|\s$/.test(text)) return true;
  return depth > 0 && /[,[\]{}]/.test(text);
}
