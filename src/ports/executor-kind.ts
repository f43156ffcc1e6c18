import type { Json, JsonObject } from '../kernel/json.js';
import type { Log } from '../kernel/log.js';
import type { TraceContext } from '../kernel/trace-context.js';
import type { Outcome } from '../model/outcome.js';
import type { JsonSchema } from './condition-kind.js';

/** One attempt of a launch, as its executor gets it. */
export interface Attempting {
  /** The idempotency key: the same in every attempt, after every crash. */
  readonly launch_id: string;
  readonly trigger_id: string;
  readonly workflow_name: string;
  /** When it was decided, epoch ms. */
  readonly at: number;
  readonly event_id: string | null;
  readonly group: JsonObject;
  /** The whole envelope. */
  readonly input: JsonObject;
  readonly correlation_id: string | null;
  /** From 1. */
  readonly attempt: number;
  /** The workflow's `with`, templates rendered; secrets are still references. */
  readonly settings: JsonObject;
  /** `with` as written, for what must not come from a template. */
  readonly written: JsonObject;
  /** What goes out with it belongs into this trace; null = into none. */
  readonly trace: TraceContext | null;
  /** After which `signal` aborts, milliseconds. */
  readonly timeoutMs: number;
}

/** `{ secret: { env } | { file } , prefix? }` as it stands in settings. */
export interface SecretReference {
  readonly secret: { readonly env: string } | { readonly file: string };
  readonly prefix?: string;
}

/** Reads secrets by reference. What it has once given out is taken out of every log line, outcome and report by value. */
export interface Secrets {
  /** The text with its prefix; throws SecretMissing. */
  read(reference: SecretReference): string;
  /** The text with every known secret replaced by `[secret]`. */
  redact(text: string): string;
}

/** A secret that could not be read: an expected failure that may mend itself (a file that is mounted late). */
export class SecretMissing extends Error {
  override readonly name = 'SecretMissing';
}

/** What the daemon's settings allow executors to do: a rule file cannot widen it. */
export interface ExecutorSettings {
  /** `command` runs at all. */
  readonly allow_commands: boolean;
  /** Folders (absolute) whose files `module` may run. */
  readonly module_folders: readonly string[];
  /** Networks (CIDR) of private addresses that requests may reach although the workflow does not say `allow_private`. */
  readonly private_networks: readonly string[];
  /** The rule folder, absolute: what relative files are relative to. */
  readonly folder: string;
  /** Where `email` delivers to when a workflow names no server of its own; null = such a workflow sends no mail. */
  readonly smtp_url: string | null;
}

/** The world as an executor sees it. */
export interface ExecutorHost {
  readonly log: Log;
  readonly secrets: Secrets;
  readonly settings: ExecutorSettings;
  /** Environment of the daemon, for what may be passed on. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Epoch ms. */
  now(): number;
}

/**
 * Carries out one attempt. Never throws for an expected failure. When `signal` aborts (the timeout, or the daemon's end) it
 * ends what it began and resolves within two seconds; the caller knows why it aborted.
 */
export type Execute = (attempting: Attempting, host: ExecutorHost, signal: AbortSignal) => Promise<Outcome>;

/** What a workflow is launched with: one file in `executors/`, one line in its registry. */
export interface ExecutorKind {
  /** The word behind `executor:`. */
  readonly name: string;
  readonly summary: string;
  /** Schema of `with:`, with descriptions and examples. */
  readonly schema: JsonSchema;
  /** Complete examples of a workflow that uses it. */
  readonly examples: readonly JsonObject[];
  /** Loads what carries it out, when the first launch needs it; null for `emit`, which the engine follows itself. */
  readonly load: (() => Promise<Execute>) | null;
}

/** Shorthand for outcomes. */
export const succeeded = (output: Json = null): Outcome => ({ ok: true, output });
export const failed = (
  reason: string,
  options: {
    readonly retry?: 'yes' | 'never';
    readonly retryAfterMs?: number | null;
    readonly output?: Json;
  } = {},
): Outcome => ({
  ok: false,
  reason,
  retry: options.retry ?? 'yes',
  retryAfterMs: options.retryAfterMs ?? null,
  output: options.output ?? null,
});
