import { parseDuration } from '../kernel/duration.js';
import { Fault } from '../kernel/fault.js';
import { parseTime } from '../kernel/time.js';
import type { ArgumentDefinition, CommandInput, OptionDefinition } from './command.js';

const DEFAULT_FOLDER = './rules';

export const FOLDER_ARGUMENT: ArgumentDefinition = {
  name: 'folder',
  description: `the rule folder (${DEFAULT_FOLDER} when left out)`,
  completes: 'folders',
};

/** The rule folder that was named, or the one that every command looks for. */
export function folderOf(input: CommandInput): string {
  return input.argument('folder') ?? DEFAULT_FOLDER;
}

export const UNTIL_OPTION: OptionDefinition = {
  name: 'until',
  value: 'TIME',
  description:
    'run the clock on after the last event, so that timers fire: an RFC 3339 time, or a duration like 10m',
  completes: 'nothing',
};

/** The `--until` that was given, checked. */
export function untilOf(input: CommandInput): string | null {
  const text = input.value('until');
  if (text !== null && parseTime(text) === undefined && parseDuration(text) === undefined) {
    throw new Fault('usage', `--until takes a time or a duration, not ${JSON.stringify(text)}`, {
      hint: 'write 2026-01-01T12:00:00Z, or 10m for ten minutes after the last event',
    });
  }
  return text;
}

export function formatOption(choices: readonly string[]): OptionDefinition {
  return {
    name: 'format',
    value: 'FORMAT',
    description: `how to print; ${choices[0]} when left out`,
    choices,
    completes: 'nothing',
  };
}

export const FULL_OPTION: OptionDefinition = {
  name: 'full',
  description: 'leave nothing out: whole inputs with the event in them, whole lists',
};
