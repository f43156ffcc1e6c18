import type { CommandContext, CommandInput } from '../command.js';
import {
  createJsonLinesList,
  createJsonList,
  createTableList,
  type ListWriter,
} from '../output/list-writer.js';
import type { TableColumn } from '../output/table.js';

/** Prints a list as it is read, in the format that was asked for; an empty one is said to be empty. */
export async function printList<T>(
  pages: AsyncIterable<readonly T[]>,
  input: CommandInput,
  context: CommandContext,
  list: {
    readonly name: string;
    readonly columns: readonly TableColumn[];
    readonly row: (item: T) => readonly string[];
  },
): Promise<void> {
  const write = (text: string): void => context.out(text);
  const format = input.value('format') ?? 'text';
  let writer: ListWriter<T> | null = null;
  const open = (): ListWriter<T> =>
    (writer ??=
      format === 'json'
        ? createJsonList(list.name, write)
        : format === 'jsonl'
          ? createJsonLinesList(write)
          : createTableList(write, context.style, list.columns, list.row));
  // Nothing is written before the first page: a daemon that refuses leaves no half document.
  for await (const page of pages) open().page(page);
  if (writer === null && format === 'text') context.note(`no ${list.name} found\n`);
  else open().end();
}
