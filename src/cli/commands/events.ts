import type { WireStoredEvent } from '../../model/wire.js';
import { clientOf, DAEMON_OPTIONS, limitOf, PAGE_OPTIONS, timeOf, TYPE_OPTION } from '../client/options.js';
import { readPages } from '../client/pages.js';
import { printList } from '../client/print-list.js';
import type { CommandDefinition } from '../command.js';
import { jsonReport } from '../output/json-report.js';
import { storedEventText } from '../output/stored-event-text.js';
import { printable } from '../output/printable.js';
import { formatOption } from '../shared-options.js';

export const events: CommandDefinition = {
  description:
    'Lists the events that a running daemon has taken, the newest first, or shows one of them in full. With --format jsonl they are what dry-run and backtest read, once each line is reduced to its event.',
  arguments: [{ name: 'id', description: 'the event_id of the one to show', completes: 'nothing' }],
  options: [
    TYPE_OPTION,
    {
      name: 'after',
      value: 'POSITION',
      description: 'behind this position of the journal only',
      completes: 'nothing',
    },
    ...PAGE_OPTIONS,
    ...DAEMON_OPTIONS,
    formatOption(['text', 'json', 'jsonl']),
  ],
  examples: [
    { command: 'triggerd events --type order.* --since 1h', does: 'what came in during the last hour' },
    { command: 'triggerd events e-17', does: 'one event in full' },
    {
      command: 'triggerd events --all --oldest-first --format jsonl | jq -c .event > history.jsonl',
      does: 'recorded events, for triggerd backtest --events history.jsonl',
    },
  ],
  exits: ['printed', null, 'wrong usage, no such event, or the daemon cannot be reached or refused'],
  async run(input, context) {
    const client = clientOf(input, context);
    const id = input.argument('id');
    if (id !== null) {
      const stored = await client.get<WireStoredEvent>(`/v1/events/${encodeURIComponent(id)}`);
      const format = input.value('format') ?? 'text';
      if (format === 'text') context.out(storedEventText(stored, context.style));
      else context.out(format === 'json' ? jsonReport(stored) : `${JSON.stringify(stored)}\n`);
      return 0;
    }
    const query = {
      type: input.list('type'),
      after: input.value('after'),
      since: timeOf(input, 'since'),
      until: timeOf(input, 'until'),
      order: input.flag('oldest-first') ? 'oldest' : 'newest',
    };
    await printList(readPages<WireStoredEvent>(client, '/v1/events', query, limitOf(input)), input, context, {
      name: 'events',
      columns: [
        { title: 'position', align: 'right' },
        { title: 'received' },
        { title: 'event_type' },
        { title: 'event_id' },
        { title: 'priority' },
        { title: 'source' },
      ],
      row: ({ position, received_at, event }) =>
        [String(position), received_at, event.event_type, event.event_id, event.priority, event.source].map(
          printable,
        ),
    });
    return 0;
  },
};
