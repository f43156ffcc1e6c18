import { Fault } from '../kernel/fault.js';
import type { Json } from '../kernel/json.js';
import { NOT_PRINTABLE } from './load-text.js';
import { parseYaml, type TokenBudget } from './parse-yaml.js';
import type { PlacedValue } from './raw-event.js';
import { readPlainYaml } from './plain-yaml.js';
import { createSourceText, type SourceText } from './source-text.js';
import { splitDocuments, type YamlPart } from './split-documents.js';

/** Of a file in which something is wrong or exotic; plain YAML needs none of it. */
const FULL_READER_TOKENS = 150_000;

/**
 * Sample events of a YAML text: each document one event or a list of them, read as strictly as rule files are, with the
 * line each begins on. Throws a Fault `events-invalid` for the first thing that is wrong.
 */
export function readYamlEvents(file: string, text: string): PlacedValue[] {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const source = createSourceText(body);
  const fail = (offset: number, message: string, hint: string | null): never => {
    const { line, column } = source.position(offset, offset);
    throw new Fault('events-invalid', `${file}:${line}:${column}: ${message}`, hint === null ? {} : { hint });
  };
  const control = body.search(NOT_PRINTABLE);
  if (control !== -1)
    fail(control, 'the file holds a character that is no text', 'save it as plain UTF-8 text');
  const budget: TokenBudget = { tokens: FULL_READER_TOKENS };
  const events: PlacedValue[] = [];
  for (const part of splitDocuments(body)) {
    if (part.badDirective !== -1)
      fail(part.start + part.badDirective, 'a YAML directive other than %YAML 1.2', 'remove the line');
    if (!part.hasContent) continue;
    let value: Json | undefined = readPlainYaml(part.text);
    if (value === undefined) {
      const parsed = parseYaml(part.text, budget);
      const [first] = [...parsed.problems].sort((a, b) => a.start - b.start);
      if (first !== undefined) fail(part.start + first.start, first.message, first.hint);
      value = parsed.value ?? null;
    }
    if (Array.isArray(value)) {
      const lines = itemLines(part, source, value.length, budget);
      value.forEach((raw: Json, index) => events.push({ raw, line: lines[index] as number }));
    } else {
      events.push({ raw: value, line: contentLine(part, source) });
    }
  }
  return events;
}

function lineAt(source: SourceText, offset: number): number {
  return source.position(offset, offset).line;
}

/** The first line that is neither blank, comment, directive nor `---` alone. */
function contentLine(part: YamlPart, source: SourceText): number {
  const blank = /(?:[ \t]*(?:#.*)?\r?\n|%.*\n|---[ \t]*(?:#.*)?\r?\n)*/y;
  return lineAt(source, part.start + (blank.exec(part.text)?.[0].length ?? 0));
}

/** A list's items begin at the `-` that stand in the first one's column; else (a list in brackets) the full reader knows. */
function itemLines(part: YamlPart, source: SourceText, count: number, budget: TokenBudget): number[] {
  const first = /^( *)- /m.exec(part.text)?.[1]?.length ?? 0;
  const lines: number[] = [];
  const item = /^( *)-(?=[ \r\n])/gm;
  for (let match = item.exec(part.text); match !== null; match = item.exec(part.text)) {
    if (match[1]?.length === first) lines.push(lineAt(source, part.start + match.index));
  }
  if (lines.length === count) return lines;
  const { index } = parseYaml(part.text, budget);
  const fallback = contentLine(part, source);
  return Array.from({ length: count }, (_, position) =>
    index === null ? fallback : lineAt(source, part.start + index.find(`/${position}`).start),
  );
}
