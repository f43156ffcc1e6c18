import { sha256 } from '../../kernel/hash.js';
import type { Launch } from '../../model/decision.js';
import type { LaunchRecord } from '../../model/record.js';

/*
 * Ids of traces and spans are hashes of what they are about: whoever asks again, also after a crash, gets the same, and
 * nothing has to be remembered for it.
 */

/** The id of a trace that begins here: with an event, or with a timer that no event has set. */
export function derivedTraceId(...root: readonly (string | number)[]): string {
  return hashOf('trace', root).slice(0, 32);
}

export function eventSpanId(eventId: string): string {
  return spanId('event', eventId);
}

/**
 * The span of deciding what one event led to, at one time: when it came, or when a timer was due that it had set. Without an
 * event, of what one trigger's timer led to.
 */
export function decisionSpanId({
  event_id,
  trigger_id,
  at,
}: Pick<Launch, 'event_id' | 'trigger_id' | 'at'>): string {
  return event_id === null ? spanId('timer', trigger_id, at) : spanId('decision', event_id, at);
}

/** The span of carrying a launch out until it is done or given up; redriven, it is carried out anew. */
export function launchSpanId(launchId: string, redrivenAfter: number): string {
  return redrivenAfter === 0 ? spanId('launch', launchId) : spanId('launch', launchId, redrivenAfter);
}

/** The span of one attempt, by its number. */
export function attemptSpanId({ launch_id }: Pick<LaunchRecord, 'launch_id'>, number: number): string {
  return spanId('attempt', launch_id, number);
}

function spanId(kind: string, ...about: readonly (string | number)[]): string {
  return hashOf(kind, about).slice(0, 16);
}

function hashOf(kind: string, about: readonly (string | number)[]): string {
  return sha256(JSON.stringify([kind, ...about]));
}
