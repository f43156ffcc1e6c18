import type { DryRunReport, NearMiss, ReportSuppression, Why } from '../../model/report.js';
import type { DryRunWriter } from './dry-run-json.js';
import { placeOf } from './diagnostics-text.js';
import { launchLines, suppressionLine } from './launch-text.js';
import { printable } from './printable.js';
import type { Style } from './style.js';
import { tableLines } from './table.js';
import { whyLines } from './why-text.js';
import { count, grouped, indent, joinLines } from './words.js';

export interface DryRunTextOptions {
  readonly style: Style;
  /** Whole inputs, all suppressions and the whys of triggers that do not even listen. */
  readonly full: boolean;
}

const SHORT_LIST = 20;

/** A dry run for a person: launches (and whys) as they are decided, then what was held back and what did not fire. */
export function createDryRunText(
  write: (text: string) => void,
  { style, full }: DryRunTextOptions,
): DryRunWriter {
  const held: ReportSuppression[] = [];
  let heldCount = 0;
  let launches = 0;
  return {
    sink: {
      launch(launch) {
        launches++;
        write(joinLines(launchLines(launch, style, full)));
      },
      suppression(suppression) {
        heldCount++;
        if (full) write(`${suppressionLine(suppression, style)}\n`);
        else if (held.length < SHORT_LIST) held.push(suppression);
      },
      why(why) {
        if (full || listens(why)) write(joinLines(indent(whyLines(why, style), '    ')));
      },
    },
    finish(report) {
      if (launches > 0) write('\n');
      write(joinLines(sections(report, held, heldCount, { style, full })));
    },
    fail() {},
    close() {},
  };
}

/** Whether the event is of a type the trigger hears: of the others there is nothing to explain. */
function listens(why: Why): boolean {
  return why.roles.length > 0;
}

function sections(
  report: DryRunReport,
  held: readonly ReportSuppression[],
  heldCount: number,
  { style, full }: DryRunTextOptions,
): readonly string[] {
  const lines: string[] = [];
  const section = (title: string, body: readonly string[]): void => {
    if (body.length > 0) lines.push(style.bold(title), ...indent(body, '  '), '');
  };
  if (!full)
    section(`suppressed (${grouped(heldCount)})`, [
      ...held.map((one) => suppressionLine(one, style)),
      ...more(heldCount - held.length, '--full shows them all'),
    ]);
  section(
    'near misses',
    report.near_misses.map((miss) => nearMissLine(miss, style)),
  );
  section(
    `events that no trigger took (${grouped(report.unaccepted_events.length + (report.left_out['unaccepted_events'] ?? 0))})`,
    shortList(report.unaccepted_events, report.left_out['unaccepted_events'] ?? 0),
  );
  const launched = report.by_trigger.reduce((sum, one) => sum + one.launched, 0);
  const observed = report.by_trigger.reduce((sum, one) => sum + one.observed, 0);
  const fired = report.by_trigger.filter((one) => one.launched + one.observed + one.suppressed > 0);
  if (fired.length > 0) lines.push(...summaryTable(fired, style), '');
  const inactive = new Set(report.by_trigger.flatMap((one) => (one.active ? [] : [one.trigger_id])));
  section(
    `triggers that never fired (${grouped(report.never_fired.length)})`,
    shortList(
      report.never_fired.map((id) => (inactive.has(id) ? `${id} (inactive)` : id)),
      0,
    ),
  );
  const duplicates =
    report.duplicate_events > 0 ? ` (${count(report.duplicate_events, 'duplicate')} dropped)` : '';
  const observedWords = observed > 0 ? `, ${grouped(observed)} observed only` : '';
  lines.push(
    `${style.bold(count(launched, 'launch', 'launches'))}${observedWords} from ${count(report.events, 'event')}${duplicates} and ${count(report.triggers, 'trigger')}`,
  );
  return lines;
}

/** The hint when a run launched nothing: a person then wants to know where to look. */
export function nothingLaunchedHint(report: DryRunReport): string | null {
  if (report.by_trigger.some((one) => one.launched + one.observed > 0)) return null;
  if (report.events === 0) return 'the event files hold no event';
  if (report.triggers === 0) return 'the folder holds no trigger';
  return 'nothing launched: the near misses say which test failed, triggerd explain TRIGGER --event FILE shows every test of one trigger';
}

function summaryTable(fired: DryRunReport['by_trigger'], style: Style): readonly string[] {
  return tableLines(
    [
      { title: 'trigger' },
      { title: 'launched', align: 'right' },
      { title: 'observed', align: 'right' },
      { title: 'suppressed', align: 'right' },
    ],
    fired.map((one) => [
      printable(one.trigger_id),
      grouped(one.launched),
      grouped(one.observed),
      grouped(one.suppressed),
    ]),
    style,
  );
}

function nearMissLine(miss: NearMiss, style: Style): string {
  const place =
    miss.place === null ? '' : `  ${style.dim(placeOf({ file: miss.place.file, line: miss.place.line }))}`;
  const found = printable(miss.found);
  return `${printable(miss.trigger_id)}: ${count(miss.count, 'event')} failed only ${style.cyan(printable(miss.test))} (found ${found})${place}`;
}

function shortList(names: readonly string[], leftOut: number): readonly string[] {
  const shown = names.slice(0, SHORT_LIST).map(printable);
  return [...shown, ...more(names.length - shown.length + leftOut, '--format json lists them')];
}

function more(number: number, how: string): readonly string[] {
  return number > 0 ? [`… and ${grouped(number)} more (${how})`] : [];
}
