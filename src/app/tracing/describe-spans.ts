import type { Happening } from '../../engine/daemon.js';
import { SAMPLED } from '../../kernel/trace-context.js';
import { eventSpanId } from '../../launch/trace/span-ids.js';
import { eventPlace, type LaunchLookup } from '../../launch/trace/trace-place.js';
import type { Event } from '../../model/event.js';
import type { LaunchRecord, StoredEvent } from '../../model/record.js';
import { describeDecision } from './describe-decision.js';
import { describeLaunch } from './describe-launch.js';
import type { PastLookup, SpanAttributes, SpanDescription } from './span-description.js';

/**
 * The spans that are over with what was made durable at `toldAt`: of each event from its arrival, of what was decided, of each
 * attempt and launch that ended. Nothing of a trace that whoever began it does not want recorded.
 */
export function describeSpans(
  happenings: readonly Happening[],
  toldAt: number,
  past: PastLookup,
): readonly SpanDescription[] {
  const launches = new Map<string, LaunchRecord>();
  const events = new Map<string, Event>();
  for (const happening of happenings) {
    if (happening.kind === 'event') events.set(happening.stored.event.event_id, happening.stored.event);
    else if (happening.kind === 'launch') {
      // The first is the launch as it was decided; what changed of it since makes no difference here.
      const { launch } = happening;
      if (!launches.has(launch.launch_id)) launches.set(launch.launch_id, launch);
    }
  }
  const known: PastLookup = {
    launch: (launchId) => launches.get(launchId) ?? past.launch(launchId),
    event: (eventId) => events.get(eventId) ?? past.event(eventId),
  };
  return happenings.flatMap((happening) => {
    switch (happening.kind) {
      case 'event':
        return describeEvent(happening.stored, toldAt, known.launch);
      case 'decision':
        return describeDecision(happening.decision, toldAt, known);
      case 'launch':
        return describeLaunch(happening.launch, known.launch);
    }
  });
}

function describeEvent(
  { event, position, received_at }: StoredEvent,
  toldAt: number,
  launchOf: LaunchLookup,
): SpanDescription[] {
  const { flags, ...place } = eventPlace(event, launchOf);
  if ((flags & SAMPLED) === 0) return [];
  return [
    {
      name: `event ${event.event_type}`,
      kind: 'consumer',
      ...place,
      spanId: eventSpanId(event.event_id),
      startMs: received_at,
      endMs: Math.max(received_at, toldAt),
      attributes: eventAttributes(event, position),
      error: null,
    },
  ];
}

/** Source: OpenTelemetry semantic conventions for CloudEvents and for messaging. */
function eventAttributes(event: Event, position: number): SpanAttributes {
  return {
    'cloudevents.event_id': event.event_id,
    'cloudevents.event_type': event.event_type,
    'cloudevents.event_source': event.source,
    ...(event.target === null ? {} : { 'cloudevents.event_subject': event.target }),
    'messaging.system': 'triggerd',
    'messaging.operation.name': 'decide',
    'messaging.operation.type': 'process',
    'messaging.message.id': event.event_id,
    ...(event.correlation_id === null ? {} : { 'messaging.message.conversation_id': event.correlation_id }),
    'triggerd.event.timestamp': event.timestamp,
    'triggerd.event.priority': event.priority,
    'triggerd.position': position,
  };
}
