import { Fault } from '../../kernel/fault.js';
import { uuidV7 } from '../../kernel/ids.js';
import { isObject, type Json, type JsonObject, ownValue } from '../../kernel/json.js';
import { readEvent } from '../../load/event.js';
import { readEventFiles } from '../../load/event-files.js';
import type { Event } from '../../model/event.js';
import type { CommandContext, CommandInput } from '../command.js';
import { parsePathValue, putAt } from './path-values.js';

/** An event that is to be sent. */
export interface Outgoing {
  /** As it was given, with an id: what is sent twice is taken once. */
  readonly raw: JsonObject;
  /** The same with every field filled in. */
  readonly event: Event;
  /** `events.jsonl:3`, or `the event`. */
  readonly place: string;
}

/** Options that set a field of the event as they are. */
const FIELD_OPTIONS = {
  priority: 'priority',
  source: 'source',
  target: 'target',
  session: 'session_id',
  user: 'user_id',
  correlation: 'correlation_id',
  channel: 'channel',
  id: 'event_id',
  timestamp: 'timestamp',
} as const satisfies Record<string, keyof Event>;

/** The names of the options that make up an event. */
export const EVENT_OPTIONS: readonly string[] = [...Object.keys(FIELD_OPTIONS), 'payload', 'field'];

/** The event that the type and the options describe. Throws a Fault `usage` or `events-invalid`. */
export function eventFromOptions(type: string, input: CommandInput, context: CommandContext): Outgoing {
  const raw: Record<string, Json> = { event_type: type };
  for (const [option, field] of Object.entries(FIELD_OPTIONS)) {
    const value = input.value(option);
    if (value !== null) raw[field] = value;
  }
  const payload = input.value('payload');
  if (payload !== null) raw['payload'] = parsePayload(payload);
  for (const text of input.list('field')) putAt(raw, parsePathValue(text, 'field'), 'field');
  return outgoing(raw, 'the event', context);
}

function parsePayload(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new Fault('usage', `--payload is not JSON: ${(cause as Error).message}`, {
      hint: `write --payload '{"total": 5}', or --field payload.total=5`,
    });
  }
}

/** The events of files, as sample events are read. Throws the Faults `unreadable` and `events-invalid`. */
export async function* eventsFromFiles(
  files: readonly string[],
  context: CommandContext,
): AsyncGenerator<readonly Outgoing[]> {
  const io = {
    get stdin() {
      return context.stdin;
    },
  };
  for await (const batch of readEventFiles(files, io)) {
    yield batch.map(({ raw, file, line }) => outgoing(raw, `${file}:${line}`, context));
  }
}

/** Checked as strictly as sample events are: a field that is misspelt would only be dropped by the daemon. */
function outgoing(raw: unknown, place: string, context: CommandContext): Outgoing {
  const now = context.now();
  const read = readEvent(raw, { mode: 'strict', receivedAt: now, newId: () => uuidV7(now) });
  if ('event' in read && isObject(raw)) {
    const { event_id } = read.event;
    return {
      raw: ownValue(raw, 'event_id') === undefined ? { event_id, ...raw } : raw,
      event: read.event,
      place,
    };
  }
  const problems = 'problems' in read ? read.problems : [];
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more in this event)` : '';
  throw new Fault('events-invalid', `${place}: ${first?.message ?? 'this is no event'}${more}`, {
    ...(first?.hint ? { hint: first.hint } : {}),
  });
}
