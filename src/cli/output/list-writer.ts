import type { Style } from './style.js';
import { tableLines, type TableColumn } from './table.js';
import { joinLines } from './words.js';

/** A long list, written page by page. */
export interface ListWriter<T> {
  page(items: readonly T[]): void;
  end(): void;
}

/** One JSON document `{ name: [...] }`, an element a line, whose memory does not grow with the list. */
export function createJsonList<T>(name: string, write: (text: string) => void): ListWriter<T> {
  let isFirst = true;
  write(`{\n  ${JSON.stringify(name)}: [`);
  return {
    page(items) {
      for (const item of items) {
        write(`${isFirst ? '' : ','}\n    ${JSON.stringify(item)}`);
        isFirst = false;
      }
    },
    end: () => write(isFirst ? ']\n}\n' : '\n  ]\n}\n'),
  };
}

/** JSON Lines. */
export function createJsonLinesList<T>(write: (text: string) => void): ListWriter<T> {
  return {
    page: (items) => write(items.map((item) => `${JSON.stringify(item)}\n`).join('')),
    end() {},
  };
}

/** A table for each page. */
export function createTableList<T>(
  write: (text: string) => void,
  style: Style,
  columns: readonly TableColumn[],
  row: (item: T) => readonly string[],
): ListWriter<T> {
  return {
    page: (items) => write(joinLines(tableLines(columns, items.map(row), style))),
    end() {},
  };
}
