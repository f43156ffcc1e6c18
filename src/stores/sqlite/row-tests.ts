import type { TimeRange } from './time-range.js';

/** Conditions on single rows, with what they read. */
export interface RowTests {
  readonly columns: readonly string[];
  readonly tests: readonly string[];
  readonly testValues: readonly unknown[];
}

/** Every row holds. */
export const NO_TESTS: RowTests = { columns: [], tests: [], testValues: [] };

/** What has to be asked of a row because the range of keys does not say it. */
export function timeTests(
  { sinceMs, untilMs }: { readonly sinceMs: number | null; readonly untilMs: number | null },
  range: TimeRange,
  column: string,
): RowTests {
  if (range.isExact) return NO_TESTS;
  const since = sinceMs === null ? NO_TESTS : rowTest(column, `${column} >= ?`, sinceMs);
  return untilMs === null ? since : both(since, rowTest(column, `${column} < ?`, untilMs));
}

/** One condition on one column. */
export function rowTest(column: string, condition: string, ...testValues: readonly unknown[]): RowTests {
  return { columns: [column], tests: [condition], testValues };
}

/** Both hold. */
export function both(a: RowTests, b: RowTests): RowTests {
  return {
    columns: [...new Set([...a.columns, ...b.columns])],
    tests: [...a.tests, ...b.tests],
    testValues: [...a.testValues, ...b.testValues],
  };
}
