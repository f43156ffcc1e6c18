import { parseDuration } from '../../kernel/duration.js';
import { Fault } from '../../kernel/fault.js';
import { parseTime } from '../../kernel/time.js';
import type { WireSnooze, WireSnoozed } from '../../model/wire.js';
import { jsonBody } from '../client/daemon-client.js';
import { clientOf, DAEMON_OPTIONS } from '../client/options.js';
import type { CommandDefinition, CommandInput } from '../command.js';
import { printable } from '../output/printable.js';

export const snooze: CommandDefinition = {
  description:
    'Silences a trigger of a running daemon for a while: it goes on counting and deciding, and launches nothing until the time has come.',
  arguments: [{ name: 'trigger', description: 'the trigger_id', required: true, completes: 'nothing' }],
  options: [
    { name: 'for', value: 'DURATION', description: 'from now on for so long, like 2h', completes: 'nothing' },
    { name: 'until', value: 'TIME', description: 'until this time, RFC 3339', completes: 'nothing' },
    { name: 'end', description: 'let it launch again' },
    ...DAEMON_OPTIONS,
  ],
  examples: [
    { command: 'triggerd snooze checkout-error-burst --for 2h', does: 'while the checkout is mended' },
    { command: 'triggerd snooze checkout-error-burst --end', does: 'it is mended already' },
  ],
  exits: ['done', null, 'wrong usage, no such trigger, or the daemon cannot be reached or refused'],
  async run(input, context) {
    const trigger = input.argument('trigger') ?? '';
    const body: WireSnooze = { until: untilOf(input) };
    const { trigger_id, snoozed_until } = await clientOf(input, context).post<WireSnoozed>(
      `/v1/triggers/${encodeURIComponent(trigger)}/snooze`,
      jsonBody(body),
    );
    const words = snoozed_until === null ? 'may launch again' : `launches nothing until ${snoozed_until}`;
    context.out(`${printable(trigger_id)} ${words}\n`);
    return 0;
  },
};

/** As the daemon reads it: a duration from now, a time, or null for none. */
function untilOf(input: CommandInput): string | null {
  const duration = input.value('for');
  const time = input.value('until');
  const given = [duration !== null, time !== null, input.flag('end')].filter(Boolean).length;
  if (given !== 1) {
    const message = given === 0 ? 'for how long is not said' : '--for, --until and --end exclude each other';
    throw new Fault('usage', message, { hint: 'write --for 2h, --until 2026-01-01T12:00:00Z, or --end' });
  }
  if (duration !== null && !((parseDuration(duration) ?? 0) > 0)) {
    throw new Fault('usage', `--for takes a duration, not ${JSON.stringify(duration)}`, {
      hint: 'write --for 2h, or 30m, or 1d12h',
    });
  }
  if (time !== null && parseTime(time) === undefined) {
    throw new Fault('usage', `--until takes a time, not ${JSON.stringify(time)}`, {
      hint: 'write --until 2026-01-01T12:00:00Z',
    });
  }
  return duration ?? time;
}
