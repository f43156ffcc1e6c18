import type { LaunchRecord, StoredDecision, StoredEvent } from '../model/record.js';
import type { LaunchStatus } from '../model/outcome.js';

/** One piece of remembered state; `value` is JSON text, null removes it. */
export interface StateRow {
  readonly key: string;
  readonly value: string | null;
}

/** Everything one step of the engine makes durable, together or not at all. */
export interface Commit {
  /** Journal position reached: that of the last event, or the one before when there is none. */
  readonly position: number;
  /** Engine time, epoch ms. */
  readonly now: number;
  readonly events: readonly StoredEvent[];
  readonly decisions: readonly StoredDecision[];
  readonly state: readonly StateRow[];
  /** New launches. One whose id is known already is left as it stands. */
  readonly launches: readonly LaunchRecord[];
  /**
   * Launches that changed: their status, attempts, redriven_after, next_at, ended_at and output replace what is known under
   * their ids, also of launches of this same commit; the rest of a launch stands as it was decided.
   */
  readonly updates: readonly LaunchRecord[];
}

/** What the last commit left. */
export interface Recovered {
  /** 0 for a new store. */
  readonly position: number;
  /** Engine time of the last commit, epoch ms; null for a new store. */
  readonly now: number | null;
}

/**
 * One page of a reading, and the cursor of the next; null at the end. Cursors are opaque and stay valid across commits. A page
 * may hold fewer than `limit`, even none, and yet have a next: a reading that finds little stops after a bounded time.
 */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** `order: newest` reads backwards from the end; `oldest` forwards. `limit` is 1 to 1 000. */
export interface PageQuery {
  readonly cursor: string | null;
  readonly limit: number;
  readonly order: 'newest' | 'oldest';
}

export interface EventQuery extends PageQuery {
  /** Exact names, or with a final `*` for whole segments; empty = all. */
  readonly types: readonly string[];
  /** Received in [sinceMs, untilMs); null = open. */
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
  /** Only behind this journal position; null = from the beginning. */
  readonly afterPosition: number | null;
}

export interface LaunchQuery extends PageQuery {
  readonly trigger_id: string | null;
  readonly workflow_name: string | null;
  /** Empty = all. */
  readonly statuses: readonly LaunchStatus[];
  /** Decided in [sinceMs, untilMs), by the launch's `at`. */
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
}

export interface DecisionQuery extends PageQuery {
  readonly event_id: string | null;
  /** Decisions in which this trigger launched or was suppressed. */
  readonly trigger_id: string | null;
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
}

export interface StoreCounts {
  readonly events: number;
  readonly launches: Readonly<Record<LaunchStatus, number>>;
}

/** What to forget. Launches that are not finished, and dead ones, are never forgotten by age. */
export interface Retention {
  /** Events, their decisions, and finished launches from before this time go. Event ids are remembered by `idsBeforeMs`. */
  readonly beforeMs: number;
  /** Event ids received before this time may come again. */
  readonly idsBeforeMs: number;
  /** When the journal still takes more than this, its oldest events, decisions and finished launches go too; null = no bound. */
  readonly maxBytes: number | null;
}

export interface Pruned {
  readonly events: number;
  readonly launches: number;
}

/**
 * Where the daemon remembers: journal, state and outbox in one. Opened once, used by one engine.
 *
 * Faults: `store-newer` (written by a later version; left untouched), `store-busy` (another process has it open),
 * `store-corrupt` (the integrity check failed), `store-full` (no space: nothing of the commit was taken, and the next may
 * succeed), `store-failed` (durability can no longer be promised: end the process).
 */
export interface Store {
  open(): Promise<Recovered>;
  /** All state, in key order; with `prefix`, what starts with it. Read it to the end before the next commit. */
  state(prefix?: string): Iterable<{ readonly key: string; readonly value: string }>;
  /** Launches to go on with (pending, running, retrying), in the order they were decided. */
  unfinished(): Iterable<LaunchRecord>;
  /** Which of these event ids were received at or after `sinceMs`. */
  known(eventIds: readonly string[], sinceMs: number): ReadonlySet<string>;
  /** All or nothing, and durable when it resolves. Commits are made one after another. */
  commit(commit: Commit): Promise<void>;
  event(eventId: string): StoredEvent | null;
  events(query: EventQuery): Page<StoredEvent>;
  launch(launchId: string): LaunchRecord | null;
  launches(query: LaunchQuery): Page<LaunchRecord>;
  decisions(query: DecisionQuery): Page<StoredDecision>;
  counts(): StoreCounts;
  /** Forgets in steps short enough not to hold up commits: call again while `done` is false. */
  prune(retention: Retention): Promise<Pruned & { readonly done: boolean }>;
  /** Bytes on disk (0 for a store in memory). */
  sizeBytes(): number;
  /** Idempotent. */
  close(): Promise<void>;
}
