import type { Diagnostic } from '../../model/diagnostic.js';
import { codeFrame } from './code-frame.js';
import { printable } from './printable.js';
import type { Style } from './style.js';
import { count, joinLines } from './words.js';

/** `rules/a.yaml:14:7`, or the file alone for a diagnostic about all of it. */
export function placeOf(place: {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}): string {
  const file = printable(place.file);
  if (place.line < 1) return file;
  return place.column === undefined || place.column < 1
    ? `${file}:${place.line}`
    : `${file}:${place.line}:${place.column}`;
}

/** One diagnostic: where, what, the line itself with a marker, and how to mend it. */
export function diagnosticText(diagnostic: Diagnostic, style: Style): string {
  const severity =
    diagnostic.severity === 'error' ? style.red(diagnostic.severity) : style.yellow(diagnostic.severity);
  const lines = [
    `${style.bold(placeOf(diagnostic))} ${severity} ${style.dim(diagnostic.code)}: ${printable(diagnostic.message)}`,
    ...codeFrame(diagnostic, style),
  ];
  if (diagnostic.hint !== null) lines.push(`      ${style.cyan('hint:')} ${printable(diagnostic.hint)}`);
  return joinLines(lines);
}

/** All diagnostics, a blank line after each. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], style: Style): string {
  return diagnostics.map((diagnostic) => `${diagnosticText(diagnostic, style)}\n`).join('');
}

export interface SeverityCounts {
  readonly errors: number;
  readonly warnings: number;
}

export function countSeverities(diagnostics: readonly { readonly severity: string }[]): SeverityCounts {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  return { errors, warnings: diagnostics.length - errors };
}

/** `2 errors, 1 warning`; '' when there are none. */
export function severityWords({ errors, warnings }: SeverityCounts): string {
  const words = [];
  if (errors > 0) words.push(count(errors, 'error'));
  if (warnings > 0) words.push(count(warnings, 'warning'));
  return words.join(', ');
}
