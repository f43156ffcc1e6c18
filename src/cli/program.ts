import { Command, Option } from 'commander';
import type {
  ArgumentDefinition,
  CommandDefinition,
  CommandEntry,
  CommandInput,
  OptionDefinition,
} from './command.js';
import { COMMANDS } from './command-table.js';
import { commandFooter, overviewFooter } from './help.js';

export interface ProgramHooks {
  /** Help that was asked for. */
  writeHelp(text: string): void;
  /** The command that was asked for, with what was given. */
  run(command: CommandDefinition, input: CommandInput): Promise<void>;
  readonly helpWidth: number;
}

/**
 * The command line as commander reads it. Only the command that is named is loaded; the others are known by name. Throws
 * CommanderError for wrong usage, and after help was written.
 */
export async function createProgram(argv: readonly string[], hooks: ProgramHooks): Promise<Command> {
  const program = new Command('triggerd');
  // Set before any command is added: commands inherit it.
  program.exitOverride().configureOutput({
    writeOut: (text) => hooks.writeHelp(text),
    // Errors are thrown too, and printed once, where they are caught.
    writeErr: () => undefined,
    getOutHelpWidth: () => hooks.helpWidth,
    getErrHelpWidth: () => hooks.helpWidth,
  });
  program
    .description(
      'Workflow triggers as YAML: checks, dry-runs, tests and explains rules that launch workflows on events.',
    )
    .usage('<command> [options] [folder]')
    .option('-V, --version', 'print the version')
    .addHelpText('after', overviewFooter());
  addCommonOptions(program);
  const words = argv.filter((word) => !word.startsWith('-'));
  const named = words[0] === 'help' ? words[1] : words[0];
  for (const entry of COMMANDS) {
    if (entry.name === named) program.addCommand(buildCommand(entry, await entry.load(), hooks, program));
    else program.command(entry.name).summary(entry.summary).description(entry.summary);
  }
  return program;
}

function addCommonOptions(command: Command): void {
  command
    .option('--no-color', 'print without colours (so does NO_COLOR=1)')
    .option('--verbose', 'say more when something fails')
    .helpOption('-h, --help', 'print this help');
}

function buildCommand(
  { name, summary }: CommandEntry,
  definition: CommandDefinition,
  hooks: ProgramHooks,
  program: Command,
): Command {
  const command = new Command(name)
    .copyInheritedSettings(program)
    .summary(summary)
    .description(definition.description)
    .addHelpText('after', commandFooter(definition));
  for (const argument of definition.arguments)
    command.argument(argumentWords(argument), argument.description);
  for (const option of definition.options) command.addOption(buildOption(option));
  addCommonOptions(command);
  command.action(async () => hooks.run(definition, inputOf(definition, command)));
  return command;
}

function argumentWords({ name, required, variadic }: ArgumentDefinition): string {
  const word = variadic ? `${name}...` : name;
  return required ? `<${word}>` : `[${word}]`;
}

function buildOption(definition: OptionDefinition): Option {
  const { name, value, description, repeatable, required, choices, hidden } = definition;
  const option = new Option(value === undefined ? `--${name}` : `--${name} <${value}>`, description);
  if (choices !== undefined) option.choices([...choices]);
  if (repeatable)
    option.argParser((given: string, before: readonly string[] | undefined) => [...(before ?? []), given]);
  if (required) option.makeOptionMandatory();
  if (hidden) option.hideHelp();
  return option;
}

/** What commander read, by the names of the definition. */
function inputOf(definition: CommandDefinition, command: Command): CommandInput {
  const options = new Map(
    command.options.map((option) => [option.long?.slice(2) ?? '', option.attributeName()]),
  );
  const read = (name: string): unknown => command.getOptionValue(options.get(name) ?? name);
  return {
    argument(name) {
      const index = definition.arguments.findIndex((one) => one.name === name);
      return command.args[index] ?? null;
    },
    words: (name) => command.args.slice(definition.arguments.findIndex((one) => one.name === name)),
    flag: (name) => read(name) === true,
    value(name) {
      const value = read(name);
      return typeof value === 'string' ? value : null;
    },
    list(name) {
      const value = read(name);
      return Array.isArray(value) ? value.map(String) : [];
    },
  };
}
