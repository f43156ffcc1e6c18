import type { Diagnostic } from '../../src/model/diagnostic.js';
import type {
  BacktestReport,
  CheckReport,
  DryRunReport,
  ReportLaunch,
  ReportSuppression,
  TestReport,
  TestResult,
  Why,
} from '../../src/model/report.js';

export function diagnostic(part: Partial<Diagnostic> = {}): Diagnostic {
  return {
    code: 'unknown-key',
    severity: 'error',
    message: '"filter" is not a key of a trigger',
    hint: 'did you mean filters?',
    file: 'rules/a.yaml',
    line: 4,
    column: 5,
    length: 6,
    pointer: '/triggers/0/filter',
    sourceLine: '    filter:',
    ...part,
  };
}

export const warning = diagnostic({
  code: 'unused-workflow',
  severity: 'warning',
  message: 'no trigger launches "old"',
  hint: null,
  line: 9,
  column: 3,
  length: 3,
  pointer: '/workflows/old',
  sourceLine: '  old:',
});

export function checkReport(diagnostics: readonly Diagnostic[] = []): CheckReport {
  return { schema: 'triggerd/check@1', files: 2, triggers: 3, workflows: 1, tests: 4, diagnostics };
}

export function launch(part: Partial<ReportLaunch> = {}): ReportLaunch {
  return {
    launch_id: 'l-1',
    trigger_id: 'burst',
    workflow_name: 'open-incident',
    mode: 'launch',
    at: '2026-01-01T00:00:13Z',
    event_id: 'e-5',
    events: ['e-1', 'e-5'],
    item_index: null,
    group: { 'payload.region': 'eu' },
    input: {
      trigger_event: { event_id: 'e-5' },
      trigger_id: 'burst',
      triggered_at: '2026-01-01T00:00:13Z',
      region: 'eu',
    },
    warnings: [],
    ...part,
  };
}

export const suppression: ReportSuppression = {
  trigger_id: 'burst',
  event_id: 'e-9',
  at: '2026-01-01T00:01:04Z',
  gate: 'cooldown',
  until: '2026-01-01T00:30:13Z',
  group: { 'payload.region': 'eu' },
};

export const why: Why = {
  trigger_id: 'burst',
  event_id: 'e-2',
  outcome: 'not_matched',
  reason: 'payload.region is "us", wanted equal "eu"',
  deciding: null,
  event_types: ['workflow.failed'],
  state: null,
  item: null,
  roles: [
    {
      role: 'match',
      tree: {
        kind: 'all',
        holds: false,
        place: null,
        tests: [
          {
            kind: 'field',
            holds: true,
            path: 'priority',
            operator: 'at_least',
            wanted: 'high',
            found: 'critical',
            place: { file: 'rules/a.yaml', line: 6, column: 7, text: 'priority: { at_least: high }' },
          },
          {
            kind: 'field',
            holds: false,
            path: 'payload.region',
            operator: 'equal',
            wanted: 'eu',
            found: 'us',
            place: { file: 'rules/a.yaml', line: 7, column: 7, text: 'payload.region: eu' },
          },
          {
            kind: 'any',
            holds: false,
            place: null,
            tests: [
              {
                kind: 'field',
                holds: false,
                path: 'payload.code',
                operator: 'equal',
                wanted: 5,
                missing: true,
                place: null,
              },
              {
                kind: 'field',
                holds: false,
                path: 'payload.name',
                operator: 'matches',
                wanted: '^a',
                found: 'bob',
                note: 'case counts',
                place: null,
              },
            ],
          },
        ],
      },
    },
  ],
};

export function dryRunReport(part: Partial<DryRunReport> = {}): DryRunReport {
  return {
    schema: 'triggerd/dry-run@1',
    events: 15,
    triggers: 2,
    launches: [],
    suppressed: [],
    unaccepted_events: ['e-3'],
    never_fired: ['silent', 'off'],
    near_misses: [
      {
        trigger_id: 'silent',
        count: 12,
        test: 'payload.region equal "eu"',
        found: '"us"',
        place: { file: 'rules/x.yaml', line: 14, column: 7, text: 'payload.region: eu' },
      },
    ],
    by_trigger: [
      { trigger_id: 'burst', active: true, launched: 1, observed: 0, suppressed: 1 },
      { trigger_id: 'silent', active: true, launched: 0, observed: 0, suppressed: 0 },
      { trigger_id: 'off', active: false, launched: 0, observed: 0, suppressed: 0 },
    ],
    duplicate_events: 0,
    diagnostics: [],
    left_out: {},
    ...part,
  };
}

export const failedTest: TestResult = {
  name: 'a burst opens one incident',
  file: 'rules/a.test.yaml',
  line: 3,
  status: 'failed',
  missing: [
    {
      list: 'suppressed',
      expected: { trigger_id: 'burst', gate: 'cooldown' },
      actual: null,
      line: 12,
    },
  ],
  unexpected: [
    {
      list: 'launches',
      expected: null,
      actual: { at: '2026-01-01T00:01:04Z', trigger_id: 'burst' },
      line: 0,
    },
  ],
  different: [
    {
      list: 'launches',
      expected: { trigger_id: 'burst', input: { region: 'eu', failures: 5 } },
      actual: { trigger_id: 'burst', input: { region: 'us', failures: 5 } },
      line: 9,
    },
  ],
  problem: null,
};

export const passedTest: TestResult = {
  name: 'nothing <launches> & "nobody" is told',
  file: 'rules/b.test.yaml',
  line: 2,
  status: 'passed',
  missing: [],
  unexpected: [],
  different: [],
  problem: null,
};

export function testReport(tests: readonly TestResult[], part: Partial<TestReport> = {}): TestReport {
  const passed = tests.filter((test) => test.status === 'passed').length;
  return {
    schema: 'triggerd/test@1',
    passed,
    failed: tests.length - passed,
    tests,
    coverage: {
      triggers: 50,
      branches: 83.3,
      uncovered: [{ trigger_id: 'silent', what: 'never fired in a test', place: null }],
    },
    diagnostics: [],
    ...part,
  };
}

export function backtestReport(part: Partial<BacktestReport> = {}): BacktestReport {
  return {
    schema: 'triggerd/backtest@1',
    events: 1200,
    launches: [launch()],
    added: [],
    removed: [],
    changed: [],
    diagnostics: [],
    ...part,
  };
}
