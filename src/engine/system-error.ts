import { lineageOf } from '../decide/gates/loop.js';
import type { JsonObject } from '../kernel/json.js';
import { formatTime } from '../kernel/time.js';
import { traceIn, traceMetadata } from '../kernel/trace-context.js';
import { BLANK_EVENT, type Event } from '../model/event.js';

/** Trouble of our own, to be told as an event. */
export interface Trouble {
  /** From what is told, so that telling it twice is telling it once. */
  readonly event_id: string;
  /** Epoch ms. */
  readonly at: number;
  /** The event that led to it; null = none did. */
  readonly cause: Event | null;
  readonly payload: JsonObject;
}

const EVENT_ID_MAX = 256;

/**
 * The `system.error` event of some trouble, so that a rule can tell somebody. It carries the lineage of its cause one hop on:
 * a rule that loops on its own errors runs into the same gates.
 */
export function systemError({ event_id, at, cause, payload }: Trouble): Event {
  const { hops, chain } = lineageOf(cause);
  return {
    ...BLANK_EVENT,
    event_id: event_id.slice(0, EVENT_ID_MAX),
    event_type: 'system.error',
    source: 'triggerd',
    payload,
    metadata: {
      triggerd: { hops: hops + 1, chain: [...chain] },
      ...traceMetadata(cause === null ? null : traceIn(cause.metadata)),
    },
    timestamp: formatTime(at),
    priority: 'high',
    correlation_id: cause?.correlation_id ?? cause?.event_id ?? null,
  };
}
