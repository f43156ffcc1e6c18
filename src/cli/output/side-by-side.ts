import { displayWidth, padToWidth, wrapToWidth } from './display-width.js';
import type { Style } from './style.js';

/** One row: a label, what was expected, what was found; `differs` marks it. */
export interface SideBySideRow {
  readonly label: string;
  readonly expected: string;
  readonly actual: string;
  readonly differs: boolean;
}

/** What the two sides are called. */
export interface SideBySideTitles {
  readonly expected: string;
  readonly actual: string;
}

/** From this width on two columns fit beside each other. */
const COLUMNS_FROM = 100;
const GAP = '  ';

/**
 * Expected and actual: in two columns on a wide terminal, one below the other else. Rows that differ are marked with `!`
 * and in colour. Texts are printable and on one line.
 */
export function sideBySide(
  rows: readonly SideBySideRow[],
  style: Style,
  titles: SideBySideTitles = { expected: 'expected', actual: 'actual' },
): readonly string[] {
  const wide = style.terminal && style.width >= COLUMNS_FROM;
  return wide ? inColumns(rows, style, titles) : stacked(rows, style, titles);
}

function mark(row: SideBySideRow): string {
  return row.differs ? '! ' : '  ';
}

function inColumns(
  rows: readonly SideBySideRow[],
  style: Style,
  titles: SideBySideTitles,
): readonly string[] {
  const labelWidth = Math.min(30, Math.max(0, ...rows.map((row) => displayWidth(row.label))));
  const indented = 6;
  const width = Math.floor((style.width - indented - 2 - labelWidth - 2 * GAP.length) / 2);
  const lines = [
    `  ${' '.repeat(labelWidth)}${GAP}${style.dim(padToWidth(titles.expected, width))}${GAP}${style.dim(titles.actual)}`,
  ];
  for (const row of rows) {
    const labels = wrapToWidth(row.label, Math.max(1, labelWidth));
    const left = wrapToWidth(row.expected, width);
    const right = wrapToWidth(row.actual, width);
    for (let i = 0; i < Math.max(labels.length, left.length, right.length); i++) {
      const label = padToWidth(labels[i] ?? '', labelWidth);
      const expected = padToWidth(left[i] ?? '', width);
      const actual = right[i] ?? '';
      lines.push(
        row.differs
          ? `${i === 0 ? mark(row) : '  '}${label}${GAP}${style.green(expected)}${GAP}${style.red(actual)}`.trimEnd()
          : style.dim(`  ${label}${GAP}${expected}${GAP}${actual}`.trimEnd()),
      );
    }
  }
  return lines;
}

function stacked(rows: readonly SideBySideRow[], style: Style, titles: SideBySideTitles): readonly string[] {
  const width = Math.max(titles.expected.length, titles.actual.length);
  return rows.flatMap((row) => {
    if (!row.differs) return [style.dim(`  ${row.label} ${row.actual}`)];
    const label = `${mark(row)}${row.label}`;
    return [
      label,
      `    ${titles.expected.padEnd(width)} ${style.green(row.expected)}`,
      `    ${titles.actual.padEnd(width)} ${style.red(row.actual)}`,
    ];
  });
}
