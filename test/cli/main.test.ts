import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/command-table.js';
import { OutputClosed } from '../../src/cli/streams.js';
import type { App, RunIo } from '../../src/engine/api.js';
import { Fault, type FaultCode } from '../../src/kernel/fault.js';
import { run } from './harness.js';
import {
  backtestReport,
  checkReport,
  diagnostic,
  dryRunReport,
  failedTest,
  launch,
  passedTest,
  testReport,
  warning,
  why,
} from './reports.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

describe('the version and help', () => {
  test.each([[['--version']], [['-V']], [['check', '--version']]])(
    '%j prints the version alone',
    async (argv) => {
      expect(await run(argv)).toEqual({ code: 0, out: `${version}\n`, err: '' });
    },
  );

  test('the overview names every command, with examples and exit codes, on standard output', async () => {
    const { code, out, err } = await run(['--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const { name, summary } of COMMANDS) {
      expect(out).toContain(`  ${name} `);
      expect(out.replace(/\s+/g, ' ')).toContain(summary);
    }
    expect(out).toMatch(/Examples:\n {2}# /);
    expect(out).toMatch(/Exit codes:\n {2}0 {2}/);
  });

  test.each(COMMANDS.map(({ name }) => name))(
    '%s --help shows two to four examples and its exit codes',
    async (name) => {
      const { code, out, err } = await run([name, '--help']);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain(`Usage: triggerd ${name} [options]`);
      const examples =
        out.slice(out.indexOf('Examples:'), out.indexOf('Exit codes:')).match(/^ {2}# /gm) ?? [];
      expect(examples.length).toBeGreaterThanOrEqual(2);
      expect(examples.length).toBeLessThanOrEqual(4);
      expect(out).toMatch(/Exit codes:\n {2}0 {2}.*\n(?: {2}1 {2}.*\n)? {2}2 {2}.*\n {2}3 {2}/);
      expect((await run(['help', name])).out).toBe(out);
    },
  );

  test('without a command the overview goes to standard error, as wrong usage', async () => {
    const { code, out, err } = await run([]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('Usage: triggerd <command>');
  });
});

describe('wrong usage', () => {
  test.each<[argv: string[], error: string, hint: string]>([
    [['chek'], "unknown command 'chek'", 'did you mean check?'],
    [['dryrun'], "unknown command 'dryrun'", 'did you mean dry-run?'],
    [['check', '--formt', 'x'], "unknown option '--formt'", 'did you mean --format?'],
    [['check', '--format', 'xml'], "argument 'xml' is invalid", 'see triggerd check --help'],
    [['check', '--format'], 'argument missing', 'see triggerd check --help'],
    [['check', 'a', 'b'], 'too many arguments', 'see triggerd check --help'],
    [['dry-run', 'rules'], "required option '--events <FILE>' not specified", 'dry-run --help'],
    [
      ['dry-run', '--events', 'a', 'b', 'c'],
      'too many arguments',
      'several event files need an --events each',
    ],
    [['dry-run', '--events', 'a', '--until', 'soon'], 'not "soon"', '10m'],
    [['explain', '--event', 'a'], "missing required argument 'trigger'", 'explain --help'],
    [['explain', 'burst'], "required option '--event <FILE>' not specified", '--event failed.json'],
    [['test', '--min-coverage', 'most'], 'a number from 0 to 100, not "most"', '--min-coverage 80'],
    [['test', '--min-coverage', '101'], 'a number from 0 to 100, not "101"', '--min-coverage 80'],
    [
      ['backtest', '--events', 'a', '--fail-on-change'],
      '--fail-on-change needs --against',
      '--against OLDFOLDER',
    ],
    [['backtest', '--events', '-', '--against', 'old'], 'can be read only once', 'save them to a file'],
    [['schema', 'no-such-schema'], 'there is no schema "no-such-schema"', ''],
    [['completion', 'tcsh'], 'there is no completion for "tcsh"', 'bash, zsh, fish'],
  ])('%j says what and how to mend it, and exits with 2', async (argv, error, hint) => {
    const ran = await run(argv);
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 2, out: '' });
    expect(ran.err).toMatch(/^error: [^\n]+\nhint: [^\n]+\n$/);
    expect(ran.err).toContain(error);
    expect(ran.err).toContain(hint);
  });
});

describe('what the options become', () => {
  test('the folder is rules when none is named', async () => {
    const asked: unknown[] = [];
    const app: Partial<App> = {
      check: (options) => {
        asked.push(options);
        return Promise.resolve(checkReport());
      },
    };
    await run(['check'], { app });
    await run(['check', 'ops', '--strict', '--events', 'a', '--events', 'b'], { app });
    expect(asked).toEqual([
      { folder: 'rules', events: [], strict: false },
      { folder: 'ops', events: ['a', 'b'], strict: true },
    ]);
  });

  test('dry-run takes event files one by one and leaves the folder alone', async () => {
    const asked: unknown[] = [];
    const app: Partial<App> = {
      dryRun: ({ sink, ...options }) => {
        expect(sink).toBeDefined();
        asked.push(options);
        return Promise.resolve(dryRunReport());
      },
    };
    await run(['dry-run', '--events', 'a', '--events=-', 'ops', '--explain', '--until', '10m'], { app });
    expect(asked).toEqual([{ folder: 'ops', events: ['a', '-'], explain: true, until: '10m' }]);
  });

  test('explain, test and backtest hand on what they were given', async () => {
    const asked: unknown[] = [];
    const record =
      <R>(report: R) =>
      (options: unknown): Promise<R> => {
        asked.push(options);
        return Promise.resolve(report);
      };
    const app: Partial<App> = {
      explain: record({
        schema: 'triggerd/explain@1',
        trigger_id: 't',
        why: [why],
        diagnostics: [],
      } as const),
      test: record(testReport([passedTest])),
      backtest: record(backtestReport()),
    };
    await run(['explain', 't', '--event', 'a', '--events', 'b'], { app });
    await run(['test', '--run', 'burst', 'ops'], { app });
    await run(['backtest', 'ops', '--events', 'a', '--against', 'old', '--until', '1h'], { app });
    expect(asked).toEqual([
      { folder: 'rules', trigger: 't', events: ['a', 'b'] },
      { folder: 'ops', run: 'burst' },
      { folder: 'ops', events: ['a'], against: 'old', until: '1h' },
    ]);
  });
});

describe('exit codes', () => {
  const check = (report: ReturnType<typeof checkReport>): Partial<App> => ({
    check: () => Promise.resolve(report),
  });

  test.each<[what: string, argv: string[], app: Partial<App>, code: number]>([
    ['no problems', ['check'], check(checkReport()), 0],
    ['a warning', ['check'], check(checkReport([warning])), 0],
    ['an error', ['check'], check(checkReport([warning, diagnostic()])), 1],
    [
      'a dry run that launches nothing',
      ['dry-run', '--events', 'a'],
      { dryRun: () => Promise.resolve(dryRunReport()) },
      0,
    ],
    ['tests that pass', ['test'], { test: () => Promise.resolve(testReport([passedTest])) }, 0],
    ['a test that fails', ['test'], { test: () => Promise.resolve(testReport([passedTest, failedTest])) }, 1],
    ['no tests', ['test'], { test: () => Promise.resolve(testReport([])) }, 0],
    [
      'no tests with --fail-on-empty',
      ['test', '--fail-on-empty'],
      { test: () => Promise.resolve(testReport([])) },
      1,
    ],
    [
      'enough coverage',
      ['test', '--min-coverage', '50'],
      { test: () => Promise.resolve(testReport([passedTest])) },
      0,
    ],
    [
      'too few triggers covered',
      ['test', '--min-coverage', '60'],
      { test: () => Promise.resolve(testReport([passedTest])) },
      1,
    ],
    [
      'a difference',
      ['backtest', '--events', 'a', '--against', 'old'],
      { backtest: () => Promise.resolve(backtestReport({ added: [launch()] })) },
      0,
    ],
    [
      'a difference with --fail-on-change',
      ['backtest', '--events', 'a', '--against', 'old', '--fail-on-change'],
      { backtest: () => Promise.resolve(backtestReport({ added: [launch()] })) },
      1,
    ],
    [
      'no difference with --fail-on-change',
      ['backtest', '--events', 'a', '--against', 'old', '--fail-on-change'],
      { backtest: () => Promise.resolve(backtestReport()) },
      0,
    ],
  ])('%s', async (_what, argv, app, code) => {
    expect((await run(argv, { app })).code).toBe(code);
  });

  test.each<[FaultCode, number]>([
    ['usage', 2],
    ['settings', 2],
    ['folder-missing', 2],
    ['unreadable', 2],
    ['events-invalid', 1],
    ['rules-invalid', 1],
    ['trigger-unknown', 2],
    ['output-exists', 2],
    ['internal', 3],
  ])('a %s fault exits with %i', async (code, exit) => {
    const app: Partial<App> = {
      check: () => Promise.reject(new Fault(code, 'it cannot go on', { hint: 'do this' })),
    };
    const ran = await run(['check'], { app });
    expect({ code: ran.code, out: ran.out }).toEqual({ code: exit, out: '' });
    expect(ran.err).toContain('it cannot go on');
  });
});

describe('failures', () => {
  const throwing = (error: unknown): Partial<App> => ({ check: () => Promise.reject(error) });

  test('a missing folder is told with how to make one', async () => {
    const { err } = await run(['check'], {
      app: throwing(new Fault('folder-missing', 'there is no folder ./rules')),
    });
    expect(err).toBe('error: there is no folder ./rules\nhint: triggerd init makes a starter folder\n');
  });

  test('what nobody expected is called our own fault, without a stack', async () => {
    const ran = await run(['check'], { app: throwing(new TypeError('x is not a function')) });
    expect(ran.code).toBe(3);
    expect(ran.err).toBe(
      'error: this is a fault of triggerd, not of your files: x is not a function\n' +
        'hint: run it again with --verbose and report what that prints, with the command you ran\n',
    );
  });

  test.each<[how: string, argv: string[], environment: Record<string, string>]>([
    ['--verbose', ['check', '--verbose'], {}],
    ['--verbose before the command', ['--verbose', 'check'], {}],
    ['TRIGGERD_DEBUG', ['check'], { TRIGGERD_DEBUG: '1' }],
  ])('%s adds the stack and the causes', async (_how, argv, environment) => {
    const error = new Error('outer', { cause: new Error('inner') });
    const { code, err } = await run(argv, { app: throwing(error), environment });
    expect(code).toBe(3);
    expect(err).toContain('Error: outer\n    at ');
    expect(err).toContain('caused by: Error: inner');
  });

  test('something thrown that is no Error is told too', async () => {
    const ran = await run(['check'], { app: throwing('just text') });
    expect(ran.code).toBe(3);
    expect(ran.err).toContain('just text');
  });

  test('a reader that has gone is no failure', async () => {
    const ran = await run(['check'], { app: throwing(new OutputClosed()) });
    expect(ran).toEqual({ code: 0, out: '', err: '' });
  });

  test('rules with errors are shown with their lines, their warnings are not', async () => {
    const fault = Object.assign(new Fault('rules-invalid', './rules has 1 error'), {
      diagnostics: [diagnostic(), warning],
    });
    const ran = await run(['dry-run', '--events', 'a'], { app: { dryRun: () => Promise.reject(fault) } });
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 1, out: '' });
    expect(ran.err).toContain('rules/a.yaml:4:5 error unknown-key');
    expect(ran.err).not.toContain('unused-workflow');
    expect(ran.err).toContain('error: ./rules has 1 error');
  });

  test.each([
    ['dry-run', '--events', 'a'],
    ['explain', 't', '--event', 'a'],
    ['test'],
    ['backtest', '--events', 'a'],
  ])('%s --format json prints an empty report with the diagnostics of rules with errors', async (...argv) => {
    const fault = Object.assign(new Fault('rules-invalid', 'errors'), { diagnostics: [diagnostic()] });
    const reject = (): Promise<never> => Promise.reject(fault);
    const app = { dryRun: reject, explain: reject, test: reject, backtest: reject };
    const ran = await run([...argv.filter((word) => word !== undefined), '--format', 'json'], { app });
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.out)).toMatchObject({
      schema: `triggerd/${argv[0]}@1`,
      diagnostics: [{ code: 'unknown-key', line: 4 }],
    });
  });
});

