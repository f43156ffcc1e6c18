import { parseDuration } from '../../kernel/duration.js';
import { Fault } from '../../kernel/fault.js';
import { parseTime } from '../../kernel/time.js';
import type { CommandContext, CommandInput, OptionDefinition } from '../command.js';
import { type ClientOptions, createDaemonClient, type DaemonClient } from './daemon-client.js';

const DEFAULT_URL = 'http://127.0.0.1:7878';

/** Where the daemon is, and who asks: options of every command that talks to it. */
export const DAEMON_OPTIONS: readonly OptionDefinition[] = [
  {
    name: 'url',
    value: 'URL',
    description: `where the daemon is; TRIGGERD_URL or ${DEFAULT_URL} when left out`,
    completes: 'nothing',
  },
  {
    name: 'token',
    value: 'TOKEN',
    description: 'the token to call with; better in TRIGGERD_TOKEN, where other users do not see it',
    completes: 'nothing',
  },
];

/** The client that the options and the environment ask for. */
export function clientOf(input: CommandInput, context: CommandContext): DaemonClient {
  return createDaemonClient(daemonOf(input, context));
}

/** Which daemon the options and the environment mean, and who asks. */
export function daemonOf(input: CommandInput, { environment }: CommandContext): ClientOptions {
  return {
    url: input.value('url') ?? (environment['TRIGGERD_URL'] || DEFAULT_URL),
    token: input.value('token') ?? (environment['TRIGGERD_TOKEN'] || null),
  };
}

/** Which events, by their type. */
export const TYPE_OPTION: OptionDefinition = {
  name: 'type',
  value: 'TYPE',
  description: 'of this type only, or order.* for all that begin so; may be given several times',
  repeatable: true,
  completes: 'nothing',
};

/** Which part of a long list. */
export const PAGE_OPTIONS: readonly OptionDefinition[] = [
  {
    name: 'since',
    value: 'TIME',
    description: 'not before this: an RFC 3339 time, or a duration back from now like 1h',
    completes: 'nothing',
  },
  { name: 'until', value: 'TIME', description: 'before this, likewise', completes: 'nothing' },
  { name: 'limit', value: 'NUMBER', description: 'how many at most; 50 when left out', completes: 'nothing' },
  { name: 'all', description: 'as many as there are' },
  { name: 'oldest-first', description: 'from the oldest on; the newest come first when left out' },
];

const DEFAULT_LIMIT = 50;

/** How many a list is to have at most; null = all. */
export function limitOf(input: CommandInput): number | null {
  const text = input.value('limit');
  if (input.flag('all')) {
    if (text !== null)
      throw new Fault('usage', '--all and --limit exclude each other', { hint: 'give one of them' });
    return null;
  }
  if (text === null) return DEFAULT_LIMIT;
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0) {
    throw new Fault('usage', `--limit takes a whole number from 1, not ${JSON.stringify(text)}`, {
      hint: 'write --limit 200, or --all',
    });
  }
  return Number(text);
}

/** A time as the daemon reads it: RFC 3339, or a duration back from now. */
export function timeOf(input: CommandInput, name: 'since' | 'until'): string | null {
  const text = input.value(name);
  if (text !== null && parseTime(text) === undefined && parseDuration(text) === undefined) {
    throw new Fault('usage', `--${name} takes a time or a duration, not ${JSON.stringify(text)}`, {
      hint: `write --${name} 2026-01-01T12:00:00Z, or 1h for an hour ago`,
    });
  }
  return text;
}
