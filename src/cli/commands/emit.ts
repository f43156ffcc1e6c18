import { PRIORITIES } from '../../model/event.js';
import { Fault } from '../../kernel/fault.js';
import { EVENT_OPTIONS, eventFromOptions, eventsFromFiles } from '../client/event-input.js';
import { createEventSender, type Receipt } from '../client/event-sender.js';
import { clientOf, DAEMON_OPTIONS } from '../client/options.js';
import type { CommandContext, CommandDefinition, CommandInput } from '../command.js';
import { jsonReport } from '../output/json-report.js';
import { printable } from '../output/printable.js';
import { receiptText } from '../output/receipt-text.js';
import { count } from '../output/words.js';
import { formatOption } from '../shared-options.js';

export const emit: CommandDefinition = {
  description:
    'Sends events to a running daemon: one that the options describe, or those of files (JSON Lines, JSON or YAML, as dry-run reads them). Prints the id of each event once it is durable and decided. Every event has an id before it is sent, so that what is sent again after a broken connection is taken once.',
  arguments: [
    { name: 'type', description: 'the event_type of the event; or give --file', completes: 'nothing' },
  ],
  options: [
    {
      name: 'file',
      value: 'FILE',
      description: 'events to send, or - for standard input; give it several times for several files',
      repeatable: true,
    },
    { name: 'payload', value: 'JSON', description: 'the payload, as JSON', completes: 'nothing' },
    {
      name: 'field',
      value: 'PATH=VALUE',
      description:
        'one field of the event, like payload.order.total=5; what is JSON is that value, else it is a text',
      repeatable: true,
      completes: 'nothing',
    },
    { name: 'priority', value: 'PRIORITY', description: 'normal when left out', choices: PRIORITIES },
    { name: 'source', value: 'TEXT', description: 'who says so', completes: 'nothing' },
    { name: 'target', value: 'TEXT', description: 'whom it is about', completes: 'nothing' },
    { name: 'session', value: 'ID', description: 'the session_id', completes: 'nothing' },
    { name: 'user', value: 'ID', description: 'the user_id', completes: 'nothing' },
    { name: 'correlation', value: 'ID', description: 'the correlation_id', completes: 'nothing' },
    { name: 'channel', value: 'TEXT', description: 'the channel', completes: 'nothing' },
    {
      name: 'id',
      value: 'ID',
      description: 'the event_id; a new one when left out',
      completes: 'nothing',
    },
    {
      name: 'timestamp',
      value: 'TIME',
      description: 'when it happened, RFC 3339; when it arrives when left out',
      completes: 'nothing',
    },
    { name: 'cloudevents', description: 'send them as CloudEvents 1.0' },
    { name: 'wait', description: 'show what each event led to: launches, and what a gate held back' },
    ...DAEMON_OPTIONS,
    formatOption(['text', 'json', 'jsonl']),
  ],
  examples: [
    {
      command: 'triggerd emit order.paid --payload \'{"total": 120}\' --priority high --wait',
      does: 'one event, and what it launches',
    },
    {
      command: 'triggerd emit user.action --field payload.name=login --user u-17',
      does: 'fields one by one',
    },
    { command: 'triggerd emit --file events.jsonl', does: 'many events' },
    {
      command: 'tail -F shop.log | jq -c --unbuffered .event | triggerd emit --file -',
      does: 'what another program says',
    },
  ],
  exits: [
    'all events were taken; duplicates are',
    'an event is invalid, or the daemon refused some',
    'wrong usage, no such file, or the daemon cannot be reached or refused the request',
  ],
  async run(input, context) {
    const batches = batchesOf(input, context);
    const decisions = input.flag('wait');
    const format = input.value('format') ?? 'text';
    const receipts: Receipt[] = [];
    const refused: { readonly event_id: string; readonly problem: string }[] = [];
    const { noteStyle } = context;
    const sender = createEventSender({
      client: clientOf(input, context),
      cloudEvents: input.flag('cloudevents'),
      decisions,
      wait: (delayMs) => context.wait(delayMs),
      taken(taken) {
        for (const receipt of taken) {
          if (format === 'text') context.out(receiptText(receipt, context.style, decisions));
          else if (format === 'jsonl') context.out(`${JSON.stringify(receipt)}\n`);
          else receipts.push(receipt);
        }
      },
      refused(event, problem, hint) {
        refused.push({ event_id: event.event.event_id, problem });
        context.note(`${noteStyle.red('error:')} ${printable(`${event.place}: ${problem}`)}\n`);
        if (hint !== null) context.note(`${noteStyle.cyan('hint:')} ${printable(hint)}\n`);
      },
      waiting(delayMs, reason) {
        context.note(noteStyle.dim(`${reason}; trying again in ${delayMs / 1_000} s\n`));
      },
    });
    try {
      for await (const batch of batches) await sender.send(batch);
    } finally {
      if (format === 'json') context.out(jsonReport({ events: receipts, refused }));
    }
    if (refused.length > 0) context.note(`${count(refused.length, 'event')} refused\n`);
    return refused.length > 0 ? 1 : 0;
  },
};

function batchesOf(input: CommandInput, context: CommandContext) {
  const type = input.argument('type');
  const files = input.list('file');
  if (files.length === 0) {
    if (type !== null) return [[eventFromOptions(type, input, context)]];
    throw new Fault('usage', 'there is no event to send', {
      hint: "name its type, as in triggerd emit order.paid --payload '{…}', or give --file FILE",
    });
  }
  const other = EVENT_OPTIONS.find((name) => input.value(name) !== null || input.list(name).length > 0);
  if (type !== null || other !== undefined) {
    const what = type === null ? `--${other ?? ''}` : `the type ${JSON.stringify(type)}`;
    throw new Fault('usage', `--file and ${what} exclude each other`, {
      hint: 'write the fields into the events of the file',
    });
  }
  if (files.includes('-') && context.stdinIsTerminal)
    context.note(context.noteStyle.dim('reading events from the terminal, one a line; Ctrl-D ends them\n'));
  return eventsFromFiles(files, context);
}
