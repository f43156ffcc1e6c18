import { deepEqual, type JsonObject } from '../kernel/json.js';
import { formatTime } from '../kernel/time.js';
import type { Launch, Suppression } from '../model/decision.js';
import type { TestDifference } from '../model/report.js';
import type { ExpectedLaunch, ExpectedSuppression, RuleTest } from '../model/trigger.js';
import { ownInput } from '../launch/own-input.js';
import type { Places } from './rule-folder.js';

export interface Differences {
  readonly missing: readonly TestDifference[];
  readonly unexpected: readonly TestDifference[];
  readonly different: readonly TestDifference[];
}

/** One list of expectations against what happened: the complete set, in order. */
interface Comparison<E extends { readonly pointer: string }, A> {
  readonly list: TestDifference['list'];
  readonly expected: readonly E[];
  readonly actual: readonly A[];
  matches(expected: E, actual: A): boolean;
  /** Whether the two are about the same thing, though not equal: shown as one difference instead of two. */
  akin(expected: E, actual: A): boolean;
  showExpected(expected: E): JsonObject;
  /** What happened, limited to the keys that the expectation names when there is one. */
  showActual(actual: A, expected: E | null): JsonObject;
}

/** Compares what a rule test expects with what its run decided. */
export function compareWithExpectations(
  test: RuleTest,
  launches: readonly Launch[],
  suppressions: readonly Suppression[],
  places: Places,
): Differences {
  const lineOf = (pointer: string): number => places(test.origin, pointer)?.line ?? 0;
  const at = (atMs: number | null): number | null => (atMs === null ? null : test.startMs + atMs);
  const forLaunches = compare<ExpectedLaunch, Launch>(
    {
      list: 'launches',
      expected: test.expect,
      actual: launches,
      matches: (expected, actual) =>
        (expected.atMs === null || at(expected.atMs) === actual.at) &&
        (expected.trigger_id === null || expected.trigger_id === actual.trigger_id) &&
        (expected.workflow_name === null || expected.workflow_name === actual.workflow_name) &&
        (expected.mode === null || expected.mode === actual.mode) &&
        containsAll(actual.group, expected.group) &&
        containsAll(actual.input, expected.input),
      akin: (expected, actual) =>
        (expected.trigger_id === null || expected.trigger_id === actual.trigger_id) &&
        (expected.workflow_name === null ||
          expected.workflow_name === actual.workflow_name ||
          expected.atMs === null ||
          at(expected.atMs) === actual.at),
      showExpected: (expected) => ({
        ...(expected.atMs === null ? {} : { at: formatTime(test.startMs + expected.atMs) }),
        ...(expected.trigger_id === null ? {} : { trigger_id: expected.trigger_id }),
        ...(expected.workflow_name === null ? {} : { workflow_name: expected.workflow_name }),
        ...(expected.mode === null ? {} : { mode: expected.mode }),
        ...(expected.group === null ? {} : { group: expected.group }),
        ...(expected.input === null ? {} : { input: expected.input }),
      }),
      showActual: (actual, expected) => ({
        at: formatTime(actual.at),
        trigger_id: actual.trigger_id,
        workflow_name: actual.workflow_name,
        ...(actual.mode === 'observe' || expected?.mode ? { mode: actual.mode } : {}),
        ...(Object.keys(actual.group).length > 0 ? { group: actual.group } : {}),
        input: expected?.input ? pick(actual.input, Object.keys(expected.input)) : ownInput(actual.input),
      }),
    },
    lineOf,
  );
  if (test.suppressed === null) return forLaunches;
  const forSuppressions = compare<ExpectedSuppression, Suppression>(
    {
      list: 'suppressed',
      expected: test.suppressed,
      actual: suppressions,
      matches: (expected, actual) =>
        (expected.atMs === null || at(expected.atMs) === actual.at) &&
        (expected.trigger_id === null || expected.trigger_id === actual.trigger_id) &&
        (expected.gate === null || expected.gate === actual.gate),
      akin: (expected, actual) => expected.trigger_id === actual.trigger_id,
      showExpected: (expected) => ({
        ...(expected.atMs === null ? {} : { at: formatTime(test.startMs + expected.atMs) }),
        ...(expected.trigger_id === null ? {} : { trigger_id: expected.trigger_id }),
        ...(expected.gate === null ? {} : { gate: expected.gate }),
      }),
      showActual: (actual) => ({
        at: formatTime(actual.at),
        trigger_id: actual.trigger_id,
        gate: actual.gate,
      }),
    },
    lineOf,
  );
  return {
    missing: [...forLaunches.missing, ...forSuppressions.missing],
    unexpected: [...forLaunches.unexpected, ...forSuppressions.unexpected],
    different: [...forLaunches.different, ...forSuppressions.different],
  };
}

function compare<E extends { readonly pointer: string }, A>(
  comparison: Comparison<E, A>,
  lineOf: (pointer: string) => number,
): Differences {
  const { list, expected, actual } = comparison;
  const inOrder =
    expected.length === actual.length && expected.every((one, i) => comparison.matches(one, actual[i] as A));
  if (inOrder) return { missing: [], unexpected: [], different: [] };

  const left = new Set(actual);
  const take = (accepts: (candidate: A) => boolean): A | undefined => {
    for (const candidate of left) {
      if (!accepts(candidate)) continue;
      left.delete(candidate);
      return candidate;
    }
    return undefined;
  };
  const unmatched = expected.filter(
    (one) => take((candidate) => comparison.matches(one, candidate)) === undefined,
  );
  const missing: TestDifference[] = [];
  const different: TestDifference[] = [];
  for (const one of unmatched) {
    const counterpart = take((candidate) => comparison.akin(one, candidate));
    const difference = {
      list,
      expected: comparison.showExpected(one),
      actual: counterpart === undefined ? null : comparison.showActual(counterpart, one),
      line: lineOf(one.pointer),
    };
    (counterpart === undefined ? missing : different).push(difference);
  }
  const unexpected = [...left].map((one) => ({
    list,
    expected: null,
    actual: comparison.showActual(one, null),
    line: 0,
  }));
  if (missing.length + different.length + unexpected.length === 0) {
    // Every one is there, but in another order: show the first that stands elsewhere.
    const i = expected.findIndex((one, position) => !comparison.matches(one, actual[position] as A));
    const one = expected[i] as E;
    different.push({
      list,
      expected: { position: i + 1, ...comparison.showExpected(one) },
      actual: { position: i + 1, ...comparison.showActual(actual[i] as A, null) },
      line: lineOf(one.pointer),
    });
  }
  return { missing, unexpected, different };
}

/** Whether every key of `wanted` is in `found` with a deeply equal value. */
function containsAll(found: JsonObject, wanted: JsonObject | null): boolean {
  if (wanted === null) return true;
  return Object.keys(wanted).every(
    (key) => Object.prototype.hasOwnProperty.call(found, key) && deepEqual(found[key], wanted[key]),
  );
}

function pick(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(
    keys.filter((key) => Object.prototype.hasOwnProperty.call(object, key)).map((key) => [key, object[key]]),
  ) as JsonObject;
}
