import type { App } from '../engine/api.js';
import type { Style } from './output/style.js';

/** An option of a command, as data: help, parsing and shell completion are made from it. */
export interface OptionDefinition {
  /** The name behind the two dashes. */
  readonly name: string;
  readonly description: string;
  /** What stands for its value in help; left out for a flag. */
  readonly value?: string;
  /** Given several times, it collects. */
  readonly repeatable?: boolean;
  readonly required?: boolean;
  readonly choices?: readonly string[];
  readonly hidden?: boolean;
  /** What a shell should complete for the value; files when left out. */
  readonly completes?: 'files' | 'folders' | 'nothing';
}

export interface ArgumentDefinition {
  readonly name: string;
  readonly description: string;
  readonly required?: boolean;
  /** Only the last one: takes all words that are left. */
  readonly variadic?: boolean;
  readonly completes?: 'folders' | 'schemas' | 'shells' | 'nothing';
}

export interface Example {
  readonly command: string;
  readonly does: string;
}

/** What a person gave, by name; nothing is defaulted here. */
export interface CommandInput {
  argument(name: string): string | null;
  /** All words of a variadic argument. */
  words(name: string): readonly string[];
  flag(name: string): boolean;
  value(name: string): string | null;
  /** All values of a repeatable option, in order. */
  list(name: string): readonly string[];
}

export interface CommandContext {
  /** Writes a result to standard output. */
  out(text: string): void;
  /** Writes what is not a result to standard error. */
  note(text: string): void;
  readonly style: Style;
  /** For what `note` writes. */
  readonly noteStyle: Style;
  /** The application, started on first use. */
  app(): Promise<App>;
  /** Whether a person would have to type what is read from standard input. */
  readonly stdinIsTerminal: boolean;
  readonly stdin: NodeJS.ReadableStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Epoch ms. */
  now(): number;
  wait(delayMs: number): Promise<void>;
  readonly version: string;
  /** All commands, for the one that completes them. */
  readonly commands: readonly CommandEntry[];
}

/** A command without its name and summary, which stand in the table of commands. */
export interface CommandDefinition {
  /** A few sentences for the command's own help. */
  readonly description: string;
  readonly arguments: readonly ArgumentDefinition[];
  readonly options: readonly OptionDefinition[];
  readonly examples: readonly Example[];
  /** What its exit codes 0, 1 and 2 mean here; 3 is the same everywhere. */
  readonly exits: readonly [fine: string, problems: string | null, usage: string];
  /** Returns the exit code; throws a Fault for what it cannot do. */
  run(input: CommandInput, context: CommandContext): Promise<0 | 1>;
}

/** A command before it is loaded: what the overview needs, so that asking for help or the version loads nothing else. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<CommandDefinition>;
}
