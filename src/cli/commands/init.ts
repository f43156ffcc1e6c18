import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '../../kernel/fault.js';
import type { CommandDefinition } from '../command.js';
import { printable } from '../output/printable.js';
import { count } from '../output/words.js';
import { schemaText } from '../schema-files.js';
import { FOLDER_ARGUMENT, folderOf } from '../shared-options.js';
import { STARTER_FILES, type StarterFile } from '../starter.js';

/** The schema that the rule files name in their first line, for editors. */
const SCHEMA = 'rule-file';

export const init: CommandDefinition = {
  description:
    'Makes a starter rule folder: commented triggers, the workflows they launch, rule tests, sample events, and the JSON Schema for your editor. Never overwrites a file.',
  arguments: [{ ...FOLDER_ARGUMENT, description: 'the folder to make; ./rules when left out' }],
  options: [],
  examples: [
    { command: 'triggerd init', does: 'a starter folder ./rules' },
    {
      command: 'triggerd init ops/rules && triggerd test ops/rules',
      does: 'elsewhere, and see its tests pass',
    },
  ],
  exits: ['the folder was made', null, 'a file is already there, or the folder cannot be written'],
  async run(input, context) {
    const folder = folderOf(input);
    const files = starterFiles();
    const there = files.filter(({ path }) => existsSync(join(folder, path)));
    if (there.length > 0)
      throw alreadyThere(
        folder,
        there.map(({ path }) => path),
      );
    for (const file of files) write(folder, file);
    const shown = printable(folder);
    context.out(files.map(({ path }) => `${join(folder, path)}\n`).join(''));
    context.note(
      [
        '',
        'Next:',
        `  triggerd check ${shown}`,
        `  triggerd dry-run --events ${join(shown, 'samples/events.jsonl')} ${shown}`,
        `  triggerd test ${shown}`,
        '',
      ].join('\n'),
    );
    return 0;
  },
};

function starterFiles(): readonly StarterFile[] {
  const schema = schemaText(SCHEMA);
  if (schema !== undefined) return [...STARTER_FILES, { path: `${SCHEMA}.schema.json`, text: schema }];
  // Without the schema beside them the files must not name it: an editor would report it missing.
  return STARTER_FILES.map(({ path, text }) => ({
    path,
    text: text.replace(/^# yaml-language-server:.*\n#\n/, ''),
  }));
}

function write(folder: string, { path, text }: StarterFile): void {
  const file = join(folder, path);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw alreadyThere(folder, [path]);
    throw new Fault('unreadable', `${file} cannot be written: ${message}`, {
      hint: 'name a folder you may write to: triggerd init FOLDER',
      cause,
    });
  }
}

function alreadyThere(folder: string, paths: readonly string[]): Fault {
  const [first = '', ...others] = paths.map((path) => join(folder, path));
  const words = others.length === 0 ? `${first} is` : `${first} and ${count(others.length, 'more file')} are`;
  return new Fault('output-exists', `${words} already there, and nothing is overwritten`, {
    hint: 'name another folder: triggerd init FOLDER',
  });
}
