import type { CommandDefinition, Example } from './command.js';
import { exitCodeLines } from './exit-codes.js';

const OVERVIEW_EXAMPLES: readonly Example[] = [
  { command: 'triggerd init', does: 'make a starter folder ./rules' },
  { command: 'triggerd check', does: 'find every mistake in ./rules' },
  {
    command: 'triggerd dry-run --events rules/samples/events.jsonl',
    does: 'see what sample events would launch',
  },
  { command: 'triggerd test', does: 'run the rule tests' },
];

function exampleLines(examples: readonly Example[]): readonly string[] {
  return examples.flatMap(({ command, does }) => [`  # ${does}`, `  ${command}`]);
}

/** What stands below the options in the overview. */
export function overviewFooter(): string {
  return [
    '',
    'Examples:',
    ...exampleLines(OVERVIEW_EXAMPLES),
    '',
    'Exit codes:',
    ...exitCodeLines([
      'fine',
      'problems in rules or events, or failed expectations',
      'wrong usage or settings',
    ]),
    '',
    'triggerd COMMAND --help says more about a command.',
  ].join('\n');
}

/** What stands below the options in a command's help. */
export function commandFooter(command: CommandDefinition): string {
  return [
    '',
    'Examples:',
    ...exampleLines(command.examples),
    '',
    'Exit codes:',
    ...exitCodeLines(command.exits),
  ].join('\n');
}
