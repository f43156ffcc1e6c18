import type { TestReport, TestResult } from '../../model/report.js';
import { byKey } from './by-key.js';
import { plainStyle } from './style.js';
import { differenceLines } from './test-difference.js';
import { XML_DECLARATION, xmlElement, xmlText } from './xml.js';

/** JUnit XML: one suite a file, one case a rule test. */
export function testJunit(report: TestReport): string {
  const suites = [...byKey(report.tests, (result) => result.file)].map(([file, results]) =>
    xmlElement(
      'testsuite',
      {
        name: file,
        tests: results.length,
        failures: results.filter((result) => result.status === 'failed').length,
      },
      results.map(testCase),
    ),
  );
  const totals = { name: 'triggerd test', tests: report.tests.length, failures: report.failed };
  return `${XML_DECLARATION}\n${xmlElement('testsuites', totals, suites)}\n`;
}

function testCase(result: TestResult): string {
  const attributes = { classname: result.file, name: result.name, file: result.file, line: result.line };
  if (result.status === 'passed') return xmlElement('testcase', attributes);
  const lines = differenceLines(result, plainStyle);
  const failure = xmlElement('failure', { message: lines[0] ?? 'failed' }, [xmlText(lines.join('\n'))]);
  return xmlElement('testcase', attributes, [failure]);
}
