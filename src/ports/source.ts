import type { Log } from '../kernel/log.js';
import type { TraceContext } from '../kernel/trace-context.js';
import type { Event } from '../model/event.js';
import type { Clock } from './clock.js';

/** An event on its way in: read and checked, with its time. */
export interface Incoming {
  readonly event: Event;
  /** Event time, epoch ms. */
  readonly at: number;
}

/** What is known of an event beside its text. */
export interface Accompanying {
  /** The id of an event that brings none: the same whenever the source gives it again. Left out = a new one. */
  readonly eventId?: string;
  /** The trace it came in; one that the event itself names goes before it. */
  readonly trace?: TraceContext | null;
}

/** What a source hands its events to. */
export interface Intake {
  /**
   * Takes a text as one event (JSON object; anything else is an Incoming's problem): resolves when it is durable, or known
   * already, and decided. Throws a Fault: `event-invalid` or `event-undecided` (it never will be taken: skip it),
   * `intake-closed`, `store-full` or `overloaded` (not now: wait and give it again).
   */
  json(text: string, beside?: Accompanying): Promise<void>;
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
  /** A stream of a NATS server; null = none. */
  readonly nats: NatsSettings | null;
}

/** How a stream of NATS JetStream is read. */
export interface NatsSettings {
  /** At least one, `nats://host:4222` or `tls://host:4222`. */
  readonly servers: readonly string[];
  readonly stream: string;
  /** Only messages of these subjects, wildcards allowed; empty = the whole stream. */
  readonly subjects: readonly string[];
  /** Name of the durable consumer that remembers what has been read. */
  readonly durable: string;
  readonly user: string | null;
  readonly password: string | null;
  readonly token: string | null;
  /** Path of a .creds file, absolute. */
  readonly credentials: string | null;
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
