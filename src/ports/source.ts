import type { Log } from '../kernel/log.js';
import type { Event } from '../model/event.js';
import type { Clock } from './clock.js';

/** An event on its way in: read and checked, with its time. */
export interface Incoming {
  readonly event: Event;
  /** Event time, epoch ms. */
  readonly at: number;
}

/** What a source hands its events to. */
export interface Intake {
  /**
   * Takes a text as one event (JSON object; anything else is an Incoming's problem): resolves when it is durable, or known
   * already, and decided. Throws a Fault: `event-invalid` (it never will be taken: skip it), `intake-closed`,
   * `store-full` or `overloaded` (not now: wait and give it again).
   */
  json(text: string): Promise<void>;
}

/** Where events come from besides HTTP: one file in `sources/`, one line in its registry. */
export interface Source {
  /** Runs until the end of its input, or until `signal` aborts; what was handed over is finished first. */
  run(intake: Intake, signal: AbortSignal): Promise<void>;
}

/** What a source needs beside its own settings. */
export interface SourceHost {
  readonly log: Log;
  readonly clock: Clock;
  /** Where it may keep how far it came, durably: null at first. */
  readonly bookmark: { read(): string | null; write(text: string): Promise<void> };
}

/** Which sources the daemon is to have; the settings' `sources:`. */
export interface SourceSettings {
  /** Standard input, when events are to be taken from it. */
  readonly stdin: NodeJS.ReadableStream | null;
  /** Files to follow, absolute. */
  readonly follow: readonly string[];
}

/** One source that is to run. */
export interface PlannedSource {
  /** Its own among all: what its bookmark is kept under. */
  readonly name: string;
  create(host: SourceHost): Source;
}

/** A sort of source, as its file in `sources/` defines it. */
export interface SourceKind {
  readonly name: string;
  readonly summary: string;
  /** The sources of this sort that the settings ask for. */
  plan(settings: SourceSettings): readonly PlannedSource[];
}
