import { Fault } from '../../kernel/fault.js';
import { suggest } from '../../kernel/suggest.js';
import { LAUNCH_STATUSES } from '../../model/outcome.js';
import type { WireLaunch } from '../../model/wire.js';
import { clientOf, DAEMON_OPTIONS, limitOf, PAGE_OPTIONS, timeOf } from '../client/options.js';
import { readPages } from '../client/pages.js';
import { printList } from '../client/print-list.js';
import type { CommandDefinition, CommandInput } from '../command.js';
import { jsonReport } from '../output/json-report.js';
import { groupWords } from '../output/launch-text.js';
import { printable } from '../output/printable.js';
import { storedLaunchText } from '../output/stored-launch-text.js';
import { formatOption } from '../shared-options.js';

export const launches: CommandDefinition = {
  description:
    'Lists the launches of a running daemon, the newest first, or shows one of them in full: its input, and every attempt with its error.',
  arguments: [{ name: 'id', description: 'the launch_id of the one to show', completes: 'nothing' }],
  options: [
    { name: 'trigger', value: 'TRIGGER', description: 'of this trigger only', completes: 'nothing' },
    { name: 'workflow', value: 'WORKFLOW', description: 'of this workflow only', completes: 'nothing' },
    {
      name: 'status',
      value: 'STATUS',
      description: `only these: ${LAUNCH_STATUSES.join(', ')}; may be given several times`,
      repeatable: true,
      completes: 'nothing',
    },
    ...PAGE_OPTIONS,
    ...DAEMON_OPTIONS,
    formatOption(['text', 'json', 'jsonl']),
  ],
  examples: [
    { command: 'triggerd launches', does: 'the newest fifty' },
    { command: 'triggerd launches --status dead --status retrying --since 1d', does: 'what does not work' },
    { command: 'triggerd launches l-4f2a', does: 'one in full, with its attempts' },
    {
      command: 'triggerd launches --all --trigger burst --format jsonl | jq -r .input.region',
      does: 'for other programs',
    },
  ],
  exits: ['printed', null, 'wrong usage, no such launch, or the daemon cannot be reached or refused'],
  async run(input, context) {
    const client = clientOf(input, context);
    const id = input.argument('id');
    if (id !== null) {
      const launch = await client.get<WireLaunch>(`/v1/launches/${encodeURIComponent(id)}`);
      const format = input.value('format') ?? 'text';
      if (format === 'text') context.out(storedLaunchText(launch, context.style));
      else context.out(format === 'json' ? jsonReport(launch) : `${JSON.stringify(launch)}\n`);
      return 0;
    }
    const query = {
      trigger: input.value('trigger'),
      workflow: input.value('workflow'),
      status: statusesOf(input),
      since: timeOf(input, 'since'),
      until: timeOf(input, 'until'),
      order: input.flag('oldest-first') ? 'oldest' : 'newest',
    };
    await printList(readPages<WireLaunch>(client, '/v1/launches', query, limitOf(input)), input, context, {
      name: 'launches',
      columns: [
        { title: 'at' },
        { title: 'status' },
        { title: 'trigger' },
        { title: 'workflow' },
        { title: 'attempts', align: 'right' },
        { title: 'launch_id' },
        { title: 'group' },
      ],
      row: (launch) => [
        ...[launch.at, launch.status, launch.trigger_id, launch.workflow_name].map(printable),
        String(launch.attempts.length),
        printable(launch.launch_id),
        groupWords(launch.group),
      ],
    });
    return 0;
  },
};

function statusesOf(input: CommandInput): readonly string[] {
  const statuses = input.list('status');
  for (const status of statuses) {
    if ((LAUNCH_STATUSES as readonly string[]).includes(status)) continue;
    const near = suggest(status, LAUNCH_STATUSES);
    throw new Fault('usage', `there is no status ${JSON.stringify(status)}`, {
      hint: near === undefined ? `there are ${LAUNCH_STATUSES.join(', ')}` : `did you mean ${near}?`,
    });
  }
  return statuses;
}
