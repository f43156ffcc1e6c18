import type { DiagnosticCode } from '../kernel/codes.js';
import type { Document } from './document.js';

export type Severity = 'error' | 'warning';

/** Something wrong in a file a person wrote. Collected, never thrown. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** What is wrong, in one sentence without a final full stop. */
  readonly message: string;
  /** How to mend it, or null when the message says it all. */
  readonly hint: string | null;
  /** As given on the command line or found in the folder, with forward slashes. */
  readonly file: string;
  /** From 1; 0 when the diagnostic is about the whole file or folder. */
  readonly line: number;
  readonly column: number;
  /** How many characters the marker underlines, at least 1. */
  readonly length: number;
  /** JSON pointer inside the YAML document (RFC 6901), `''` for the whole. */
  readonly pointer: string;
  /** The source line itself, for the code frame; null where there is none. */
  readonly sourceLine: string | null;
}

/** A diagnostic about what stands at a JSON pointer of a document: position and source line are looked up there. */
export function diagnosticAt(
  document: Document,
  pointer: string,
  part: 'key' | 'value',
  what: {
    readonly code: DiagnosticCode;
    /** Left out = error. */
    readonly severity?: Severity;
    readonly message: string;
    readonly hint: string | null;
  },
): Diagnostic {
  const { line, column, length } = document.locate(pointer, part);
  return {
    code: what.code,
    severity: what.severity ?? 'error',
    message: what.message,
    hint: what.hint,
    file: document.file,
    line,
    column,
    length,
    pointer,
    sourceLine: document.sourceLine(line) ?? null,
  };
}
