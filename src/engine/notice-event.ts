import { lineageOf } from '../decide/gates/loop.js';
import { formatTime } from '../kernel/time.js';
import type { Notice } from '../model/decision.js';
import { BLANK_EVENT, type Event } from '../model/event.js';

/**
 * The `system.error` event of a notice, so that a rule can tell somebody. It carries the lineage of its cause one hop on:
 * a rule that loops on its own errors runs into the same gates.
 */
export function noticeEvent(notice: Notice): Event {
  const cause = notice.cause?.event ?? null;
  const lineage = cause === null ? { hops: 0, chain: [] } : lineageOf(cause);
  return {
    ...BLANK_EVENT,
    event_id: `notice-${notice.kind}-${notice.trigger_id}-${notice.at}`,
    event_type: 'system.error',
    source: 'triggerd',
    payload: {
      error: notice.message,
      reason: notice.kind,
      trigger_id: notice.trigger_id,
      event_id: cause?.event_id ?? null,
    },
    metadata: { triggerd: { hops: lineage.hops + 1, chain: [...lineage.chain] } },
    timestamp: formatTime(notice.at),
    priority: 'high',
    correlation_id: cause?.correlation_id ?? cause?.event_id ?? null,
  };
}
