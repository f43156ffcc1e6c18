import type { CoverageReport, TestReport, TestResult } from '../../model/report.js';
import { byKey } from './by-key.js';
import { placeOf } from './diagnostics-text.js';
import { printable } from './printable.js';
import { sign, type Style } from './style.js';
import { differenceLines } from './test-difference.js';
import { tableLines } from './table.js';
import { count, grouped, indent, joinLines } from './words.js';

/** One line a file, every failure in full, the coverage when asked for, then one line that sums up. */
export function testText(report: TestReport, style: Style, options: { readonly coverage: boolean }): string {
  const lines: string[] = [];
  for (const [file, results] of byKey(report.tests, (result) => result.file))
    lines.push(fileLine(file, results, style));
  for (const result of report.tests)
    if (result.status === 'failed') lines.push('', ...failureLines(result, style));
  if (options.coverage) lines.push('', ...coverageLines(report.coverage, style));
  if (lines.length > 0) lines.push('');
  const passed = report.passed > 0 ? style.green(`${grouped(report.passed)} passed`) : '0 passed';
  const failed = report.failed > 0 ? `${style.red(`${grouped(report.failed)} failed`)}, ` : '';
  lines.push(report.tests.length === 0 ? style.yellow('no tests') : `${failed}${passed}`);
  return joinLines(lines);
}

function fileLine(file: string, results: readonly TestResult[], style: Style): string {
  const failed = results.filter((result) => result.status === 'failed').length;
  const words = failed === 0 ? '' : `, ${style.red(`${failed} failed`)}`;
  return `${verdict(failed === 0, style)} ${printable(file)}  ${count(results.length, 'test')}${words}`;
}

function verdict(passed: boolean, style: Style): string {
  if (style.terminal) return sign(passed, style);
  return passed ? style.green('ok    ') : style.red('failed');
}

function failureLines(result: TestResult, style: Style): readonly string[] {
  return [
    `${style.red('failed')} ${style.bold(placeOf(result))}  ${printable(result.name)}`,
    ...indent(differenceLines(result, style), '    '),
  ];
}

/** Percentages, and what no test covers. */
function coverageLines(coverage: CoverageReport, style: Style): readonly string[] {
  const lines = [
    ...tableLines(
      [{ title: 'coverage' }, { title: 'percent', align: 'right' }],
      [
        ['triggers', `${coverage.triggers} %`],
        ['condition branches', `${coverage.branches} %`],
      ],
      style,
    ),
  ];
  if (coverage.uncovered.length > 0) lines.push('', style.bold('not covered'));
  for (const { trigger_id, what, place } of coverage.uncovered) {
    const where = place === null ? '' : `  ${style.dim(placeOf({ file: place.file, line: place.line }))}`;
    lines.push(`  ${printable(trigger_id)}: ${printable(what)}${where}`);
  }
  return lines;
}
