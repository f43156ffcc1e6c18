import { Fault } from '../../kernel/fault.js';
import type { CommandDefinition } from '../command.js';
import { warningsLine } from '../failure.js';
import { explainText } from '../output/explain-text.js';
import { FOLDER_ARGUMENT, eventsOf, folderOf, formatOption } from '../shared-options.js';
import { printDiagnosticsOnly } from './diagnostics-only.js';

export const explain: CommandDefinition = {
  description:
    'Says why one trigger does or does not fire: every test with the value wanted, the value found and the line in the rule file. Several events are run in order, so that conditions which remember can be explained too; the verdict on each is printed.',
  arguments: [
    { name: 'trigger', description: 'the trigger_id', required: true, completes: 'nothing' },
    FOLDER_ARGUMENT,
  ],
  options: [
    {
      name: 'event',
      value: 'FILE',
      description:
        'the event, or several, as JSON, JSON Lines or YAML; - reads JSON Lines from standard input',
      repeatable: true,
    },
    // The other commands' word for it.
    { name: 'events', value: 'FILE', description: 'the same as --event', repeatable: true, hidden: true },
    formatOption(['text', 'json']),
  ],
  examples: [
    {
      command: 'triggerd explain checkout-error-burst --event failed.json',
      does: 'why this event does or does not fire it',
    },
    {
      command:
        'jq -c \'select(.event_id == "e-17")\' log.jsonl | triggerd explain payment-large --event - rules',
      does: 'one event out of a log',
    },
  ],
  exits: [
    'explained, whether or not it fires',
    'errors in the rule files, or an invalid event',
    'wrong usage, or no such trigger, folder or file',
  ],
  async run(input, context) {
    const folder = folderOf(input);
    const events = eventsOf(input, context, ['event', 'events']);
    if (events.length === 0) {
      throw new Fault('usage', "required option '--event <FILE>' not specified", {
        hint: 'give the event as JSON, for example --event failed.json, or - for standard input',
      });
    }
    const trigger = input.argument('trigger') ?? '';
    const json = input.value('format') === 'json';
    const nothing = { schema: 'triggerd/explain@1', trigger_id: trigger, why: [] } as const;
    const app = await context.app();
    const report = await printDiagnosticsOnly(json, nothing, context, () =>
      app.explain({ folder, trigger, events }),
    );
    if (json) context.out((await import('../output/json-report.js')).jsonReport(report));
    else context.out(explainText(report, context.style));
    context.note(warningsLine(report.diagnostics, folder, context.noteStyle));
    if (report.why.length === 0 && !json)
      context.note(`${context.noteStyle.cyan('hint:')} the event files hold no event\n`);
    return 0;
  },
};
