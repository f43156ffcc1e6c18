import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '../../kernel/fault.js';
import type { WireDecision, WireLaunch, WirePage, WireStoredEvent } from '../../model/wire.js';
import type { DaemonClient } from '../client/daemon-client.js';
import { clientOf, DAEMON_OPTIONS } from '../client/options.js';
import { readPages } from '../client/pages.js';
import { Refused } from '../client/refused.js';
import type { CommandDefinition } from '../command.js';
import { type Recording, recordedTest } from '../recording/recorded-test.js';

export const record: CommandDefinition = {
  description:
    'Writes a past launch as a rule test: the events that contributed to it, and the launch that is expected of them. Values that look like secrets are replaced by "[removed]"; read it before you share it all the same. Put it into the rule folder as *.test.yaml.',
  arguments: [{ name: 'launch', description: 'the launch_id', required: true, completes: 'nothing' }],
  options: [
    {
      name: 'out',
      value: 'FILE',
      description: 'write it to a new file; standard output when left out',
    },
    ...DAEMON_OPTIONS,
  ],
  examples: [
    { command: 'triggerd record l-4f2a', does: 'look at it' },
    {
      command: 'triggerd record l-4f2a --out rules/burst.test.yaml && triggerd test rules',
      does: 'keep it, and see it pass',
    },
  ],
  exits: [
    'written',
    null,
    'wrong usage, no such launch, its events are no longer kept, the file is there, or the daemon cannot be reached or refused',
  ],
  async run(input, context) {
    const recording = await readRecording(clientOf(input, context), input.argument('launch') ?? '');
    const text = recordedTest(recording);
    const path = input.value('out');
    if (path === null) context.out(text);
    else writeNewFile(path, text);
    return 0;
  },
};

async function readRecording(client: DaemonClient, launchId: string): Promise<Recording> {
  const launch = await client.get<WireLaunch>(`/v1/launches/${encodeURIComponent(launchId)}`);
  const decision = await findDecision(client, launch);
  const siblings: WireLaunch[] = [];
  for (const id of decision?.launches ?? [launch.launch_id]) {
    const one =
      id === launch.launch_id
        ? launch
        : await client.get<WireLaunch>(`/v1/launches/${encodeURIComponent(id)}`);
    if (one.trigger_id === launch.trigger_id) siblings.push(one);
  }
  const ids = new Set(
    siblings.flatMap((one) => [...one.events, ...(one.event_id === null ? [] : [one.event_id])]),
  );
  const events: WireStoredEvent[] = [];
  for (const id of ids) events.push(await readContributing(client, id, launch));
  return { launch, siblings, decision, events: events.sort((a, b) => a.position - b.position) };
}

/** The decision that made the launch; null when it is no longer kept. */
async function findDecision(client: DaemonClient, launch: WireLaunch): Promise<WireDecision | null> {
  const made = ({ launches }: WireDecision): boolean => launches.includes(launch.launch_id);
  if (launch.event_id !== null) {
    const { items } = await client.get<WirePage<WireDecision>>('/v1/decisions', {
      event: launch.event_id,
      limit: 100,
    });
    const found = items.find(made);
    if (found !== undefined) return found;
  }
  // Of a timer: decided when it was due, or later.
  const query = { trigger: launch.trigger_id, since: launch.at, order: 'oldest' };
  for await (const page of readPages<WireDecision>(client, '/v1/decisions', query, 1_000)) {
    const found = page.find(made);
    if (found !== undefined) return found;
  }
  return null;
}

async function readContributing(
  client: DaemonClient,
  id: string,
  launch: WireLaunch,
): Promise<WireStoredEvent> {
  try {
    return await client.get<WireStoredEvent>(`/v1/events/${encodeURIComponent(id)}`);
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 404) throw error;
    throw new Fault(
      'refused',
      `the event ${id}, which contributed to ${launch.launch_id}, is no longer kept`,
      {
        hint: 'record a newer launch, or keep events longer: retention.age in the settings',
        cause: error,
      },
    );
  }
}

function writeNewFile(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: 'wx' });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new Fault('output-exists', `${path} is already there, and nothing is overwritten`, {
        hint: 'name another file',
      });
    }
    throw new Fault('unreadable', `${path} cannot be written: ${message}`, {
      hint: 'name a file in a folder you may write to',
      cause,
    });
  }
}
