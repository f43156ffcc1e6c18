import type { DiagnosticCode } from '../../kernel/codes.js';
import { diagnosticAt, type Diagnostic } from '../../model/diagnostic.js';
import type { Document } from '../../model/document.js';
import type { Origin } from '../../model/trigger.js';

/** Something doubtful that a lint found; it becomes a warning. */
export interface Finding {
  readonly code: DiagnosticCode;
  /** Of the trigger or workflow it is about: tells the document. */
  readonly origin: Origin;
  readonly pointer: string;
  readonly message: string;
  readonly hint: string | null;
}

/** The findings as warnings at their places; of equal ones at one place only the first. */
export function asWarnings(
  findings: readonly Finding[],
  documents: readonly Document[],
): readonly Diagnostic[] {
  if (findings.length === 0) return [];
  const byName = new Map(documents.map((document) => [`${document.file} ${document.index}`, document]));
  const said = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  for (const { origin, pointer, code, message, hint } of findings) {
    const document = byName.get(`${origin.file} ${origin.document}`);
    const key = `${origin.file} ${origin.document} ${pointer} ${code} ${message}`;
    if (document === undefined || said.has(key)) continue;
    said.add(key);
    diagnostics.push(diagnosticAt(document, pointer, 'key', { code, severity: 'warning', message, hint }));
  }
  return diagnostics;
}
