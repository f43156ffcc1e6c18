import { MAX_DURATION_MS } from '../kernel/duration.js';
import type { BuildContext, JsonSchema } from '../ports/condition-kind.js';

/** Parts from the largest unit to the smallest, each at most once, as `parseDuration` reads them. */
const DURATION_PATTERN =
  '^(\\d+(\\.\\d+)?w)?(\\d+(\\.\\d+)?d)?(\\d+(\\.\\d+)?h)?(\\d+(\\.\\d+)?m)?(\\d+(\\.\\d+)?s)?(\\d+(\\.\\d+)?ms)?$';

/** Schema of a setting that is a duration. */
export function durationSchema(description: string, ...examples: readonly string[]): JsonSchema {
  return { description, type: 'string', minLength: 1, maxLength: 64, pattern: DURATION_PATTERN, examples };
}

/** Milliseconds of a duration that must be more than nothing and at most 366 days. */
export function readDuration(text: string, pointer: string, context: BuildContext): number {
  const durationMs = context.durationMs(text);
  if (durationMs <= 0)
    context.report('wrong-value', pointer, `${text} is no time at all`, 'write how long, e.g. 10m');
  else if (durationMs > MAX_DURATION_MS)
    context.report('wrong-value', pointer, `${text} is longer than 366 days`, 'the longest duration is 366d');
  return durationMs;
}
