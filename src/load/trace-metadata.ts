import type { TraceContext } from '../kernel/trace-context.js';
import type { Event } from '../model/event.js';

/**
 * The event with the trace it came in as `traceparent` and `tracestate` of its metadata; one whose metadata name a trace
 * already is left as it is.
 */
export function withTraceContext(event: Event, trace: TraceContext | null): Event {
  if (trace === null || Object.hasOwn(event.metadata, 'traceparent')) return event;
  // A state without its trace belongs to no trace, least of all to this one.
  const { tracestate: _stray, ...metadata } = event.metadata;
  const { traceparent, tracestate } = trace;
  return {
    ...event,
    metadata: { ...metadata, traceparent, ...(tracestate === null ? {} : { tracestate }) },
  };
}
