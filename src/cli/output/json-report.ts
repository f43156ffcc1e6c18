import type { Diagnostic } from '../../model/diagnostic.js';
import type { ReportDiagnostic } from '../../model/report.js';

/** A diagnostic as reports carry it: without what only the code frame needs. */
export function reportDiagnostic(diagnostic: Diagnostic): ReportDiagnostic {
  const { code, severity, message, hint, file, line, column, pointer } = diagnostic;
  return { code, severity, message, hint, file, line, column, pointer };
}

/**
 * A report as one JSON document: a line per key, and per element of its lists, so that it reads well, diffs well and can
 * be searched by line.
 */
export function jsonReport(report: object): string {
  const members = Object.entries(report).map(([key, value]) =>
    jsonMember(key, key === 'diagnostics' ? (value as readonly Diagnostic[]).map(reportDiagnostic) : value),
  );
  return `{\n${members.join(',\n')}\n}\n`;
}

/** One member of a report's top level. */
export function jsonMember(key: string, value: unknown): string {
  const name = `  ${JSON.stringify(key)}: `;
  if (!Array.isArray(value) || value.length === 0) return name + JSON.stringify(value);
  return `${name}[\n${value.map((element) => `    ${JSON.stringify(element)}`).join(',\n')}\n  ]`;
}
