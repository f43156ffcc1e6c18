import type { CheckReport } from '../../model/report.js';
import { countSeverities, diagnosticsText, severityWords } from './diagnostics-text.js';
import type { Style } from './style.js';
import { count } from './words.js';

/** Every diagnostic with its code frame, then one line that sums up. */
export function checkText(report: CheckReport, style: Style): string {
  const counts = countSeverities(report.diagnostics);
  const words = severityWords(counts);
  const verdict =
    counts.errors > 0
      ? style.red(words)
      : counts.warnings > 0
        ? style.yellow(words)
        : style.green(style.terminal ? '✔ no problems' : 'no problems');
  return `${diagnosticsText(report.diagnostics, style)}${verdict} in ${checkedWords(report)}\n`;
}

function checkedWords(report: CheckReport): string {
  const parts = [
    count(report.triggers, 'trigger'),
    count(report.workflows, 'workflow'),
    count(report.tests, 'test'),
  ];
  return `${count(report.files, 'file')}: ${parts.join(', ')}`;
}
