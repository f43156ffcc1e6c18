import type { Fault } from '../../kernel/fault.js';
import type { Firing } from '../../model/decision.js';
import type { Event } from '../../model/event.js';
import { systemError } from '../system-error.js';

/** The event of a launch that could not be made. */
export function failureEvent(triggerId: string, firing: Firing, fault: Fault, nowMs: number): Event {
  const cause = firing.event?.event ?? null;
  const event_id = cause?.event_id ?? null;
  return systemError({
    event_id: `unlaunched-${triggerId}-${firing.cause}-${event_id ?? firing.at}`,
    at: nowMs,
    cause,
    payload: { error: fault.message, reason: 'launch_failed', trigger_id: triggerId, event_id },
  });
}
