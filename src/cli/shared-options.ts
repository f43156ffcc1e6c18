import { parseDuration } from '../kernel/duration.js';
import { Fault } from '../kernel/fault.js';
import { parseTime } from '../kernel/time.js';
import type { ArgumentDefinition, CommandContext, CommandInput, OptionDefinition } from './command.js';

/** Without `./`, since places are shown as the folder was named. */
const DEFAULT_FOLDER = 'rules';

export const FOLDER_ARGUMENT: ArgumentDefinition = {
  name: 'folder',
  description: 'the rule folder; ./rules when left out',
  completes: 'folders',
};

/** The rule folder that was named, or the one that every command looks for. */
export function folderOf(input: CommandInput): string {
  return input.argument('folder') ?? DEFAULT_FOLDER;
}

/** The event files that were named, by one option or another; a person who is to type events is told so. */
export function eventsOf(
  input: CommandInput,
  context: CommandContext,
  names: readonly string[] = ['events'],
): readonly string[] {
  const events = names.flatMap((name) => input.list(name));
  if (events.includes('-') && context.stdinIsTerminal)
    context.note(context.noteStyle.dim('reading events from the terminal, one a line; Ctrl-D ends them\n'));
  return events;
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
