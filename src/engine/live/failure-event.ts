import { lineageOf } from '../../decide/gates/loop.js';
import type { Fault } from '../../kernel/fault.js';
import { formatTime } from '../../kernel/time.js';
import type { Firing } from '../../model/decision.js';
import { BLANK_EVENT, type Event } from '../../model/event.js';

/** The `system.error` event of a launch that could not be made. It carries its cause's lineage one hop on. */
export function failureEvent(triggerId: string, firing: Firing, fault: Fault, nowMs: number): Event {
  const cause = firing.event?.event ?? null;
  const lineage = cause === null ? { hops: 0, chain: [] } : lineageOf(cause);
  return {
    ...BLANK_EVENT,
    event_id: `unlaunched-${triggerId}-${firing.cause}-${cause?.event_id ?? firing.at}`.slice(0, 256),
    event_type: 'system.error',
    source: 'triggerd',
    payload: {
      error: fault.message,
      reason: 'launch_failed',
      trigger_id: triggerId,
      event_id: cause?.event_id ?? null,
    },
    metadata: { triggerd: { hops: lineage.hops + 1, chain: [...lineage.chain] } },
    timestamp: formatTime(nowMs),
    priority: 'high',
    correlation_id: cause?.correlation_id ?? cause?.event_id ?? null,
  };
}
