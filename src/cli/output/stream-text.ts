import { isObject, type Json, type JsonObject } from '../../kernel/json.js';
import type { Event, Priority } from '../../model/event.js';
import type { WireDecision, WireLaunch } from '../../model/wire.js';
import { cutToWidth, displayWidth } from './display-width.js';
import { suppressionLine } from './launch-text.js';
import { printable, printableJson } from './printable.js';
import { statusText } from './stored-launch-text.js';
import type { Style } from './style.js';
import { indent, joinLines } from './words.js';

/** Shorter than this nothing of a payload is worth showing. */
const SHORTEST_PAYLOAD = 12;

/** One message of the stream: an event on a line, decisions and launches below it. */
export function streamText(message: JsonObject, style: Style): string {
  switch (message['type']) {
    case 'decision':
      return decisionText(message['decision'] as unknown as WireDecision, style);
    case 'launch':
      return launchText(message['launch'] as unknown as WireLaunch, style);
    default:
      return eventText(message, style);
  }
}

function eventText(message: JsonObject, style: Style): string {
  const event = message['event'] as unknown as Event;
  const head: readonly (readonly [string, (text: string) => string])[] = [
    [String(message['received_at']), style.dim],
    [String(message['position'] as Json).padStart(6), style.dim],
    [event.event_type, style.green],
    [event.event_id, style.bold],
    ...(event.priority === 'normal' ? [] : [[event.priority, priorityPaint(event.priority, style)] as const]),
    ...(event.source === '' ? [] : [[event.source, (text: string) => text] as const]),
    ...(event.session_id === null ? [] : [[`session ${event.session_id}`, style.cyan] as const]),
  ];
  const plain = head.map(([text]) => printable(text));
  const line = head.map(([, paint], i) => paint(plain[i] ?? '')).join('  ');
  if (!isObject(event.payload) || Object.keys(event.payload).length === 0) return `${line}\n`;
  return `${line}  ${payloadText(event.payload, displayWidth(plain.join('  ')) + 2, style)}\n`;
}

/** On a terminal an event keeps to its line; `triggerd events ID` shows the rest. */
function payloadText(payload: JsonObject, taken: number, style: Style): string {
  const json = printableJson(payload);
  return style.terminal ? cutToWidth(json, Math.max(SHORTEST_PAYLOAD, style.width - taken)) : json;
}

function priorityPaint(priority: Priority, style: Style): (text: string) => string {
  switch (priority) {
    case 'critical':
      return style.red;
    case 'high':
      return style.yellow;
    case 'normal':
      return (text) => text;
    case 'low':
      return style.dim;
  }
}

function decisionText({ at, event_id, launches, suppressed }: WireDecision, style: Style): string {
  const cause = event_id === null ? 'by the clock' : `on ${printable(event_id)}`;
  const head = `${style.dim(at)}  ${style.cyan('decision')} ${cause}`;
  const ids = launches.length === 0 ? '' : `  launches ${launches.map(printable).join(', ')}`;
  return joinLines([
    head + ids,
    ...indent(
      suppressed.map((one) => suppressionLine(one, style)),
      '  ',
    ),
  ]);
}

function launchText(launch: WireLaunch, style: Style): string {
  const arrow = style.terminal ? '→' : '->';
  const last = launch.attempts.at(-1);
  const reason = last?.reason === null || last === undefined ? '' : `  ${style.red(printable(last.reason))}`;
  const what = `${printable(launch.trigger_id)} ${arrow} ${printable(launch.workflow_name)}`;
  return `${style.dim(last?.ended_at ?? last?.started_at ?? launch.at)}  ${style.cyan('launch')} ${style.bold(printable(launch.launch_id))}  ${what}  ${statusText(launch.status, style)}${reason}\n`;
}
