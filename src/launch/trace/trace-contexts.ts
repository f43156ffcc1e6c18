import { writeTraceContext, type TraceContext } from '../../kernel/trace-context.js';
import type { LaunchRecord } from '../../model/record.js';
import { attemptSpanId, launchSpanId } from './span-ids.js';
import { inheritedTrace, launchPlace, type LaunchLookup } from './trace-place.js';

/** The trace context that goes out with what a launch does. */
export interface TraceContexts {
  /** With the events that tell of it. */
  ofLaunch(launch: LaunchRecord): TraceContext | null;
  /** With one of its attempts, by number. */
  ofAttempt(launch: LaunchRecord, number: number): TraceContext | null;
}

/** Without spans of our own: what came in goes out. */
export const inheritedContexts: TraceContexts = {
  ofLaunch: inheritedTrace,
  ofAttempt: inheritedTrace,
};

/** With spans of our own: what goes out names the span it goes out from. A trace that is not recorded is passed on as such. */
export function spanContexts(launchOf: LaunchLookup): TraceContexts {
  const under = (launch: LaunchRecord, spanId: string): TraceContext => {
    const { traceId, flags, tracestate } = launchPlace(launch, launchOf);
    return writeTraceContext({ traceId, spanId, flags }, tracestate);
  };
  return {
    ofLaunch: (launch) => under(launch, launchSpanId(launch.launch_id, launch.redriven_after)),
    ofAttempt: (launch, number) => under(launch, attemptSpanId(launch, number)),
  };
}
