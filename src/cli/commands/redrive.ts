import { Fault } from '../../kernel/fault.js';
import type { WireLaunch } from '../../model/wire.js';
import { jsonBody, type DaemonClient } from '../client/daemon-client.js';
import { clientOf, DAEMON_OPTIONS } from '../client/options.js';
import { readPages } from '../client/pages.js';
import { Refused } from '../client/refused.js';
import type { CommandDefinition, CommandInput } from '../command.js';
import { printable } from '../output/printable.js';
import { statusText } from '../output/stored-launch-text.js';
import { count } from '../output/words.js';

export const redrive: CommandDefinition = {
  description:
    'Tries launches again that are dead, skipped, or wait for their next attempt. Each keeps its launch_id, so that an idempotent workflow does nothing twice, and gets all its attempts anew.',
  arguments: [
    {
      name: 'id',
      description: 'the launch_id of each; or give --dead',
      variadic: true,
      completes: 'nothing',
    },
  ],
  options: [
    { name: 'dead', description: 'all that are dead' },
    {
      name: 'workflow',
      value: 'WORKFLOW',
      description: 'with --dead: of this workflow only',
      completes: 'nothing',
    },
    {
      name: 'trigger',
      value: 'TRIGGER',
      description: 'with --dead: of this trigger only',
      completes: 'nothing',
    },
    ...DAEMON_OPTIONS,
  ],
  examples: [
    { command: 'triggerd redrive l-4f2a l-77c0', does: 'two launches' },
    {
      command: 'triggerd redrive --dead --workflow open-incident',
      does: 'all that failed while the tracker was down',
    },
  ],
  exits: [
    'all of them are tried again',
    'some could not be',
    'wrong usage, no such launch, or the daemon cannot be reached or refused',
  ],
  async run(input, context) {
    const wanted = wantedOf(input);
    const client = clientOf(input, context);
    const ids = wanted ?? (await deadOnes(client, input));
    let failed = 0;
    for (const id of ids) {
      try {
        const launch = await client.post<WireLaunch>(
          `/v1/launches/${encodeURIComponent(id)}/redrive`,
          jsonBody({}),
        );
        context.out(`${printable(launch.launch_id)}  ${statusText(launch.status, context.style)}\n`);
      } catch (error) {
        // One that is under way by now must not keep the others from being tried.
        if (ids.length === 1 || !(error instanceof Refused) || ![404, 409].includes(error.status))
          throw error;
        failed++;
        context.note(`${context.noteStyle.red('error:')} ${printable(id)}: ${error.message}\n`);
      }
    }
    if (ids.length === 0) context.note('there is no dead launch\n');
    if (failed > 0) context.note(`${count(failed, 'launch', 'launches')} not tried again\n`);
    return failed > 0 ? 1 : 0;
  },
};

/** The launches that were named; null for all that are dead. */
function wantedOf(input: CommandInput): readonly string[] | null {
  const ids = [...new Set(input.words('id'))];
  const dead = input.flag('dead');
  const filter = ['workflow', 'trigger'].find((name) => input.value(name) !== null);
  if (ids.length > 0 && dead)
    throw new Fault('usage', 'a launch_id and --dead exclude each other', { hint: 'give one of them' });
  if (!dead && filter !== undefined)
    throw new Fault('usage', `--${filter} needs --dead`, { hint: `triggerd redrive --dead --${filter} …` });
  if (dead) return null;
  if (ids.length > 0) return ids;
  throw new Fault('usage', 'there is no launch to try again', {
    hint: 'name its launch_id, or give --dead; triggerd launches --status dead lists them',
  });
}

async function deadOnes(client: DaemonClient, input: CommandInput): Promise<readonly string[]> {
  const query = {
    status: ['dead'],
    workflow: input.value('workflow'),
    trigger: input.value('trigger'),
    order: 'oldest',
  };
  const ids: string[] = [];
  for await (const page of readPages<WireLaunch>(client, '/v1/launches', query, null))
    ids.push(...page.map(({ launch_id }) => launch_id));
  return ids;
}
