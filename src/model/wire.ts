import type { Json, JsonObject } from '../kernel/json.js';
import type { ReportLaunch, ReportSuppression, Why } from './report.js';
import type { Event } from './event.js';
import type { LaunchStatus } from './outcome.js';

/*
 * What the daemon's HTTP interface answers with, and its client commands read. Times are RFC 3339 in UTC.
 */

export interface WireStoredEvent {
  readonly position: number;
  readonly received_at: string;
  readonly event: Event;
}

export interface WireAttempt {
  readonly number: number;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly reason: string | null;
}

export interface WireLaunch extends ReportLaunch {
  readonly status: LaunchStatus;
  readonly position: number;
  readonly ruleset_hash: string;
  readonly executor: string;
  readonly attempts: readonly WireAttempt[];
  readonly next_at: string | null;
  readonly ended_at: string | null;
  readonly output: Json;
}

export interface WireDecision {
  readonly position: number;
  readonly event_id: string | null;
  readonly at: string;
  readonly ruleset_hash: string;
  readonly launches: readonly string[];
  readonly suppressed: readonly ReportSuppression[];
}

/** Answer to `POST /v1/events`, one entry an event in the order they were sent. */
export interface WireReceipts {
  readonly events: readonly {
    readonly event_id: string;
    readonly position: number | null;
    readonly duplicate: boolean;
    /** With `?wait=decision`. */
    readonly decision?: WireDecision | null;
    readonly launches?: readonly WireLaunch[];
  }[];
}

export interface WirePage<T> {
  readonly items: readonly T[];
  /** Give it as `cursor` for the next page; null at the end. */
  readonly next: string | null;
}

/** What is wrong with one event of a request. */
export interface WireProblem {
  /** Of the event in the request, from 0. */
  readonly index: number;
  /** The field; `''` when it is the event as a whole. */
  readonly path: string;
  readonly message: string;
  readonly hint: string | null;
}

/** Every answer of 4xx and 5xx. `code` is a stable word. */
export interface WireError {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hint: string | null;
    /** For events: what is wrong, by index in the request and path in the event. */
    readonly problems?: readonly WireProblem[];
  };
}

/** Body of `POST /v1/triggers/:id/reset`: `group` by group_by path, null for all groups. */
export interface WireReset {
  readonly group: JsonObject | null;
}

/** Body of `POST /v1/triggers/:id/snooze`: RFC 3339, a duration from now, or null to end it. */
export interface WireSnooze {
  readonly until: string | null;
}

/** Answer to `POST /v1/triggers/:id/reset`: how many groups were forgotten. */
export interface WireResetDone {
  readonly trigger_id: string;
  readonly groups: number;
}

/** Answer to `POST /v1/triggers/:id/snooze`: RFC 3339, null when it is not snoozed. */
export interface WireSnoozed {
  readonly trigger_id: string;
  readonly snoozed_until: string | null;
}

/** Answer to `POST /v1/dry-run`: what the event would lead to now. */
export interface WireDryRun {
  readonly ruleset_hash: string;
  readonly event_id: string;
  readonly duplicate: boolean;
  readonly launches: readonly ReportLaunch[];
  readonly suppressed: readonly ReportSuppression[];
  readonly why: readonly Why[];
}
