import {
  argumentWords,
  COMMON_OPTIONS,
  singleQuoted,
  valueWords,
  visibleOptions,
  type CompletableCommand,
  type ValueWords,
} from './commands.js';

/** A completion script for zsh: in a file `_triggerd` of `$fpath`, or `source <(triggerd completion zsh)`. */
export function zshScript(commands: readonly CompletableCommand[], schemas: readonly string[]): string {
  return [
    '#compdef triggerd',
    '_triggerd() {',
    '  local -a commands',
    '  commands=(',
    ...commands.map(({ name, summary }) => `    ${singleQuoted(`${name}:${summary}`)}`),
    '  )',
    '  if (( CURRENT == 2 )); then',
    "    _describe 'command' commands",
    '    return',
    '  fi',
    '  local command=$words[2]',
    '  words=("${(@)words[2,-1]}")',
    '  (( CURRENT-- ))',
    '  case $command in',
    ...commands.flatMap((command) => [
      `    ${command.name})`,
      `      _arguments ${argumentSpecs(command, schemas).join(' ')} ;;`,
    ]),
    '  esac',
    '}',
    // Loaded as a function from $fpath it is called by name; sourced it has to announce itself.
    'if [ "$funcstack[1]" = _triggerd ]; then _triggerd "$@"; else compdef _triggerd triggerd; fi',
    '',
  ].join('\n');
}

function argumentSpecs({ definition }: CompletableCommand, schemas: readonly string[]): readonly string[] {
  const options = visibleOptions(definition).map((option) => {
    const repeat = option.repeatable ? '*' : '';
    const value = option.value === undefined ? '' : `:${option.value}:${action(valueWords(option))}`;
    return singleQuoted(`${repeat}--${option.name}[${described(option.description)}]${value}`);
  });
  const common = COMMON_OPTIONS.map(({ name, description }) => singleQuoted(`--${name}[${description}]`));
  const values = definition.arguments.map((argument, i) => {
    const last = i === definition.arguments.length - 1;
    const words = last ? action(argumentWords(definition, schemas)) : ' ';
    return singleQuoted(`${i + 1}:${argument.name}:${words}`);
  });
  return [...options, ...common, ...values];
}

function action(words: ValueWords): string {
  if ('words' in words) return words.words.length === 0 ? ' ' : `(${words.words.join(' ')})`;
  return words.files === 'folders' ? '_files -/' : '_files';
}

/** Brackets and colons separate the parts of a spec. */
function described(text: string): string {
  return text.replace(/[[\]:\\]/g, '\\$&');
}
