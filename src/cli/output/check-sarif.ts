import { DIAGNOSTIC_CODES } from '../../kernel/codes.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { CheckReport } from '../../model/report.js';

/** SARIF 2.1.0 (OASIS), one run; every diagnostic code is one of its rules. */
export function checkSarif(report: CheckReport, version: string): string {
  const codes = Object.keys(DIAGNOSTIC_CODES);
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'triggerd',
            version,
            rules: Object.entries(DIAGNOSTIC_CODES).map(([id, meaning]) => ({
              id,
              shortDescription: { text: meaning },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: report.diagnostics.map((diagnostic) => result(diagnostic, codes.indexOf(diagnostic.code))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function result(diagnostic: Diagnostic, ruleIndex: number): object {
  const hint = diagnostic.hint === null ? '' : `. Hint: ${diagnostic.hint}`;
  return {
    ruleId: diagnostic.code,
    ...(ruleIndex < 0 ? {} : { ruleIndex }),
    level: diagnostic.severity,
    message: { text: `${diagnostic.message}${hint}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifact(diagnostic.file),
          ...(diagnostic.line > 0 ? { region: region(diagnostic) } : {}),
        },
        ...(diagnostic.pointer === ''
          ? {}
          : { logicalLocations: [{ fullyQualifiedName: diagnostic.pointer }] }),
      },
    ],
  };
}

function region(diagnostic: Diagnostic): object {
  const { line, column, length } = diagnostic;
  if (column < 1) return { startLine: line };
  return { startLine: line, startColumn: column, endLine: line, endColumn: column + length };
}

/** A path as the URI that SARIF wants: relative to the checked-out sources, or absolute. */
function artifact(file: string): object {
  const uri = file.split('/').map(encodeURIComponent).join('/');
  if (file.startsWith('/')) return { uri: `file://${uri}` };
  return { uri: uri.replace(/^\.\//, ''), uriBaseId: '%SRCROOT%' };
}
