import type { JsonObject } from '../../kernel/json.js';
import type { ReportLaunch, ReportSuppression } from '../../model/report.js';
import { displayWidth } from './display-width.js';
import { printable, printableJson, printableJsonLines } from './printable.js';
import type { Style } from './style.js';
import { count } from './words.js';

/** The envelope's keys of a launch's input: shown by the line above it, and in full only on demand. */
const ENVELOPE = ['trigger_event', 'trigger_id', 'triggered_at'];

/** What the rule itself put into the input. */
export function ownInput(input: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(input).filter(([key]) => !ENVELOPE.includes(key)));
}

/** A launch: when, which trigger launches which workflow, on what, for which group; then its input. */
export function launchLines(launch: ReportLaunch, style: Style, full: boolean): readonly string[] {
  const arrow = style.terminal ? '→' : '->';
  const observed = launch.mode === 'observe' ? style.yellow(' (observed only)') : '';
  const head = [
    `${style.dim(launch.at)}  ${style.bold(printable(launch.trigger_id))} ${arrow} ${style.green(printable(launch.workflow_name))}${observed}`,
    causeWords(launch),
    groupWords(launch.group),
  ];
  const lines = [head.filter((part) => part !== '').join('  ')];
  const input = full ? launch.input : ownInput(launch.input);
  if (Object.keys(input).length > 0) lines.push(...inputLines(input, style));
  for (const warning of launch.warnings) lines.push(`    ${style.yellow('warning:')} ${printable(warning)}`);
  return lines;
}

function causeWords({ event_id, events }: ReportLaunch): string {
  const others = events.filter((id) => id !== event_id).length;
  if (event_id === null)
    return events.length === 0 ? 'by the clock' : `by the clock, ${count(events.length, 'event')}`;
  return others === 0
    ? `event ${printable(event_id)}`
    : `event ${printable(event_id)} and ${count(others, 'earlier one')}`;
}

/** `payload.region="eu"`; '' for no group. */
export function groupWords(group: JsonObject): string {
  return Object.entries(group)
    .map(([path, value]) => `${printable(path)}=${printableJson(value)}`)
    .join(' ');
}

function inputLines(input: JsonObject, style: Style): readonly string[] {
  const one = `    input ${printableJson(input)}`;
  if (displayWidth(one) <= style.width) return [one];
  const [first, ...rest] = printableJsonLines(input);
  return [`    input ${first ?? ''}`, ...rest.map((line) => `    ${line}`)];
}

/** A firing that a gate held back. */
export function suppressionLine(suppression: ReportSuppression, style: Style): string {
  const until = suppression.until === null ? '' : ` until ${suppression.until}`;
  const cause = suppression.event_id === null ? 'by the clock' : `event ${printable(suppression.event_id)}`;
  const group = groupWords(suppression.group);
  return [
    `${style.dim(suppression.at)}  ${printable(suppression.trigger_id)} suppressed by ${style.yellow(printable(suppression.gate))}${until}`,
    cause,
    ...(group === '' ? [] : [group]),
  ].join('  ');
}
