import { isObject, ownValue, type JsonObject } from '../../kernel/json.js';
import { parentOf, SAMPLED, traceIn, type TraceContext } from '../../kernel/trace-context.js';
import type { Event } from '../../model/event.js';
import type { LaunchRecord } from '../../model/record.js';
import { decisionSpanId, derivedTraceId, launchSpanId } from './span-ids.js';

/** Where a span belongs. */
export interface TracePlace {
  readonly traceId: string;
  /** The span above it; null = it begins the trace. */
  readonly parentId: string | null;
  /** The span above it is another program's. */
  readonly isParentRemote: boolean;
  /** As W3C Trace Context has them. */
  readonly flags: number;
  readonly tracestate: string | null;
}

/** The launch by its id; null when it is not known (any more). */
export type LaunchLookup = (launchId: string) => LaunchRecord | null;

/** What of an event says where it belongs. */
export type TracedEvent = Pick<Event, 'event_id' | 'metadata'>;

/** Events that were published by launches for events that were published … followed back so far; a producer may have made up a circle. */
const GENERATIONS = 64;

/**
 * Where an event belongs: below the span that its metadata names; below the launch that published it; or it begins a trace,
 * which is recorded.
 */
export function eventPlace(event: TracedEvent, launchOf: LaunchLookup, left = GENERATIONS): TracePlace {
  const incoming = traceIn(event.metadata);
  const parent = incoming === null ? null : parentOf(incoming);
  const launchId = publisherOf(event.metadata);
  // What `emit` publishes carries on the trace context of its cause as it was: its launch stands between the two.
  const isEmitted = launchId !== null && event.event_id === `emit-${launchId}`;
  if (launchId !== null && left > 0 && (parent === null || isEmitted)) {
    const launch = launchOf(launchId);
    const place = launch === null ? null : launchPlace(launch, launchOf, left - 1);
    // One that was given another trace by its workflow belongs there.
    if (place !== null && (parent === null || parent.traceId === place.traceId))
      return { ...place, parentId: launchSpanId(launchId, 0), isParentRemote: false };
  }
  if (incoming === null || parent === null) {
    return {
      traceId: derivedTraceId(event.event_id),
      parentId: null,
      isParentRemote: false,
      flags: SAMPLED,
      tracestate: null,
    };
  }
  return {
    traceId: parent.traceId,
    parentId: parent.spanId,
    isParentRemote: launchId === null,
    flags: parent.flags,
    tracestate: incoming.tracestate,
  };
}

/** Where a launch belongs: below its decision, in the trace of the event that completed it. */
export function launchPlace(
  launch: Pick<LaunchRecord, 'event_id' | 'trigger_id' | 'at' | 'input'>,
  launchOf: LaunchLookup,
  left = GENERATIONS,
): TracePlace {
  const event = triggerEvent(launch.input);
  const parentId = decisionSpanId(launch);
  if (event !== null) return { ...eventPlace(event, launchOf, left), parentId, isParentRemote: false };
  return {
    traceId: derivedTraceId('timer', launch.trigger_id, launch.at),
    parentId,
    isParentRemote: false,
    flags: SAMPLED,
    tracestate: null,
  };
}

/** The trace context that the event brought which a launch was decided for; null when there was none. */
export function inheritedTrace({ input }: Pick<LaunchRecord, 'input'>): TraceContext | null {
  const event = triggerEvent(input);
  return event === null ? null : traceIn(event.metadata);
}

function triggerEvent(input: JsonObject): TracedEvent | null {
  const event = ownValue(input, 'trigger_event');
  if (!isObject(event)) return null;
  const event_id = ownValue(event, 'event_id');
  const metadata = ownValue(event, 'metadata');
  return typeof event_id === 'string' && isObject(metadata) ? { event_id, metadata } : null;
}

function publisherOf(metadata: JsonObject): string | null {
  const own = ownValue(metadata, 'triggerd');
  const launchId = isObject(own) ? ownValue(own, 'launch_id') : null;
  return typeof launchId === 'string' ? launchId : null;
}
