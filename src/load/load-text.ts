import type { DiagnosticCode } from '../kernel/codes.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Document } from '../model/document.js';
import { FILE_MAX_DIAGNOSTICS, RULE_FILE_MAX_BYTES, RULE_FILE_MAX_TOKENS } from './limits.js';
import type { NodeIndex } from './node-index.js';
import { parseYaml, type TokenBudget } from './parse-yaml.js';
import { readPlainYaml } from './plain-yaml.js';
import { createSourceText, type SourceText } from './source-text.js';
import { splitDocuments, type YamlPart } from './split-documents.js';
import type { YamlProblem } from './yaml-problem.js';

export interface LoadedText {
  readonly documents: readonly Document[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What YAML calls not printable (1.2.2, production 1), and half a surrogate pair. Some of it would steer a terminal. */
export const NOT_PRINTABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|[\ud800-\udfff]/u;

/**
 * Reads the text of one rule file: its YAML documents with positions, and what is wrong with it. Whatever the text, this
 * returns. A document with a mistake that leaves its meaning clear is in `documents` too, so that the rest of it can be
 * checked; one that is not YAML is not.
 */
export function loadText(file: string, text: string): LoadedText {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const whole = (code: DiagnosticCode, message: string, hint: string, at?: [number, number]): LoadedText => {
    const source = createSourceText(at ? body : '');
    const place = at ? source.position(...at) : { line: 0, column: 0, length: 1 };
    const sourceLine = at ? (source.line(place.line) ?? null) : null;
    const diagnostic: Diagnostic = {
      code,
      severity: 'error',
      message,
      hint,
      file,
      ...place,
      pointer: '',
      sourceLine,
    };
    return { documents: [], diagnostics: [diagnostic] };
  };
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > RULE_FILE_MAX_BYTES) return fileTooLarge(file, sizeBytes);
  const control = body.search(NOT_PRINTABLE);
  if (control !== -1) {
    const code = body.charCodeAt(control).toString(16).toUpperCase().padStart(4, '0');
    const message = `the file holds a character that is no text (U+${code})`;
    const hint = 'save it as plain UTF-8 text; inside double quotes such a character is written \\xNN';
    return whole('yaml-syntax', message, hint, [control, control + 1]);
  }
  const source = createSourceText(body);
  const documents: Document[] = [];
  const diagnostics: Diagnostic[] = [];
  const budget: TokenBudget = { tokens: RULE_FILE_MAX_TOKENS };
  let index = 0;
  for (const part of splitDocuments(body)) {
    if (part.badDirective !== -1) diagnostics.push(directiveDiagnostic(file, source, part));
    if (!part.hasContent) continue;
    const plain = readPlainYaml(part.text);
    // What more is wrong in a file so bad is not looked for.
    if (plain === undefined && diagnostics.length >= FILE_MAX_DIAGNOSTICS) continue;
    const parsed =
      plain === undefined ? parseYaml(part.text, budget) : { value: plain, problems: [], index: null };
    for (const problem of parsed.problems) diagnostics.push(toDiagnostic(file, source, part.start, problem));
    if (parsed.value !== undefined) {
      documents.push(createDocument(file, index, parsed.value, source, part, parsed.index));
    }
    index++;
  }
  diagnostics.sort((a, b) => a.line - b.line || a.column - b.column);
  return { documents, diagnostics: diagnostics.slice(0, FILE_MAX_DIAGNOSTICS) };
}

/** What is said of a file over the size limit, which is not read. */
export function fileTooLarge(file: string, sizeBytes: number): LoadedText {
  const diagnostic: Diagnostic = {
    code: 'file-too-large',
    severity: 'error',
    message: `the file has ${Math.ceil(sizeBytes / 1024)} KiB, more than ${RULE_FILE_MAX_BYTES / 1024}`,
    hint: 'split it into several files: the rule folder is read as a whole',
    file,
    line: 0,
    column: 0,
    length: 1,
    pointer: '',
    sourceLine: null,
  };
  return { documents: [], diagnostics: [diagnostic] };
}

function createDocument(
  file: string,
  index: number,
  value: Document['value'],
  source: SourceText,
  part: YamlPart,
  known: NodeIndex | null,
): Document {
  let nodes = known;
  return {
    file,
    index,
    value,
    locate(pointer, where = 'value') {
      // Most documents are never pointed into, and the positions cost ten times what the value does.
      nodes ??= parseYaml(part.text).index;
      const place = nodes?.find(pointer) ?? { keyStart: 0, keyEnd: 0, start: 0, end: 0 };
      return where === 'key'
        ? source.position(part.start + place.keyStart, part.start + place.keyEnd)
        : source.position(part.start + place.start, part.start + place.end);
    },
    sourceLine: (line) => source.line(line),
  };
}

function toDiagnostic(file: string, source: SourceText, start: number, problem: YamlProblem): Diagnostic {
  const place = source.position(start + problem.start, start + problem.end);
  const other =
    problem.other === undefined ? undefined : source.position(start + problem.other, start + problem.other);
  return {
    code: problem.code,
    severity: 'error',
    message: other ? `${problem.message}, first on line ${other.line}` : problem.message,
    hint: problem.hint,
    file,
    ...place,
    pointer: problem.pointer,
    sourceLine: source.line(place.line) ?? null,
  };
}

function directiveDiagnostic(file: string, source: SourceText, part: YamlPart): Diagnostic {
  const line = part.start + part.badDirective;
  return toDiagnostic(file, source, line, {
    code: 'yaml-syntax',
    message: 'a YAML directive other than %YAML 1.2',
    hint: 'remove the line; rule files are YAML 1.2',
    pointer: '',
    start: 0,
    end: Number.POSITIVE_INFINITY,
  });
}
