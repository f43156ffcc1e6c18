import type { BusFigures } from '../engine/handlers/connect-bus.js';
import type { Log } from '../kernel/log.js';
import type { Clock } from '../ports/clock.js';
import type { Meter } from '../ports/meter.js';
import type { StreamLimits } from './stream/limits.js';

/** What a caller may do: hand in events, look, or interfere (redrive, reset, snooze). None of them includes another. */
export const SCOPES = ['ingest', 'read', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** A bearer token, known by its hash alone. */
export interface TokenOptions {
  /** For logs and limits. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** SHA-256 of the token, hex. A plain hash is enough for a token of high entropy. */
  readonly hash: string;
}

/** How the HTTP surface listens, and what it takes. */
export interface HttpOptions {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** Empty = everything is open, and only a loopback address is listened on. */
  readonly tokens: readonly TokenOptions[];
  /** Origins of web pages (`https://host[:port]`) that may call, besides the daemon's own. */
  readonly allowedOrigins: readonly string[];
  readonly maxBodyBytes: number;
  readonly maxEventsPerRequest: number;
  /** For receiving a whole request. */
  readonly requestTimeoutMs: number;
  /** Per token (without tokens: for all); null = none. */
  readonly rateLimit: RateLimit | null;
  readonly maxConnections: number;
  /** Where they are to differ from the stream's own. */
  readonly streamLimits?: Partial<StreamLimits>;
}

export interface RateLimit {
  readonly eventsPerSecond: number;
  /** How many events may come at once after a pause. */
  readonly burst: number;
}

/** Limits as they are when nobody says otherwise. */
export const HTTP_DEFAULTS = {
  maxBodyBytes: 8 * 1024 * 1024,
  maxEventsPerRequest: 10_000,
  requestTimeoutMs: 30_000,
  rateLimit: null,
  maxConnections: 1_000,
} as const satisfies Partial<HttpOptions>;

/** The world as the HTTP surface sees it. */
export interface HttpHost {
  readonly log: Log;
  readonly clock: Clock;
  readonly meter: Meter;
  /** All figures in Prometheus text format 0.0.4. */
  readonly metricsText: () => Promise<string>;
  /** What the handlers of the event bus have done. */
  readonly busFigures: () => BusFigures;
  /** An id for an event that has none. */
  readonly newId: () => string;
}