describe('events from standard input', () => {
  test('reach the application', async () => {
    let read = '';
    const app = (io: RunIo): Partial<App> => ({
      dryRun: async () => {
        for await (const chunk of io.stdin) read += String(chunk);
        return dryRunReport();
      },
    });
    await run(['dry-run', '--events', '-'], { app, stdin: '{"event_type":"a.b"}\n' });
    expect(read).toBe('{"event_type":"a.b"}\n');
  });

  test('typed by a person are asked for, others are not', async () => {
    const app: Partial<App> = { dryRun: () => Promise.resolve(dryRunReport()) };
    const asked = /reading events from the terminal/;
    expect((await run(['dry-run', '--events', '-'], { app, terminal: true })).err).toMatch(asked);
    expect((await run(['dry-run', '--events', 'a'], { app, terminal: true })).err).not.toMatch(asked);
    expect((await run(['dry-run', '--events', '-'], { app })).err).not.toMatch(asked);
  });
});

describe('warnings of a folder that was run', () => {
  test('are one line on standard error', async () => {
    const report = testReport([passedTest], { diagnostics: [warning, warning, warning] });
    const ran = await run(['test', 'ops'], { app: { test: () => Promise.resolve(report) } });
    expect(ran.code).toBe(0);
    expect(ran.err).toBe('3 warnings: triggerd check ops\n');
    expect(ran.out).not.toContain('warning');
  });
});

