import { setOwn, type Json } from '../../kernel/json.js';
import type { Outcome } from '../../model/outcome.js';
import { failed, succeeded, type ExecutorHost } from '../../ports/executor-kind.js';

const LONGEST_REASON = 4_096;
/** Characters of an output's JSON that are kept. */
const LARGEST_OUTPUT = 262_144;
const DEEPEST_OUTPUT = 64;
/** Values in an output; one that holds itself twice would have 2^64. */
const MOST_VALUES = 100_000;

/** How a fault of an executor begins in the reason of the failed attempt. */
const FAULT = 'fault in the executor';

/**
 * What an executor gave, as an outcome that can be recorded: plain JSON of bounded size, without secrets. What is no outcome
 * at all is a failed attempt.
 */
export function checkedOutcome(given: unknown, redact: (text: string) => string): Outcome {
  if (typeof given !== 'object' || given === null || !('ok' in given))
    return faulty('it gave no outcome', redact);
  const { ok, reason, retry, retryAfterMs, output } = given as Readonly<Record<string, unknown>>;
  const kept = keptOutput(output, redact);
  if (kept === undefined) return faulty('its output is no JSON', redact);
  if (ok === true) return succeeded(kept);
  return failed(
    shortReason(typeof reason === 'string' && reason !== '' ? reason : 'no reason given', redact),
    {
      retry: retry === 'never' ? 'never' : 'yes',
      retryAfterMs: typeof retryAfterMs === 'number' && retryAfterMs > 0 ? retryAfterMs : null,
      output: kept,
    },
  );
}

/** The outcome of an executor that threw, or broke its promise otherwise. */
export function faulty(cause: unknown, redact: (text: string) => string): Outcome {
  return failed(shortReason(`${FAULT}: ${messageOf(cause)}`, redact));
}

/** A reason without secrets, at most some lines long. Redacted first: a secret that is cut is no longer found. */
export function shortReason(reason: string, redact: (text: string) => string): string {
  const safe = redact(reason);
  return safe.length <= LONGEST_REASON ? safe : `${safe.slice(0, LONGEST_REASON - 1)}…`;
}

/** Takes secrets out of a text; gives nothing of it when that fails. */
export function redacting({ secrets, log }: ExecutorHost): (text: string) => string {
  return (text) => {
    try {
      return secrets.redact(text);
    } catch (cause) {
      log.error('Secrets could not be taken out of a text, so it is not shown', { error: messageOf(cause) });
      return '[not shown]';
    }
  };
}

/** What was thrown, in a few words; anything can be thrown, even what has no words. */
export function messageOf(cause: unknown): string {
  try {
    return cause instanceof Error ? cause.message : String(cause);
  } catch {
    return 'something without a message was thrown';
  }
}

/** The output as JSON, secrets taken out; undefined when it is none. One that is too large is cut to its beginning, as text. */
function keptOutput(output: unknown, redact: (text: string) => string): Json | undefined {
  if (output === undefined) return null;
  try {
    const kept = jsonOf(output, { redact, left: MOST_VALUES }, 0);
    const text = JSON.stringify(kept);
    return text.length <= LARGEST_OUTPUT ? kept : `${text.slice(0, LARGEST_OUTPUT - 1)}…`;
  } catch {
    return undefined;
  }
}

interface Copying {
  readonly redact: (text: string) => string;
  /** Values that may still come. */
  left: number;
}

/** Throws for what JSON cannot carry; a number that is none, and what is `undefined` inside, become what JSON makes of them. */
function jsonOf(value: unknown, copying: Copying, depth: number): Json {
  if (copying.left-- === 0 || depth > DEEPEST_OUTPUT) throw new RangeError('too much');
  if (typeof value === 'string') return copying.redact(value);
  if (typeof value === 'boolean' || value === null || value === undefined) return value ?? null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object') throw new TypeError(`a ${typeof value} is no JSON`);
  if (Array.isArray(value)) return value.map((element) => jsonOf(element, copying, depth + 1));
  const object: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value))
    if (member !== undefined) setOwn(object, copying.redact(key), jsonOf(member, copying, depth + 1));
  return object;
}
