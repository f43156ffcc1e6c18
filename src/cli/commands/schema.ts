import { Fault } from '../../kernel/fault.js';
import { suggest } from '../../kernel/suggest.js';
import type { CommandDefinition } from '../command.js';
import { schemaNames, schemaText } from '../schema-files.js';

export const schema: CommandDefinition = {
  description:
    'Prints one of the JSON Schemas that come with triggerd, for editors and other programs; without a name it lists them.',
  arguments: [
    { name: 'name', description: 'which one; left out, their names are listed', completes: 'schemas' },
  ],
  options: [],
  examples: [
    { command: 'triggerd schema', does: 'which schemas there are' },
    {
      command: 'triggerd schema rule-file > rules/rule-file.schema.json',
      does: 'completion and hints in an editor: name the file in a first line # yaml-language-server: $schema=…',
    },
  ],
  exits: ['printed', null, 'no schema of that name'],
  async run(input, context) {
    const name = input.argument('name');
    if (name === null) {
      context.out(
        schemaNames()
          .map((one) => `${one}\n`)
          .join(''),
      );
      return 0;
    }
    const text = schemaText(name);
    if (text === undefined) {
      const near = suggest(name, schemaNames());
      throw new Fault('usage', `there is no schema ${JSON.stringify(name)}`, {
        hint: near === undefined ? `there are ${schemaNames().join(', ')}` : `did you mean ${near}?`,
      });
    }
    context.out(text.endsWith('\n') ? text : `${text}\n`);
    return 0;
  },
};
