import type { Notice } from '../model/decision.js';
import type { Event } from '../model/event.js';
import { systemError } from './system-error.js';

/** The event of a notice. */
export function noticeEvent(notice: Notice): Event {
  const { kind, trigger_id, message, at } = notice;
  const cause = notice.cause?.event ?? null;
  return systemError({
    event_id: `notice-${kind}-${trigger_id}-${at}`,
    at,
    cause,
    payload: { error: message, reason: kind, trigger_id, event_id: cause?.event_id ?? null },
  });
}
