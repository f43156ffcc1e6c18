import {
  argumentWords,
  COMMON_OPTIONS,
  valueWords,
  visibleOptions,
  type CompletableCommand,
  type ValueWords,
} from './commands.js';

/** A completion script for fish: `triggerd completion fish | source`. */
export function fishScript(commands: readonly CompletableCommand[], schemas: readonly string[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  return [
    '# fish completion for triggerd',
    'complete -c triggerd -f',
    ...commands.map(
      ({ name, summary }) =>
        `complete -c triggerd -n 'not __fish_seen_subcommand_from ${names}' -a ${name} -d ${fishQuoted(summary)}`,
    ),
    "complete -c triggerd -l version -d 'print the version'",
    ...COMMON_OPTIONS.map(
      ({ name, description }) => `complete -c triggerd -l ${name} -d ${fishQuoted(description)}`,
    ),
    ...commands.flatMap((command) => commandLines(command, schemas)),
    '',
  ].join('\n');
}

function commandLines(
  { name, definition }: CompletableCommand,
  schemas: readonly string[],
): readonly string[] {
  const start = `complete -c triggerd -n '__fish_seen_subcommand_from ${name}'`;
  const options = visibleOptions(definition).map((option) => {
    const value = option.value === undefined ? '' : ` -r ${source(valueWords(option))}`;
    return `${start} -l ${option.name}${value} -d ${fishQuoted(option.description)}`;
  });
  const words = argumentWords(definition, schemas);
  const takesNothing = 'words' in words && words.words.length === 0;
  return takesNothing ? options : [...options, `${start} ${source(words)}`];
}

function source(words: ValueWords): string {
  if ('words' in words) return `-f -a '${words.words.join(' ')}'`;
  return words.files === 'folders' ? "-f -a '(__fish_complete_directories)'" : '-F';
}

/** Inside single quotes fish knows two escapes: of the quote and of the backslash. */
function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
