import type { DiagnosticCode } from '../kernel/codes.js';

/** Something wrong in a YAML document, by character offsets within its text. */
export interface YamlProblem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint: string | null;
  readonly pointer: string;
  readonly start: number;
  readonly end: number;
  /** Offset of what it is told together with (a duplicate's first key); the line is put into the message. */
  readonly other?: number;
}

export const QUOTE_HINT = 'put it in quotes if it is meant as text';
