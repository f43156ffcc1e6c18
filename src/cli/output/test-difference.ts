import type { JsonObject } from '../../kernel/json.js';
import type { TestDifference, TestResult } from '../../model/report.js';
import { displayWidth, padToWidth } from './display-width.js';
import { printable, printableJson } from './printable.js';
import { sideBySide, type SideBySideRow } from './side-by-side.js';
import type { Paint, Style } from './style.js';
import { compareValues } from './leaf-values.js';
import { indent } from './words.js';

/** Everything that differs in a failed rule test, expected and actual beside each other. */
export function differenceLines(result: TestResult, style: Style): readonly string[] {
  if (result.problem !== null) return [style.red(printable(result.problem))];
  return [
    ...result.different.flatMap((one) => block(one, `another ${noun(one)} than expected`, style)),
    ...result.missing.flatMap((one) => block(one, `expected ${noun(one)} did not happen`, style)),
    ...result.unexpected.flatMap((one) => block(one, `${noun(one)} that no expectation names`, style)),
  ];
}

function noun({ list }: TestDifference): string {
  return list === 'launches' ? 'launch' : 'suppression';
}

function block(difference: TestDifference, title: string, style: Style): readonly string[] {
  const { expected, actual } = difference;
  const line = difference.line > 0 ? style.dim(` (line ${difference.line})`) : '';
  const body =
    expected !== null && actual !== null
      ? sideBySide(compared(expected, actual), style)
      : oneSided(expected ?? actual ?? {}, expected === null ? style.red : style.green);
  return [`${style.yellow(title)}${line}`, ...indent(body, '  ')];
}

/** An expectation names the keys it cares about: what else happened is shown beside it, and is no difference. */
function compared(expected: JsonObject, actual: JsonObject): readonly SideBySideRow[] {
  return compareValues(expected, actual).map(({ path, expected: left, actual: right, equal }) => ({
    label: printable(path),
    expected: left === undefined ? '' : printableJson(left),
    actual: printableJson(right),
    differs: left !== undefined && !equal,
  }));
}

function oneSided(there: JsonObject, paint: Paint): readonly string[] {
  const width = Math.max(0, ...Object.keys(there).map((key) => displayWidth(printable(key))));
  return Object.entries(there).map(
    ([key, value]) => `  ${padToWidth(printable(key), width)}  ${paint(printableJson(value))}`,
  );
}
