import { type Json, setOwn } from '../../kernel/json.js';
import type { WireReset, WireResetDone } from '../../model/wire.js';
import { jsonBody } from '../client/daemon-client.js';
import { clientOf, DAEMON_OPTIONS } from '../client/options.js';
import { parsePathValue } from '../client/path-values.js';
import type { CommandDefinition, CommandInput } from '../command.js';
import { printable } from '../output/printable.js';
import { count } from '../output/words.js';

export const reset: CommandDefinition = {
  description:
    'Makes a trigger of a running daemon forget what it remembers: windows, sequences, deadlines, cooldowns and counts, of one group or of all. Launches that were decided are not touched.',
  arguments: [{ name: 'trigger', description: 'the trigger_id', required: true, completes: 'nothing' }],
  options: [
    {
      name: 'group',
      value: 'PATH=VALUE',
      description:
        'only the group with this value of a group_by path; give it once for each path. What is JSON is that value, else it is a text',
      repeatable: true,
      completes: 'nothing',
    },
    ...DAEMON_OPTIONS,
  ],
  examples: [
    { command: 'triggerd reset checkout-error-burst', does: 'all groups' },
    { command: 'triggerd reset checkout-error-burst --group payload.region=eu', does: 'one of them' },
  ],
  exits: ['forgotten', null, 'wrong usage, no such trigger, or the daemon cannot be reached or refused'],
  async run(input, context) {
    const trigger = input.argument('trigger') ?? '';
    const body: WireReset = { group: groupOf(input) };
    const done = await clientOf(input, context).post<WireResetDone>(
      `/v1/triggers/${encodeURIComponent(trigger)}/reset`,
      jsonBody(body),
    );
    context.out(`${printable(done.trigger_id)} forgot ${count(done.groups, 'group')}\n`);
    return 0;
  },
};

function groupOf(input: CommandInput): Readonly<Record<string, Json>> | null {
  const texts = input.list('group');
  if (texts.length === 0) return null;
  const group: Record<string, Json> = {};
  for (const text of texts) {
    const { path, value } = parsePathValue(text, 'group');
    setOwn(group, path, value);
  }
  return group;
}
