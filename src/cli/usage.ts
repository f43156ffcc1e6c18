import { CommanderError } from 'commander';
import { Fault } from '../kernel/fault.js';
import { COMMANDS } from './command-table.js';

/**
 * What commander threw, as a Fault with a hint; 'help' when it was not an error but help that has been written, and
 * undefined when it is not commander's.
 */
export function usageFault(error: unknown, argv: readonly string[]): Fault | 'help' | undefined {
  if (!(error instanceof CommanderError)) return undefined;
  if (error.exitCode === 0) return 'help';
  // With its suggestion, when it has one, on a second line: `(Did you mean --format?)`.
  const [first = '', ...rest] = error.message.split('\n');
  const suggestion = /^\(Did you mean (.*)\?\)$/.exec(rest.join(' '))?.[1];
  const command = COMMANDS.find(({ name }) => argv.includes(name))?.name;
  const message = first.replace(/^error: /, '').replace(/\.$/, '');
  return new Fault('usage', message, { hint: hintFor(error.code, suggestion, command, argv) });
}

function hintFor(
  code: string,
  suggestion: string | undefined,
  command: string | undefined,
  argv: readonly string[],
): string {
  const help = `triggerd ${command === undefined ? '' : `${command} `}--help`;
  if (suggestion !== undefined) return `did you mean ${suggestion}? ${help} lists what there is`;
  if (code === 'commander.excessArguments' && argv.some((word) => word.startsWith('--event')))
    return `several event files need an --events each, and there is one folder; see ${help}`;
  return `see ${help}`;
}
