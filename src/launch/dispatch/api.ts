import type { Log } from '../../kernel/log.js';
import type { LaunchRecord } from '../../model/record.js';
import type { Clock } from '../../ports/clock.js';
import type { ExecutorHost, ExecutorKind } from '../../ports/executor-kind.js';
import type { Meter } from '../../ports/meter.js';
import type { Templates } from '../../ports/templates.js';
import type { TraceContexts } from '../trace/trace-contexts.js';
import type { BreakerSettings } from './breaker.js';
import type { NoticeKind } from './notices.js';

/** What became of a launch. `started`: an attempt begins. */
export type LaunchChange = 'started' | 'succeeded' | 'retrying' | 'dead' | 'skipped';

export interface DispatcherLimits {
  /** Executors at work at once, over all workflows. */
  readonly maxRunning: number;
  /** Launches of one trigger that may start in any minute; null = as many as there are. */
  readonly stormPerMinute: number | null;
  /** Failed attempts in a row after which a workflow is left alone, and for how long at first. */
  readonly breaker: BreakerSettings;
}

export interface DispatcherOptions {
  readonly executors: ReadonlyMap<string, ExecutorKind>;
  readonly templates: Templates;
  readonly host: ExecutorHost;
  readonly clock: Clock;
  /** From [0, 1), for the jitter of retries. */
  readonly random: () => number;
  readonly meter: Meter;
  readonly log: Log;
  readonly limits: DispatcherLimits;
  /** What trace context attempts go out with; left out = what came in with their events. */
  readonly traces?: TraceContexts;
  /** Makes a changed launch durable; resolves when it is. Rejects only when the daemon is ending: then nothing more is begun. */
  record(changed: LaunchRecord, change: LaunchChange): Promise<void>;
  /** Something an operator should hear of: at most once a minute for each kind and subject (workflow, or trigger). */
  notice(kind: NoticeKind, subject: string, message: string): void;
}

/**
 * Carries out launches that are durable in the outbox: each at least once, under its own id, until it succeeded, is dead or
 * was left out.
 *
 * What waits is held in memory: its record, half a kilobyte beside it, and 4 KB for each distinct concurrency key that
 * something waits for. A million waiting launches ask for gigabytes, so intake has to be bounded by `queued`.
 */
export interface Dispatcher {
  /** Durable launches that are pending, retrying, or running (their process died). Those that it has already are left alone. */
  add(launches: readonly LaunchRecord[]): void;
  /** A launch that was redriven: what it was waiting for is forgotten. One that is being tried goes on, with its retries counted anew. */
  replace(launch: LaunchRecord): void;
  /** Executors at work, beginnings and ends being recorded included. */
  readonly running: number;
  /** All others, also those that wait for their next attempt. */
  readonly queued: number;
  /**
   * Begins nothing more. Waits for what runs up to `graceMs`, then cuts it off: such launches stay `running` in the store, and
   * are run again by the next process. Resolves when none runs. May be called again, with less patience.
   */
  stop(graceMs: number): Promise<void>;
}