describe('colours', () => {
  const app: Partial<App> = { check: () => Promise.resolve(checkReport([diagnostic()])) };
  const coloured = '\u001b[';

  test.each<
    [what: string, terminal: boolean, environment: Record<string, string>, argv: string[], colour: boolean]
  >([
    ['on a terminal', true, {}, [], true],
    ['not in a pipe', false, {}, [], false],
    ['not with NO_COLOR', true, { NO_COLOR: '1' }, [], false],
    ['with an empty NO_COLOR', true, { NO_COLOR: '' }, [], true],
    ['in a pipe with FORCE_COLOR', false, { FORCE_COLOR: '1' }, [], true],
    ['not with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, [], false],
    ['not with both', false, { NO_COLOR: '1', FORCE_COLOR: '1' }, [], false],
    ['not with --no-color', true, { FORCE_COLOR: '1' }, ['--no-color'], false],
    ['not on a dumb terminal', true, { TERM: 'dumb' }, [], false],
  ])('%s', async (_what, terminal, environment, argv, colour) => {
    const { out } = await run(['check', ...argv], { app, terminal, environment });
    expect(out.includes(coloured)).toBe(colour);
  });

  test('JSON is never coloured', async () => {
    const { out } = await run(['check', '--format', 'json'], { app, terminal: true });
    expect(JSON.parse(out)).toMatchObject({ diagnostics: [{ code: 'unknown-key' }] });
  });
});
