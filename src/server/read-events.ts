import { isObject } from '../kernel/json.js';
import { readTraceContext } from '../kernel/trace-context.js';
import { fromCloudEvent, isCloudEvent } from '../load/cloud-event.js';
import { readEvent } from '../load/event.js';
import { withTraceContext } from '../load/trace-metadata.js';
import { EVENT_MAX_DEPTH } from '../model/event.js';
import type { Incoming } from '../ports/source.js';
import { unsoundness } from '../kernel/json-soundness.js';
import type { Parameters } from './parameters.js';
import { createProblems, type Problems } from './problems.js';
import type { Call, Site } from './route.js';
import { type SentEvent, splitBody } from './split-body.js';

/**
 * The events of a request, read and checked. Throws a Refusal that names everything that is wrong with any of them. Fields
 * that are unknown are dropped and counted. The trace that the request belongs to is that of each event which names none.
 */
export function readEvents(
  call: Call<Parameters>,
  { host, options }: Site,
  maxEvents = options.maxEventsPerRequest,
): Incoming[] {
  const problems = createProblems();
  const sent = splitBody(call, maxEvents, problems);
  const events: Incoming[] = [];
  const trace = readTraceContext(call.headers['traceparent'], call.headers['tracestate']);
  let dropped = 0;
  const readOptions = { mode: 'lenient', receivedAt: call.nowMs, newId: host.newId } as const;
  for (const event of sent) {
    const raw = plainEvent(event, problems);
    if (raw === undefined) continue;
    const read = readEvent(raw, readOptions);
    if ('problems' in read) {
      for (const { path, message, hint } of read.problems) problems.add(event.index, path, message, hint);
    } else {
      dropped += read.dropped;
      events.push({ event: withTraceContext(read.event, trace), at: read.at });
    }
  }
  if (problems.count > 0) throw problems.refusal();
  if (dropped > 0) {
    host.meter
      .counter('event_fields_dropped_total', 'Unknown fields left out of events that were taken.')
      .add(dropped);
  }
  return events;
}

/** The event as a person would write it; undefined when it was a problem. */
function plainEvent({ index, raw, isCloudEvent: said }: SentEvent, problems: Problems): unknown {
  // Words about a value that is bottomless could not even be made.
  switch (unsoundness(raw, EVENT_MAX_DEPTH)) {
    case 'deep':
      problems.add(
        index,
        '',
        `the event nests deeper than an event may (${EVENT_MAX_DEPTH} levels)`,
        'flatten it',
      );
      return undefined;
    case 'infinite':
      problems.add(index, '', 'the event holds a number that is too large', 'send it as a text');
      return undefined;
    case null:
      break;
  }
  if (!said && !isCloudEvent(raw)) return raw;
  if (!isObject(raw)) {
    problems.add(index, '', 'a CloudEvent is an object', null);
    return undefined;
  }
  const converted = fromCloudEvent(raw);
  if ('raw' in converted) return converted.raw;
  for (const { path, message, hint } of converted.problems) problems.add(index, path, message, hint);
  return undefined;
}
