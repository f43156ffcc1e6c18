import { setOwn, type Json } from '../kernel/json.js';
import type { Outcome } from '../model/outcome.js';
import { failed, SecretMissing, succeeded, type Execute } from '../ports/executor-kind.js';
import { Failure } from './failure.js';
import { Refusal } from './refusal.js';

/**
 * What every executor does the same: nothing begins once it is told to end, a secret that is missing, a failure and a
 * refusal are outcomes, and no secret leaves in an outcome.
 */
export function guarded(execute: Execute): Execute {
  return async (attempting, host, signal) => {
    const redact = (text: string): string => host.secrets.redact(text);
    if (signal.aborted) return failed('it was told to end before it began');
    try {
      return redactedOutcome(await execute(attempting, host, signal), redact);
    } catch (cause) {
      if (cause instanceof Refusal) return failed(redact(cause.message), { retry: 'never' });
      if (cause instanceof SecretMissing || cause instanceof Failure) return failed(redact(cause.message));
      throw cause;
    }
  };
}

function redactedOutcome(outcome: Outcome, redact: (text: string) => string): Outcome {
  const output = redactedJson(outcome.output, redact);
  if (outcome.ok) return succeeded(output);
  const { retry, retryAfterMs } = outcome;
  return failed(redact(outcome.reason), { retry, retryAfterMs, output });
}

/** The value with secrets taken out of its texts and of its keys. */
export function redactedJson(value: Json, redact: (text: string) => string): Json {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((element) => redactedJson(element, redact));
  const object: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value))
    setOwn(object, redact(key), redactedJson(member, redact));
  return object;
}
