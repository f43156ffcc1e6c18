import type { CommandDefinition } from '../command.js';

/** What a completion script needs to know of a command. */
export interface CompletableCommand {
  readonly name: string;
  readonly summary: string;
  readonly definition: CommandDefinition;
}

/** Words that complete an option's value: its choices; null = names of files, or of folders. */
export type ValueWords = { readonly words: readonly string[] } | { readonly files: 'files' | 'folders' };

export function valueWords(option: CommandDefinition['options'][number]): ValueWords {
  if (option.choices !== undefined) return { words: option.choices };
  if (option.completes === 'nothing') return { words: [] };
  return { files: option.completes ?? 'files' };
}

/** The words of the last argument a command takes. */
export function argumentWords(definition: CommandDefinition, schemas: readonly string[]): ValueWords {
  switch (definition.arguments.at(-1)?.completes) {
    case 'folders':
      return { files: 'folders' };
    case 'schemas':
      return { words: schemas };
    case 'shells':
      return { words: SHELLS };
    default:
      return { words: [] };
  }
}

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Options that every command takes. */
export const COMMON_OPTIONS = [
  { name: 'help', description: 'print help' },
  { name: 'no-color', description: 'print without colours' },
  { name: 'verbose', description: 'say more when something fails' },
] as const;

export function visibleOptions({ options }: CommandDefinition): CommandDefinition['options'] {
  return options.filter((option) => option.hidden !== true);
}

/** Text inside single quotes of a POSIX-like shell. */
export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
