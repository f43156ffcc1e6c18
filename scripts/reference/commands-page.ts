import type { CommandDefinition, CommandEntry, OptionDefinition } from '../../src/cli/command.js';
import { block, code, codes, type Page, sentence, table } from './markdown.js';

/** Every command with its options. */
export async function commandsPage(entries: readonly CommandEntry[]): Promise<Page> {
  const commands = await Promise.all(
    entries.map(async (entry) => ({ entry, definition: await entry.load() })),
  );
  return {
    name: 'commands',
    title: 'Command line',
    about: 'every command with its options, examples and exit codes',
    parts: [
      '`triggerd <command> --help` prints the same. A folder that is left out is `./rules`. Results go to standard output, everything else to standard error; `NO_COLOR` is honoured. Exit codes mean the same for every command; see [codes](codes.md#exit-codes).',
      table(
        ['command', 'does'],
        entries.map(({ name, summary }) => [`[${code(name)}](#triggerd-${name})`, sentence(summary)]),
      ),
      ...commands.flatMap(({ entry, definition }) => command(entry, definition)),
    ],
  };
}

function command({ name }: CommandEntry, definition: CommandDefinition): readonly string[] {
  const { description, examples, exits } = definition;
  const options = definition.options.filter((option) => !option.hidden);
  const words = definition.arguments.map(({ name: word, required, variadic }) => {
    const shown = `${word}${variadic ? '…' : ''}`;
    return required ? `<${shown}>` : `[${shown}]`;
  });
  const [fine, problems, usage] = exits;
  return [
    `## triggerd ${name}`,
    description,
    block('sh', ['triggerd', name, ...(options.length > 0 ? ['[options]'] : []), ...words].join(' ')),
    definition.arguments.length === 0
      ? ''
      : table(
          ['argument', 'meaning'],
          definition.arguments.map((argument) => [code(argument.name), sentence(argument.description)]),
        ),
    options.length === 0 ? '' : table(['option', 'meaning'], options.map(optionRow)),
    'Examples:',
    block('sh', examples.map((example) => `${example.command}   # ${example.does}`).join('\n')),
    table(
      ['exit code', 'when'],
      [
        ['0', sentence(fine)],
        ...(problems === null ? [] : [['1', sentence(problems)]]),
        ['2', sentence(usage)],
      ],
    ),
  ];
}

function optionRow({ name, value, description, choices, repeatable, required }: OptionDefinition): string[] {
  return [
    `${code(`--${name}${value === undefined ? '' : ` ${value}`}`)}${required === true ? ' (required)' : ''}`,
    [
      sentence(description),
      choices === undefined ? '' : `One of ${codes(choices)}.`,
      repeatable === true && !/several times/.test(description) ? 'It may be given several times.' : '',
    ]
      .filter(Boolean)
      .join(' '),
  ];
}
