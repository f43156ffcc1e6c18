import { MAX_DURATION_MS, parseDuration } from '../kernel/duration.js';
import { preview } from '../kernel/json.js';
import type { Reporter } from './reporter.js';
import { DURATION_HINT } from './schemas/common.js';

/** Milliseconds of a duration; `least` is 0 where no time at all makes sense. */
export function readDuration(text: string, pointer: string, reporter: Reporter, least: 0 | 1 = 1): number {
  const durationMs = parseDuration(text);
  if (durationMs === undefined) {
    reporter.error('duration-invalid', pointer, `${preview(text, 40)} is not a duration`, DURATION_HINT);
    return least;
  }
  if (durationMs < least)
    reporter.error('wrong-value', pointer, `${text} is no time at all`, 'write how long, for example 10m');
  else if (durationMs > MAX_DURATION_MS)
    reporter.error('wrong-value', pointer, `${text} is longer than 366 days`, 'the longest duration is 366d');
  return durationMs;
}
