import { formatDuration } from '../../kernel/duration.js';
import { deepEqual, type Json, type JsonObject, setOwn } from '../../kernel/json.js';
import { formatTime, parseTime } from '../../kernel/time.js';
import { BLANK_EVENT, EVENT_FIELDS, type Event } from '../../model/event.js';
import type { WireDecision, WireLaunch, WireStoredEvent } from '../../model/wire.js';
import { ownInput } from '../output/launch-text.js';
import { createRedaction, type Redaction } from './redaction.js';
import { itemLines, memberLines } from './yaml-text.js';

/** A past launch, and what belongs to it. */
export interface Recording {
  readonly launch: WireLaunch;
  /** All launches of its trigger in the same decision, in their order, itself among them. */
  readonly siblings: readonly WireLaunch[];
  /** null when it is no longer kept. */
  readonly decision: WireDecision | null;
  /** The events that contributed, in the order in which they arrived. */
  readonly events: readonly WireStoredEvent[];
}

/** A schedule's clock starts so long before it is due. */
const LEAD_MS = 1_000;
/** For how long the clock runs on when it is not known when a timer was decided: longer than most events may be late. */
const SLACK_MS = 10_000;

/** A `tests:` list with one rule test that expects what was launched. */
export function recordedTest(recording: Recording): string {
  const { launch, siblings, decision, events } = recording;
  const launchedAt = parseTime(launch.at) ?? 0;
  const arrivals = arrivalsOf(recording);
  const startMs = events.length === 0 ? launchedAt - LEAD_MS : Math.min(...arrivals);
  const redaction = createRedaction(
    events.map(({ event }) => ({ payload: event.payload, metadata: event.metadata })),
  );
  const inputs = siblings.map((one) => expectedInput(one, redaction));
  const inputText = JSON.stringify(inputs);
  const completing = events.findIndex(({ event }) => event.event_id === launch.event_id);
  // A timer's launch has the time it was due; the clock must run on to when it was decided.
  const isByEvent = completing !== -1 && arrivals[completing] === launchedAt;
  const decidedAt = decision === null ? launchedAt + SLACK_MS : (parseTime(decision.at) ?? launchedAt);
  const untilMs = Math.max(decidedAt, launchedAt, ...arrivals) - startMs;
  const name = `${launch.trigger_id} launches ${launch.workflow_name}, recorded from ${launch.launch_id}`;
  return [
    'tests:',
    `  - ${memberLines('name', name)[0] ?? ''}`,
    ...memberLines('triggers', [launch.trigger_id], '    '),
    ...memberLines('start', formatTime(startMs), '    '),
    events.length === 0 ? '    events: []' : '    events:',
    ...events.flatMap(({ event }, i) =>
      itemLines(testEvent(event, arrivals[i] ?? startMs, startMs, inputText, redaction), '      '),
    ),
    ...(isByEvent ? [] : memberLines('until', formatDuration(untilMs), '    ')),
    '    expect:',
    ...siblings.flatMap((one, i) =>
      itemLines(expectation(one, inputs[i] ?? {}, isByEvent ? launchedAt - startMs : null), '      '),
    ),
    '',
  ].join('\n');
}

/**
 * When each event arrived. The completing one did when it was decided, which may be a moment after it was received: the
 * time in the launch is the one that its input may hold.
 */
function arrivalsOf({ launch, decision, events }: Recording): readonly number[] {
  const launchedAt = parseTime(launch.at) ?? 0;
  let before = Number.NEGATIVE_INFINITY;
  return events.map(({ event, received_at }) => {
    const received = parseTime(received_at) ?? 0;
    const isDeciding =
      event.event_id === launch.event_id && decision !== null && decision.event_id === launch.event_id;
    before = Math.max(before, isDeciding ? Math.max(received, launchedAt) : received);
    return before;
  });
}

/** Fields that hold no text of anybody's own: a password that is `high` is no reason to change a priority. */
const CHOSEN_WORDS: ReadonlySet<keyof Event> = new Set(['event_type', 'timestamp', 'priority']);

/** The event as a test has it: what it would have anyway is left out. */
function testEvent(
  event: Event,
  arrivedAt: number,
  startMs: number,
  inputText: string,
  redaction: Redaction,
): JsonObject {
  const written: Record<string, Json> = { at: formatDuration(arrivedAt - startMs) };
  for (const field of EVENT_FIELDS) {
    const value: Json = event[field];
    const isGiven =
      field === 'event_id'
        ? inputText.includes(JSON.stringify(value).slice(1, -1))
        : field === 'timestamp'
          ? value !== formatTime(arrivedAt)
          : !deepEqual(value, BLANK_EVENT[field]);
    if (isGiven) setOwn(written, field, CHOSEN_WORDS.has(field) ? value : redaction.replace(value));
  }
  return written;
}

/** What the rule put into the input, without what would show a secret. */
function expectedInput(launch: WireLaunch, redaction: Redaction): JsonObject {
  const input: Record<string, Json> = {};
  for (const [key, value] of Object.entries(ownInput(launch.input))) {
    // Of texts that came with the events the rule makes the same without the secret; of its own it does not.
    const shown = redaction.replaceTexts(value);
    if (!redaction.isDoubtful({ [key]: shown })) setOwn(input, key, shown);
  }
  return input;
}

function expectation(launch: WireLaunch, input: JsonObject, atMs: number | null): JsonObject {
  return {
    ...(atMs === null ? {} : { at: formatDuration(atMs) }),
    trigger_id: launch.trigger_id,
    workflow_name: launch.workflow_name,
    ...(launch.mode === 'observe' ? { mode: launch.mode } : {}),
    ...(Object.keys(input).length === 0 ? {} : { input }),
  };
}
