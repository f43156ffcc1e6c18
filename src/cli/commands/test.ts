import { Fault } from '../../kernel/fault.js';
import type { TestReport } from '../../model/report.js';
import type { CommandContext, CommandDefinition } from '../command.js';
import { warningsLine } from '../failure.js';
import { testText } from '../output/test-text.js';
import { FOLDER_ARGUMENT, folderOf, formatOption } from '../shared-options.js';
import { printDiagnosticsOnly } from './diagnostics-only.js';
import { writeReportFile } from './report-file.js';

export const test: CommandDefinition = {
  description:
    'Runs the tests: of a rule folder, each on a virtual clock of its own. A failure shows what was expected and what happened beside each other. Coverage counts the triggers that fired in a test, and the condition branches that were seen both to hold and to fail.',
  arguments: [FOLDER_ARGUMENT],
  options: [
    {
      name: 'run',
      value: 'REGEX',
      description: 'only the tests whose name the regular expression finds a match in',
      completes: 'nothing',
    },
    { name: 'coverage', description: 'say what the tests cover, and what not' },
    {
      name: 'min-coverage',
      value: 'PERCENT',
      description: 'fail when fewer of the triggers, or fewer of the condition branches, are covered',
      completes: 'nothing',
    },
    { name: 'fail-on-empty', description: 'fail when there is no test to run' },
    { name: 'junit', value: 'FILE', description: 'also write the results as JUnit XML' },
    formatOption(['text', 'json']),
  ],
  examples: [
    { command: 'triggerd test', does: 'all tests of ./rules' },
    { command: "triggerd test --run 'burst|cooldown' rules", does: 'some of them' },
    {
      command: 'triggerd test --coverage --min-coverage 80 --fail-on-empty --junit results.xml',
      does: 'for a build server',
    },
  ],
  exits: [
    'all tests passed',
    'a test failed, too little is covered, or the rule files have errors',
    'wrong usage, or no such folder',
  ],
  async run(input, context) {
    const folder = folderOf(input);
    const minCoverage = percentOf(input.value('min-coverage'));
    const json = input.value('format') === 'json';
    const app = await context.app();
    const report = await printDiagnosticsOnly(json, NOTHING_RUN, context, () =>
      app.test({ folder, run: input.value('run') }),
    );
    const junit = input.value('junit');
    if (junit !== null) writeReportFile(junit, (await import('../output/test-junit.js')).testJunit(report));
    const coverage = input.flag('coverage') || minCoverage !== null;
    if (json) context.out((await import('../output/json-report.js')).jsonReport(report));
    else context.out(testText(report, context.style, { coverage }));
    context.note(warningsLine(report.diagnostics, folder, context.noteStyle));
    const problems = [
      ...coverageProblems(report, minCoverage),
      ...emptyProblems(report, input.flag('fail-on-empty')),
    ];
    for (const problem of problems) note(context, problem);
    return report.failed > 0 || problems.length > 0 ? 1 : 0;
  },
};

const NOTHING_RUN = {
  schema: 'triggerd/test@1',
  passed: 0,
  failed: 0,
  tests: [],
  coverage: { triggers: 0, branches: 0, uncovered: [] },
} as const;

function note(context: CommandContext, problem: string): void {
  context.note(`${context.noteStyle.red('error:')} ${problem}\n`);
}

function percentOf(text: string | null): number | null {
  if (text === null) return null;
  const percent = Number(text.replace(/%$/, ''));
  if (text.trim() === '' || !(percent >= 0 && percent <= 100)) {
    throw new Fault('usage', `--min-coverage takes a number from 0 to 100, not ${JSON.stringify(text)}`, {
      hint: 'write --min-coverage 80 for eighty percent',
    });
  }
  return percent;
}

function coverageProblems({ coverage }: TestReport, minimum: number | null): readonly string[] {
  if (minimum === null) return [];
  const parts = [
    ['triggers', coverage.triggers],
    ['condition branches', coverage.branches],
  ] as const;
  return parts
    .filter(([, percent]) => percent < minimum)
    .map(
      ([what, percent]) => `only ${percent} % of the ${what} are covered, at least ${minimum} % are wanted`,
    );
}

function emptyProblems(report: TestReport, failOnEmpty: boolean): readonly string[] {
  return failOnEmpty && report.tests.length === 0 ? ['there is no test to run'] : [];
}
