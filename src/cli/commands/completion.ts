import { Fault } from '../../kernel/fault.js';
import type { CommandDefinition } from '../command.js';
import { bashScript } from '../completion/bash.js';
import { SHELLS, type CompletableCommand, type Shell } from '../completion/commands.js';
import { fishScript } from '../completion/fish.js';
import { zshScript } from '../completion/zsh.js';
import { schemaNames } from '../schema-files.js';

type Script = (commands: readonly CompletableCommand[], schemas: readonly string[]) => string;

const SCRIPTS: Readonly<Record<Shell, Script>> = { bash: bashScript, zsh: zshScript, fish: fishScript };

export const completion: CommandDefinition = {
  description: `Prints a script that teaches a shell to complete commands, options and folders: ${SHELLS.join(', ')}.`,
  arguments: [
    { name: 'shell', description: `one of ${SHELLS.join(', ')}`, required: true, completes: 'shells' },
  ],
  options: [],
  examples: [
    { command: 'source <(triggerd completion bash)', does: 'in ~/.bashrc' },
    { command: 'triggerd completion zsh > "${fpath[1]}/_triggerd"', does: 'once, for zsh' },
    {
      command: 'triggerd completion fish > ~/.config/fish/completions/triggerd.fish',
      does: 'once, for fish',
    },
  ],
  exits: ['printed', null, 'a shell it does not know'],
  async run(input, context) {
    const shell = SHELLS.find((one) => one === input.argument('shell'));
    if (shell === undefined) {
      throw new Fault('usage', `there is no completion for ${JSON.stringify(input.argument('shell'))}`, {
        hint: `there is one for ${SHELLS.join(', ')}`,
      });
    }
    const commands = await Promise.all(
      context.commands.map(async ({ name, summary, load }) => ({ name, summary, definition: await load() })),
    );
    context.out(SCRIPTS[shell](commands, schemaNames()));
    return 0;
  },
};
