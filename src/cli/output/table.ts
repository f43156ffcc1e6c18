import Table from 'cli-table3';
import { displayWidth, padToWidth } from './display-width.js';
import type { Style } from './style.js';

export interface TableColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/**
 * Rows under titles: ruled on a terminal; in a pipe columns two spaces apart, without colours in the padding. Cells are
 * plain printable text.
 */
export function tableLines(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  style: Style,
): readonly string[] {
  if (style.terminal) {
    const table = new Table({
      head: columns.map(({ title }) => style.bold(title)),
      colAligns: columns.map(({ align }) => align ?? 'left'),
      // cli-table3 colours heads and borders by itself, whatever NO_COLOR says; the paint is ours.
      style: { head: [], border: [], compact: true },
    });
    table.push(...rows.map((row) => [...row]));
    return table.toString().split('\n');
  }
  const widths = columns.map(({ title }, i) =>
    Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[i] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, i) => {
        const cell = cells[i] ?? '';
        const width = widths[i] ?? 0;
        return align === 'right' ? ' '.repeat(width - displayWidth(cell)) + cell : padToWidth(cell, width);
      })
      .join('  ')
      .trimEnd();
  return [style.bold(line(columns.map(({ title }) => title))), ...rows.map(line)];
}
