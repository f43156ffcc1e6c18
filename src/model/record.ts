import type { Json } from '../kernel/json.js';
import type { Launch, Suppression } from './decision.js';
import type { Event } from './event.js';
import type { Attempt, LaunchStatus } from './outcome.js';
import type { Workflow } from './trigger.js';

/** An event in the journal. */
export interface StoredEvent {
  /** Place in the journal, from 1, without gaps, in the order of deciding. */
  readonly position: number;
  readonly event: Event;
  /** Epoch ms. */
  readonly received_at: number;
}

/** What one event, or one timer, led to; kept only when it led to something. */
export interface StoredDecision {
  /** Of the event; for a timer, of the last event before it. */
  readonly position: number;
  /** null for a timer. */
  readonly event_id: string | null;
  /** Engine time, epoch ms. */
  readonly at: number;
  /** The rule set that decided. */
  readonly ruleset_hash: string;
  readonly launches: readonly string[];
  readonly suppressed: readonly Suppression[];
}

/** A launch in the outbox: what was decided, under which definition it runs, and what has come of it. Times in epoch ms. */
export interface LaunchRecord extends Launch {
  /** Journal position of the decision. */
  readonly position: number;
  readonly ruleset_hash: string;
  readonly status: LaunchStatus;
  /** The workflow as it was defined at the decision: the launch finishes under it, whatever is reloaded meanwhile. */
  readonly workflow: Workflow;
  /** How it came about, one hop further than its cause: what the events about it carry in `metadata.triggerd`. */
  readonly hops: number;
  readonly chain: readonly string[];
  readonly correlation_id: string | null;
  readonly session_id: string | null;
  readonly user_id: string | null;
  /** Of the completing event: whether, and how often after the first time, it may be tried again where the workflow does not say. */
  readonly retryable: boolean;
  readonly max_retries: number;
  readonly attempts: readonly Attempt[];
  /** Attempts made before the last redrive: they no longer count against the retries. */
  readonly redriven_after: number;
  /** When the next attempt is due; null when none is planned. */
  readonly next_at: number | null;
  readonly ended_at: number | null;
  readonly output: Json;
}
