import type { CommandContext, CommandDefinition, CommandInput } from '../command.js';
import { diagnosticsIn, warningsLine } from '../failure.js';
import { createDryRunJson, createDryRunJsonLines, type DryRunWriter } from '../output/dry-run-json.js';
import { createDryRunText, nothingLaunchedHint } from '../output/dry-run-text.js';
import {
  FOLDER_ARGUMENT,
  eventsOf,
  folderOf,
  formatOption,
  FULL_OPTION,
  UNTIL_OPTION,
  untilOf,
} from '../shared-options.js';

const FORMATS = ['text', 'json', 'jsonl'] as const;

export const dryRun: CommandDefinition = {
  description:
    'Runs sample events through the rules under a virtual clock, launching nothing: prints each launch with its input as it is decided, then what was suppressed, near misses, events that nothing took and triggers that never fired. Event files are JSON Lines (.jsonl, .ndjson), JSON or YAML; - reads JSON Lines from standard input.',
  arguments: [FOLDER_ARGUMENT],
  options: [
    {
      name: 'events',
      value: 'FILE',
      description: 'sample events, or - for standard input; give it several times for several files',
      repeatable: true,
      required: true,
    },
    { name: 'explain', description: 'add every test with the value wanted and the value found' },
    UNTIL_OPTION,
    FULL_OPTION,
    formatOption(FORMATS),
  ],
  examples: [
    { command: 'triggerd dry-run --events rules/samples/events.jsonl', does: 'what would launch' },
    {
      command: 'triggerd dry-run --events monday.jsonl --events tuesday.jsonl --until 1h other-rules',
      does: 'two files in order, then one hour more for the timers',
    },
    {
      command: 'tail -n 1000 events.jsonl | triggerd dry-run --events - --explain',
      does: 'events from another program, with the reasons',
    },
    {
      command: "triggerd dry-run --events big.jsonl --format jsonl | jq -c 'select(.launch)'",
      does: 'launches one a line, for other programs',
    },
  ],
  exits: [
    'the events were run, whether or not anything launched',
    'errors in the rule files, or an invalid event',
    'wrong usage, or no such folder or file',
  ],
  async run(input, context) {
    const folder = folderOf(input);
    const until = untilOf(input);
    const writer = writerFor(input, context);
    try {
      const app = await context.app();
      const report = await app.dryRun({
        folder,
        events: eventsOf(input, context),
        explain: input.flag('explain'),
        until,
        sink: writer.sink,
      });
      writer.finish(report);
      context.note(warningsLine(report.diagnostics, folder, context.noteStyle));
      const hint = nothingLaunchedHint(report);
      if (hint !== null && isText(input)) context.note(`${context.noteStyle.cyan('hint:')} ${hint}\n`);
      return 0;
    } catch (error) {
      const diagnostics = diagnosticsIn(error);
      if (diagnostics.length > 0 && !isText(input)) writer.finish({ ...NOTHING_RUN, diagnostics });
      else writer.fail(error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      writer.close();
    }
  },
};

/** What a program reads when the rules have errors: nothing was run, and the diagnostics say why. */
const NOTHING_RUN = {
  schema: 'triggerd/dry-run@1',
  events: 0,
  triggers: 0,
  launches: [],
  suppressed: [],
  unaccepted_events: [],
  never_fired: [],
  near_misses: [],
  by_trigger: [],
  duplicate_events: 0,
  left_out: {},
} as const;

function isText(input: CommandInput): boolean {
  return (input.value('format') ?? 'text') === 'text';
}

function writerFor(input: CommandInput, context: CommandContext): DryRunWriter {
  const write = (text: string): void => context.out(text);
  switch (input.value('format') ?? 'text') {
    case 'json':
      return createDryRunJson(write);
    case 'jsonl':
      return createDryRunJsonLines(write);
    default:
      return createDryRunText(write, { style: context.style, full: input.flag('full') });
  }
}
