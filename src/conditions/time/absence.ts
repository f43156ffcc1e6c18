/**
 * When an absence is decided: `lateness` after it was due, or after what it waits upon arrived if that was later, so that
 * an event that happened in time may arrive a little late. The least lateness is 1 ms: the timers of an instant run before
 * the events that arrive at it, and an event exactly at the deadline counts.
 */
export function decideAt(dueAt: number, openerArrivedAt: number, latenessMs: number): number {
  return Math.max(dueAt, openerArrivedAt) + Math.max(latenessMs, 1);
}
