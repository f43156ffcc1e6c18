import type { CommandDefinition } from './command.js';

/** The exit codes in the words of one command. */
export function exitCodeLines(exits: CommandDefinition['exits']): readonly string[] {
  const [fine, problems, usage] = exits;
  return [
    `  0  ${fine}`,
    ...(problems === null ? [] : [`  1  ${problems}`]),
    `  2  ${usage}`,
    '  3  a fault of triggerd itself',
  ];
}
