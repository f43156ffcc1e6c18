import type { Diagnostic } from '../../model/diagnostic.js';
import { displayWidth, graphemes, graphemeWidth } from './display-width.js';
import { printable } from './printable.js';
import type { Style } from './style.js';

const TAB_WIDTH = 4;
const MIN_WIDTH = 20;

interface Cell {
  readonly text: string;
  readonly width: number;
  /** Whether the marker stands under it. */
  readonly marked: boolean;
}

/** The cells of a source line as they will be drawn: tabs as spaces, control characters as escapes. */
function drawLine(sourceLine: string, from: number, to: number): readonly Cell[] {
  const cells: Cell[] = [];
  let offset = 0;
  let drawn = 0;
  for (const grapheme of graphemes(sourceLine)) {
    const end = offset + grapheme.length;
    const marked = offset < to && end > from;
    const text = grapheme === '\t' ? ' '.repeat(TAB_WIDTH - (drawn % TAB_WIDTH)) : printable(grapheme);
    const width = text === grapheme ? graphemeWidth(grapheme) : displayWidth(text);
    cells.push({ text, width, marked });
    drawn += width;
    offset = end;
  }
  // A marker past the end of the line (something is missing there) stands right behind it.
  if (from >= offset) cells.push({ text: ' ', width: 1, marked: true });
  return cells;
}

/** The stretch of cells that fits into `width` with the marker's start inside it, a third of the way in. */
function window(cells: readonly Cell[], width: number): { readonly start: number; readonly end: number } {
  const total = cells.reduce((sum, cell) => sum + cell.width, 0);
  if (total <= width) return { start: 0, end: cells.length };
  const room = width - 2;
  let start = Math.max(
    0,
    cells.findIndex((cell) => cell.marked),
  );
  for (let before = Math.floor(room / 3); start > 0; start--) {
    before -= cells[start - 1]?.width ?? 0;
    if (before < 0) break;
  }
  let end = start;
  let used = 0;
  while (end < cells.length && used + (cells[end]?.width ?? 0) <= room) used += cells[end++]?.width ?? 0;
  while (end === cells.length && start > 0 && used + (cells[start - 1]?.width ?? 0) <= room)
    used += cells[--start]?.width ?? 0;
  return { start, end };
}

/**
 * The source line of a diagnostic with a marker under its column, as two lines with a gutter; none when there is no
 * source line. A line too long for `style.width` is cut around the column.
 */
export function codeFrame(
  diagnostic: Pick<Diagnostic, 'line' | 'column' | 'length' | 'sourceLine' | 'severity'>,
  style: Style,
): readonly string[] {
  if (diagnostic.sourceLine === null || diagnostic.line < 1) return [];
  const from = Math.max(0, diagnostic.column - 1);
  const cells = drawLine(diagnostic.sourceLine, from, from + Math.max(1, diagnostic.length));
  const number = String(diagnostic.line).padStart(5);
  const { start, end } = window(cells, Math.max(MIN_WIDTH, style.width - number.length - 3));
  const shown = cells.slice(start, end);
  const lead = start > 0 ? '…' : '';
  const tail = end < cells.length ? '…' : '';
  const marker = shown.map((cell) => (cell.marked ? '^' : ' ').repeat(cell.width)).join('');
  const paint = diagnostic.severity === 'error' ? style.red : style.yellow;
  const text = `${lead}${shown.map((cell) => cell.text).join('')}${tail}`.trimEnd();
  return [
    `${style.dim(`${number} |`)} ${text}`.trimEnd(),
    `${style.dim(`${' '.repeat(number.length)} |`)} ${' '.repeat(lead.length)}${paint(marker.trimEnd())}`,
  ];
}
