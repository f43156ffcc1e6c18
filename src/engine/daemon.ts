import type { JsonObject } from '../kernel/json.js';
import type { Suppression } from '../model/decision.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { LaunchStatus } from '../model/outcome.js';
import type { LaunchRecord, StoredDecision, StoredEvent } from '../model/record.js';
import type { ReportLaunch, Why } from '../model/report.js';
import type { Incoming } from '../ports/source.js';
import type { DecisionQuery, EventQuery, LaunchQuery, Page } from '../ports/store.js';

/** What became of one event that was handed in. */
export interface Receipt {
  readonly event_id: string;
  /** Its place in the journal; null for a duplicate. */
  readonly position: number | null;
  /** Its id is known already: it was not decided again. */
  readonly duplicate: boolean;
  /** What it led to; null when nothing, or for a duplicate. */
  readonly decision: StoredDecision | null;
  /** The launches of that decision. */
  readonly launches: readonly LaunchRecord[];
}

/** Whether the daemon takes events, and under which rules. */
export interface Readiness {
  readonly ready: boolean;
  /** Why not, or what is doubtful (`reload refused`, `store full`, `stopping`, …); constant words. */
  readonly problems: readonly string[];
  readonly ruleset_hash: string;
  readonly triggers: number;
  /** When these rules were loaded, RFC 3339. */
  readonly loaded_at: string;
  /** When the newest reload was refused, RFC 3339; null when the newest was taken. */
  readonly refused_at: string | null;
  /** Every diagnostic of the newest reading of the folder. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A trigger as it runs. Times RFC 3339. */
export interface TriggerStatus {
  readonly trigger_id: string;
  readonly description: string;
  readonly event_types: readonly string[];
  readonly active: boolean;
  readonly mode: 'launch' | 'observe';
  readonly tags: readonly string[];
  readonly file: string;
  readonly line: number;
  readonly launched: number;
  readonly observed: number;
  readonly suppressed: number;
  readonly last_launch_at: string | null;
  readonly snoozed_until: string | null;
  /** Groups remembered, and what the condition counted (late events, evictions …). */
  readonly groups: number;
  readonly timers: number;
  readonly counters: Readonly<Record<string, number>>;
}

export interface GroupStatus {
  readonly group: JsonObject;
  /** Where the condition stands, in a sentence; null when there is nothing to say. */
  readonly standing: string | null;
  readonly timers: readonly { readonly purpose: string; readonly due_at: string }[];
  /** Until when its cooldown lasts; null = none. */
  readonly cooldown_until: string | null;
}

export interface DaemonStats {
  /** RFC 3339. */
  readonly started_at: string;
  readonly now: string;
  readonly ruleset_hash: string;
  readonly position: number;
  readonly events: {
    readonly received: number;
    readonly duplicate: number;
    readonly rejected: number;
    readonly stored: number;
    readonly by_type: Readonly<Record<string, number>>;
  };
  readonly launches: Readonly<Record<LaunchStatus, number>>;
  readonly triggers: { readonly total: number; readonly active: number };
  readonly running: number;
  readonly queued: number;
  readonly reloads: { readonly taken: number; readonly refused: number };
  readonly store_bytes: number;
}

/** What an event would lead to now; nothing of it happens. */
export interface LiveDryRun {
  readonly ruleset_hash: string;
  readonly event_id: string;
  readonly duplicate: boolean;
  readonly launches: readonly ReportLaunch[];
  readonly suppressed: readonly Suppression[];
  readonly why: readonly Why[];
}

/** One thing that happened, in journal order; told after it is durable. */
export type Happening =
  | { readonly kind: 'event'; readonly stored: StoredEvent }
  | { readonly kind: 'decision'; readonly decision: StoredDecision }
  | { readonly kind: 'launch'; readonly launch: LaunchRecord };

/**
 * The running daemon, as its surfaces see it. Every method that takes something in throws a Fault when it cannot:
 * `intake-closed` (stopping), `overloaded` (too much is waiting), `store-full`, `event-undecided` (a fault of triggerd's own:
 * sent again, it is refused again).
 */
export interface Daemon {
  /** Decides events in their order. Resolves when all of them are durable; takes all or none. */
  submit(events: readonly Incoming[]): Promise<readonly Receipt[]>;
  /** Counts input that was refused before it became an event. */
  rejected(count: number): void;
  /** `why` for one trigger, all of them with null. */
  dryRun(incoming: Incoming, triggerId: string | null): LiveDryRun;
  readiness(): Readiness;
  stats(): DaemonStats;
  event(eventId: string): StoredEvent | null;
  events(query: EventQuery): Page<StoredEvent>;
  launch(launchId: string): LaunchRecord | null;
  launches(query: LaunchQuery): Page<LaunchRecord>;
  decisions(query: DecisionQuery): Page<StoredDecision>;
  triggers(): readonly TriggerStatus[];
  /** Null when there is no such trigger. The groups are at most `limit`. */
  trigger(triggerId: string, limit: number): (TriggerStatus & { readonly of: readonly GroupStatus[] }) | null;
  /** Tries a dead, skipped or (waiting for its next attempt) retrying launch again, under its own id. Throws `launch-unknown`, `launch-unfinished`. */
  redrive(launchId: string): Promise<LaunchRecord>;
  /** Forgets what a trigger remembers: of one group (values by group_by path), or all. Resolves to the number of groups. Throws `trigger-unknown`, `usage`. */
  reset(triggerId: string, group: JsonObject | null): Promise<number>;
  /** Suppresses a trigger until a time, epoch ms; null ends it. Throws `trigger-unknown`. */
  snooze(triggerId: string, untilMs: number | null): Promise<void>;
  /** Tells what happens, from now on; returns how to stop. A listener that throws is an error in the log and goes on. */
  listen(listener: (happenings: readonly Happening[]) => void): () => void;
}
