import type { Diagnostic } from '../../model/diagnostic.js';
import type { CheckReport } from '../../model/report.js';
import { byKey } from './by-key.js';
import { placeOf } from './diagnostics-text.js';
import { XML_DECLARATION, xmlElement, xmlText } from './xml.js';

/** JUnit XML: one suite a file, one case a diagnostic; errors are failures, warnings are told in the case's output. */
export function checkJunit(report: CheckReport): string {
  const byFile = byKey(report.diagnostics, (diagnostic) => diagnostic.file);
  const suites = [...byFile].map(([file, diagnostics]) =>
    suite(file, diagnostics.map(testCase), diagnostics),
  );
  // A file without a single case reads as "nothing ran" to most readers.
  if (suites.length === 0)
    suites.push(
      suite('triggerd check', [xmlElement('testcase', { classname: 'check', name: 'no problems' })], []),
    );
  const failures = report.diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  const tests = Math.max(1, report.diagnostics.length);
  return `${XML_DECLARATION}\n${xmlElement('testsuites', { name: 'triggerd check', tests, failures }, suites)}\n`;
}

function suite(name: string, cases: readonly string[], diagnostics: readonly Diagnostic[]): string {
  const failures = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  return xmlElement('testsuite', { name, tests: cases.length, failures }, cases);
}

function testCase(diagnostic: Diagnostic): string {
  const where = placeOf(diagnostic);
  const text = `${where}: ${diagnostic.message}${diagnostic.hint === null ? '' : `\nhint: ${diagnostic.hint}`}`;
  const outcome =
    diagnostic.severity === 'error'
      ? xmlElement('failure', { message: diagnostic.message, type: diagnostic.code }, [xmlText(text)])
      : xmlElement('system-out', {}, [xmlText(text)]);
  const name = `${diagnostic.code} ${where}`;
  return xmlElement('testcase', { classname: diagnostic.file, name }, [outcome]);
}
