import type { BacktestReport, ReportLaunch } from '../../model/report.js';
import { launchLines, ownInput } from './launch-text.js';
import { compareValues } from './leaf-values.js';
import { printable, printableJson } from './printable.js';
import { sideBySide } from './side-by-side.js';
import type { Style } from './style.js';
import { tableLines } from './table.js';
import { count, grouped, indent, joinLines } from './words.js';

export interface BacktestTextOptions {
  readonly against: string | null;
  /** Every launch, and inputs with their envelope. */
  readonly full: boolean;
}

const SHORT_LIST = 20;

type Change = BacktestReport['changed'][number];

/** A table by trigger; with another folder to compare with, the launches added, removed and changed, with their events. */
export function backtestText(report: BacktestReport, style: Style, options: BacktestTextOptions): string {
  const lines: string[] = [];
  const section = <T>(title: string, entries: readonly T[], show: (entry: T) => readonly string[]): void => {
    if (entries.length === 0) return;
    const shown = options.full ? entries : entries.slice(0, SHORT_LIST);
    lines.push(style.bold(`${title} (${grouped(entries.length)})`));
    lines.push(
      ...indent(
        shown.flatMap((entry) => [...show(entry)]),
        '  ',
      ),
    );
    if (shown.length < entries.length)
      lines.push(`  … and ${grouped(entries.length - shown.length)} more (--full shows them all)`);
    lines.push('');
  };
  const show = (launch: ReportLaunch): readonly string[] => launchLines(launch, style, options.full);
  if (options.against !== null) {
    section('added', report.added, show);
    section('removed', report.removed, show);
    section('changed', report.changed, (change) => changeLines(change, style, options.full));
  } else if (options.full) {
    section('launches', report.launches, show);
  }
  const table = byTrigger(report, options.against !== null, style);
  if (table.length > 0) lines.push(...table, '');
  const launches = `${style.bold(count(report.launches.length, 'launch', 'launches'))} from ${count(report.events, 'event')}`;
  lines.push(
    options.against === null
      ? launches
      : `${launches}; against ${printable(options.against)}: ${differenceWords(report)}`,
  );
  return joinLines(lines);
}

/** `2 added, 1 removed`, or that nothing changed. */
function differenceWords({ added, removed, changed }: BacktestReport): string {
  const words = [
    ...(added.length > 0 ? [`${grouped(added.length)} added`] : []),
    ...(removed.length > 0 ? [`${grouped(removed.length)} removed`] : []),
    ...(changed.length > 0 ? [`${grouped(changed.length)} changed`] : []),
  ];
  return words.length === 0 ? 'no difference' : words.join(', ');
}

function changeLines({ before, after }: Change, style: Style, full: boolean): readonly string[] {
  const [head = ''] = launchLines(after, style, full);
  const shown = (launch: ReportLaunch) => ({
    mode: launch.mode,
    ...(full ? launch.input : ownInput(launch.input)),
  });
  const rows = compareValues(shown(before), shown(after))
    .filter(({ equal }) => !equal)
    .map(({ path, expected, actual }) => ({
      label: printable(path),
      expected: printableJson(expected),
      actual: printableJson(actual),
      differs: true,
    }));
  return [head, ...indent(sideBySide(rows, style, { expected: 'before', actual: 'after' }), '  ')];
}

function byTrigger(report: BacktestReport, compared: boolean, style: Style): readonly string[] {
  const counts = new Map<string, [launches: number, added: number, removed: number, changed: number]>();
  const tally = (launches: readonly ReportLaunch[], column: 0 | 1 | 2 | 3): void => {
    for (const { trigger_id } of launches) {
      const row = counts.get(trigger_id) ?? [0, 0, 0, 0];
      row[column]++;
      counts.set(trigger_id, row);
    }
  };
  tally(report.launches, 0);
  tally(report.added, 1);
  tally(report.removed, 2);
  tally(
    report.changed.map(({ after }) => after),
    3,
  );
  if (counts.size === 0) return [];
  const columns = compared ? ['launches', 'added', 'removed', 'changed'] : ['launches'];
  return tableLines(
    [{ title: 'trigger' }, ...columns.map((title) => ({ title, align: 'right' as const }))],
    [...counts].map(([id, row]) => [printable(id), ...row.slice(0, columns.length).map(grouped)]),
    style,
  );
}
