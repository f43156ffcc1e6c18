import type { Event } from '../../model/event.js';
import type { LaunchRecord } from '../../model/record.js';

export type SpanAttributes = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** A span that is over, as plain data. */
export interface SpanDescription {
  readonly name: string;
  readonly kind: 'internal' | 'consumer' | 'client' | 'producer';
  readonly traceId: string;
  readonly spanId: string;
  /** null = it begins the trace. */
  readonly parentId: string | null;
  /** The span above it is another program's. */
  readonly isParentRemote: boolean;
  readonly tracestate: string | null;
  /** Epoch ms. */
  readonly startMs: number;
  /** Not before the start. */
  readonly endMs: number;
  readonly attributes: SpanAttributes;
  /** Why what it is about has failed; null when it has not. */
  readonly error: string | null;
}

/** What is asked of the past, where what is told now does not say it. */
export interface PastLookup {
  launch(launchId: string): LaunchRecord | null;
  event(eventId: string): Event | null;
}

/** A list may be long; so much of it is told, beside its length. */
export const LISTED_MAX = 32;
