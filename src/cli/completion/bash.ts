import {
  argumentWords,
  COMMON_OPTIONS,
  valueWords,
  visibleOptions,
  type CompletableCommand,
  type ValueWords,
} from './commands.js';

/** A completion script for bash 3.2 and newer: `source <(triggerd completion bash)`. */
export function bashScript(commands: readonly CompletableCommand[], schemas: readonly string[]): string {
  return [
    '# bash completion for triggerd',
    '_triggerd() {',
    '  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command= i',
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    '    case ${COMP_WORDS[i]} in -*) ;; *) command=${COMP_WORDS[i]}; break ;; esac',
    '  done',
    '  COMPREPLY=()',
    '  case "$command $previous" in',
    ...commands.flatMap(({ name, definition }) =>
      definition.options
        .filter((option) => option.value !== undefined)
        .map((option) => `    '${name} --${option.name}') ${reply(valueWords(option))}; return ;;`),
    ),
    '  esac',
    '  case $command in',
    `    '') ${reply({ words: [...commands.map(({ name }) => name), '--help', '--version'] })} ;;`,
    ...commands.map((command) => `    ${command.name}) ${commandReply(command, schemas)} ;;`),
    '  esac',
    '}',
    'complete -F _triggerd triggerd',
    '',
  ].join('\n');
}

function commandReply({ definition }: CompletableCommand, schemas: readonly string[]): string {
  const options = [...visibleOptions(definition), ...COMMON_OPTIONS].map(({ name }) => `--${name}`);
  return `case $current in -*) ${reply({ words: options })} ;; *) ${reply(argumentWords(definition, schemas))} ;; esac`;
}

function reply(words: ValueWords): string {
  const generator =
    'words' in words ? `-W '${words.words.join(' ')}'` : words.files === 'folders' ? '-d' : '-f';
  return `COMPREPLY=($(compgen ${generator} -- "$current"))`;
}
