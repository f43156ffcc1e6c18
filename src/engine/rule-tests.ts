import { Fault } from '../kernel/fault.js';
import { createRegex, regexProblem } from '../kernel/regex.js';
import { formatTime } from '../kernel/time.js';
import { readEvent } from '../load/event.js';
import type { Launch, Suppression } from '../model/decision.js';
import type { Event } from '../model/event.js';
import type { TestReport, TestResult } from '../model/report.js';
import type { RuleTest } from '../model/trigger.js';
import type { TestOptions } from './api.js';
import { createCoverage, type Coverage } from './coverage.js';
import { compareWithExpectations } from './expectations.js';
import type { Plugins } from './plugins.js';
import {
  compileFolder,
  createPlaces,
  readRuleFolder,
  withVariables,
  type CompiledFolder,
  type Places,
} from './rule-folder.js';
import { createVirtualRun } from './virtual-run.js';

/** Runs the `tests:` of a rule folder, each on a virtual clock of its own. */
export async function runRuleTests(options: TestOptions, plugins: Plugins): Promise<TestReport> {
  const folder = compileFolder(await readRuleFolder(options.folder, plugins), plugins);
  const places = createPlaces(folder.documents);
  const chosen = chooseTests(folder.source.tests, options.run);
  const coverage = createCoverage();
  const results: TestResult[] = [];
  for (const test of chosen) {
    const result = runTest(test, folder, plugins, places, coverage);
    results.push(result);
    options.onResult?.(result);
  }
  const passed = results.filter((result) => result.status === 'passed').length;
  return {
    schema: 'triggerd/test@1',
    passed,
    failed: results.length - passed,
    tests: results,
    coverage: coverage.report(folder.ruleset.triggers, places),
    diagnostics: folder.diagnostics,
  };
}

function chooseTests(tests: readonly RuleTest[], pattern: string | null): readonly RuleTest[] {
  if (pattern === null) return tests;
  const problem = regexProblem(pattern);
  if (problem !== undefined) throw new Fault('usage', `--run: ${problem.message}`, { hint: problem.hint });
  const regex = createRegex(pattern, false);
  return tests.filter((test) => regex.test(test.name));
}

function runTest(
  test: RuleTest,
  folder: CompiledFolder,
  plugins: Plugins,
  places: Places,
  coverage: Coverage,
): TestResult {
  const place = places(test.origin, test.origin.pointer);
  const base = { name: test.name, file: test.origin.file, line: place?.line ?? 0 };
  const none = { missing: [], unexpected: [], different: [] };
  let own = folder;
  if (Object.keys(test.variables).length > 0) {
    const varied = withVariables(folder, plugins, test.variables);
    const error = varied.diagnostics.find((diagnostic) => diagnostic.severity === 'error');
    if (error !== undefined) {
      return {
        ...base,
        ...none,
        status: 'failed',
        problem: `with these variables: ${error.message} (${error.file}:${error.line})`,
      };
    }
    own = compileFolder(varied, plugins);
  }
  const events = testEvents(test);
  if ('problem' in events) return { ...base, ...none, status: 'failed', problem: events.problem };

  const launches: Launch[] = [];
  const suppressions: Suppression[] = [];
  const concerns = (triggerId: string): boolean =>
    test.triggers === null || test.triggers.includes(triggerId);
  const run = createVirtualRun({
    folder: own,
    templates: plugins.templates,
    sink: {
      launch(launch) {
        coverage.fired(launch.trigger_id);
        if (concerns(launch.trigger_id)) launches.push(launch);
      },
      suppression(suppression) {
        if (concerns(suppression.trigger_id)) suppressions.push(suppression);
      },
      event(event) {
        coverage.see(event, own.matcher, own.ruleset.triggers);
      },
    },
  });
  run.start(test.startMs);
  for (const { event, at, arrivedAt } of events.list) run.event(event, at, arrivedAt);
  if (test.untilMs !== null) run.runUntil(test.startMs + test.untilMs);
  const differences = compareWithExpectations(test, launches, suppressions, places);
  const failed =
    differences.missing.length + differences.unexpected.length + differences.different.length > 0;
  return { ...base, ...differences, status: failed ? 'failed' : 'passed', problem: null };
}

interface TimedEvent {
  readonly event: Event;
  readonly at: number;
  readonly arrivedAt: number;
}

/** The test's events in order of arrival; an explicit `timestamp` makes one late or early, `at` is when it arrives. */
function testEvents(test: RuleTest): { readonly list: readonly TimedEvent[] } | { readonly problem: string } {
  const list: TimedEvent[] = [];
  let ordinal = 0;
  for (const { atMs, repeat, event: written } of test.events) {
    for (let i = 0; i < (repeat?.times ?? 1); i++) {
      ordinal++;
      const arrivedAt = test.startMs + atMs + i * (repeat?.everyMs ?? 0);
      const id = `event-${ordinal}`;
      const raw = { timestamp: formatTime(arrivedAt), ...written };
      const read = readEvent(raw, { mode: 'strict', receivedAt: arrivedAt, newId: () => id });
      if (!('event' in read)) {
        const [first] = read.problems;
        return { problem: `event ${ordinal}: ${first?.path ?? ''}: ${first?.message ?? 'not an event'}` };
      }
      list.push({ event: read.event, at: read.at, arrivedAt });
    }
  }
  return { list: list.sort((a, b) => a.arrivedAt - b.arrivedAt) };
}
