import type { CommandDefinition } from '../command.js';
import { checkText } from '../output/check-text.js';
import { FOLDER_ARGUMENT, eventsOf, folderOf, formatOption } from '../shared-options.js';

const FORMATS = ['text', 'json', 'github', 'sarif', 'junit'] as const;

export const check: CommandDefinition = {
  description:
    'Loads a rule folder as it would be run and reports everything that is wrong or doubtful in it at once: where, what, and how to mend it. With --events it also finds tests of fields that the sample events never have, or have with another type.',
  arguments: [FOLDER_ARGUMENT],
  options: [
    {
      name: 'events',
      value: 'FILE',
      description: 'sample events to hold the field tests against; give it several times for several files',
      repeatable: true,
    },
    { name: 'strict', description: 'count warnings as errors' },
    formatOption(FORMATS),
  ],
  examples: [
    { command: 'triggerd check', does: 'check ./rules' },
    {
      command: 'triggerd check --strict --events rules/samples/events.jsonl rules',
      does: 'warnings are errors, and fields are compared with sample events',
    },
    { command: 'triggerd check --format github', does: 'annotate a pull request in GitHub Actions' },
    { command: 'triggerd check --format sarif > triggerd.sarif', does: 'a report for code scanning' },
  ],
  exits: ['no errors (there may be warnings)', 'errors in the rule files', 'wrong usage, or no such folder'],
  async run(input, context) {
    const strict = input.flag('strict');
    const app = await context.app();
    const report = await app.check({ folder: folderOf(input), events: eventsOf(input, context), strict });
    switch (input.value('format') ?? 'text') {
      case 'json':
        context.out((await import('../output/json-report.js')).jsonReport(report));
        break;
      case 'github':
        context.out((await import('../output/check-github.js')).checkGithub(report));
        break;
      case 'sarif':
        context.out((await import('../output/check-sarif.js')).checkSarif(report, context.version));
        break;
      case 'junit':
        context.out((await import('../output/check-junit.js')).checkJunit(report));
        break;
      default:
        context.out(checkText(report, context.style));
    }
    return report.diagnostics.some((diagnostic) => diagnostic.severity === 'error') ? 1 : 0;
  },
};
