import { stringify } from 'yaml';

/** A page of the reference. */
export interface Page {
  /** Below docs/reference/, without its ending. */
  readonly name: string;
  readonly title: string;
  /** What is on it, for the index. */
  readonly about: string;
  /** Its parts, between which an empty line goes; the title is not among them. */
  readonly parts: readonly string[];
}

const NOTE = '<!-- Made by `npm run generate` from the tables and schemas in src/. Do not edit. -->';

/** A whole file. */
export function document(title: string, parts: readonly string[]): string {
  return `${[`# ${title}`, NOTE, ...parts].filter((part) => part !== '').join('\n\n')}\n`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [
    `| ${head.join(' | ')} |`,
    `|${head.map(() => '---').join('|')}|`,
    ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** Words in code, with commas between them. */
export function codes(words: readonly string[]): string {
  return words.map(code).join(', ');
}

export function block(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

export function yaml(value: unknown): string {
  return block('yaml', stringify(value, { lineWidth: 100 }));
}

/** JSON as a person would lay it out: short objects stay on their line. */
export function json(value: unknown): string {
  return block('json', laidOut(value, ''));
}

const LINE_MAX_CHARS = 96;

function laidOut(value: unknown, indent: string): string {
  const line = onOneLine(value);
  if (typeof value !== 'object' || value === null || indent.length + line.length <= LINE_MAX_CHARS)
    return line;
  const inner = `${indent}  `;
  const members = Array.isArray(value)
    ? value.map((member) => `${inner}${laidOut(member, inner)}`)
    : Object.entries(value).map(
        ([key, member]) => `${inner}${JSON.stringify(key)}: ${laidOut(member, inner)}`,
      );
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${members.join(',\n')}\n${indent}${close}`;
}

function onOneLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  const members = Object.entries(value).map(
    ([key, member]) => `${JSON.stringify(key)}: ${onOneLine(member)}`,
  );
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** A fragment of a table's text as a sentence of its own. */
export function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?:…]$/.test(whole) ? whole : `${whole}.`;
}

/** Bytes as `64 KiB`, milliseconds as `5 s`, counts with spaces between thousands; by the unit in the name. */
export function quantity(name: string, value: number): string {
  if (name.endsWith('Bytes')) {
    return value >= 2 ** 20 ? `${value / 2 ** 20} MiB` : `${value / 2 ** 10} KiB`;
  }
  if (name.endsWith('Ms')) return value >= 1_000 ? `${value / 1_000} s` : `${value} ms`;
  return String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
}
