import { Fault } from '../../kernel/fault.js';
import type { CommandDefinition } from '../command.js';
import { warningsLine } from '../failure.js';
import { backtestText } from '../output/backtest-text.js';
import {
  FOLDER_ARGUMENT,
  eventsOf,
  folderOf,
  formatOption,
  FULL_OPTION,
  UNTIL_OPTION,
  untilOf,
} from '../shared-options.js';
import { printDiagnosticsOnly } from './diagnostics-only.js';

export const backtest: CommandDefinition = {
  description:
    'Replays recorded events through the rules. With --against the same events run through another version of the folder too, and the difference is printed: launches added, removed and changed in input, by trigger, with the events that cause them.',
  arguments: [FOLDER_ARGUMENT],
  options: [
    {
      name: 'events',
      value: 'FILE',
      description: 'recorded events, or - for standard input; give it several times for several files',
      repeatable: true,
      required: true,
    },
    {
      name: 'against',
      value: 'OLDFOLDER',
      description: 'the rule folder to compare with',
      completes: 'folders',
    },
    UNTIL_OPTION,
    { name: 'fail-on-change', description: 'exit with 1 when the two folders launch differently' },
    FULL_OPTION,
    formatOption(['text', 'json']),
  ],
  examples: [
    { command: 'triggerd backtest --events history.jsonl', does: 'what the rules would have launched' },
    {
      command:
        'git worktree add /tmp/old main && triggerd backtest --events history.jsonl --against /tmp/old/rules',
      does: 'what a branch changes',
    },
    {
      command: 'triggerd backtest --events history.jsonl --against old-rules --fail-on-change rules',
      does: 'refuse a change of behaviour in a build',
    },
  ],
  exits: [
    'the events were replayed',
    'errors in the rule files, an invalid event, or a difference with --fail-on-change',
    'wrong usage, or no such folder or file',
  ],
  async run(input, context) {
    const folder = folderOf(input);
    const until = untilOf(input);
    const against = input.value('against');
    const events = eventsOf(input, context);
    if (input.flag('fail-on-change') && against === null) {
      throw new Fault('usage', '--fail-on-change needs --against', {
        hint: 'name the folder to compare with: --against OLDFOLDER',
      });
    }
    if (against !== null && events.includes('-')) {
      throw new Fault(
        'usage',
        'events from standard input can be read only once, and --against runs them twice',
        {
          hint: 'save them to a file first, and give it with --events',
        },
      );
    }
    const json = input.value('format') === 'json';
    const app = await context.app();
    const report = await printDiagnosticsOnly(json, NOTHING_RUN, context, () =>
      app.backtest({ folder, events, against, until }),
    );
    if (json) context.out((await import('../output/json-report.js')).jsonReport(report));
    else context.out(backtestText(report, context.style, { against, full: input.flag('full') }));
    context.note(warningsLine(report.diagnostics, folder, context.noteStyle));
    const changes = report.added.length + report.removed.length + report.changed.length;
    return input.flag('fail-on-change') && changes > 0 ? 1 : 0;
  },
};

const NOTHING_RUN = {
  schema: 'triggerd/backtest@1',
  events: 0,
  launches: [],
  added: [],
  removed: [],
  changed: [],
} as const;
