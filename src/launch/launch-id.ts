import { sha256 } from '../kernel/hash.js';
import { canonicalJson } from '../kernel/json.js';
import type { Firing } from '../model/decision.js';

/**
 * What the ids of one entry of a trigger's launches have in common. `repetition` counts earlier entries of the same
 * workflow in the same trigger, so that launching it twice gives two ids and reordering others changes none.
 */
export function launchIdPrefix(triggerId: string, workflowName: string, repetition: number): string {
  return JSON.stringify([triggerId, workflowName, repetition]);
}

/** What the ids of one firing have in common: group, for_each index, and the event or the timer and its due time. */
export function launchIdSuffix(firing: Firing): string {
  const { event, cause } = firing;
  // JSON holds no line break, and what may hold one stands last: different decisions give different texts.
  const group = firing.group.length === 0 ? '' : canonicalJson(firing.group);
  const made =
    cause === 'event' && event !== null ? `event ${event.event.event_id}` : `${firing.at} ${cause}`;
  return `\n${group}\n${event?.index ?? -1}\n${made}`;
}

/**
 * The launch id: the same decision has the same id in every run, and executors use it as their idempotency key. `l_` and
 * 128 bits of SHA-256 in hexadecimal digits.
 */
export function launchId(prefix: string, suffix: string): string {
  return `l_${sha256(prefix + suffix).slice(0, 32)}`;
}
