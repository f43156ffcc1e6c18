import type { Diagnostic } from '../../model/diagnostic.js';
import type { CheckReport } from '../../model/report.js';
import { countSeverities, severityWords } from './diagnostics-text.js';
import { count } from './words.js';

// Escapes as in actions/toolkit, packages/core/src/command.ts.
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Workflow commands of GitHub Actions: one annotation a diagnostic. */
export function checkGithub(report: CheckReport): string {
  const words = severityWords(countSeverities(report.diagnostics)) || 'no problems';
  const commands = report.diagnostics.map((diagnostic) => `${command(diagnostic)}\n`).join('');
  return `${commands}${words} in ${count(report.files, 'file')}\n`;
}

function command(diagnostic: Diagnostic): string {
  const properties: [string, string | number][] = [['file', diagnostic.file.replace(/^\.\//, '')]];
  if (diagnostic.line > 0) properties.push(['line', diagnostic.line]);
  if (diagnostic.line > 0 && diagnostic.column > 0)
    properties.push(['col', diagnostic.column], ['endColumn', diagnostic.column + diagnostic.length]);
  properties.push(['title', diagnostic.code]);
  const list = properties.map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(',');
  const hint = diagnostic.hint === null ? '' : `\nhint: ${diagnostic.hint}`;
  return `::${diagnostic.severity} ${list}::${escapeData(`${diagnostic.message}${hint}`)}`;
}
