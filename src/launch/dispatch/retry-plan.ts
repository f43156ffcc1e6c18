import type { LaunchRecord } from '../../model/record.js';
import type { Workflow } from '../../model/trigger.js';

/** What holds where the workflow says nothing about retries; how often is then said by the event. */
const WAITS = { initialMs: 1_000, factor: 2, maxMs: 300_000, jitter: true } as const;

/** No other side is believed that it wants to be left alone for longer: a launch is not parked for years by a header. */
export const LONGEST_RETRY_AFTER_MS = 86_400_000;

export type RetryPlan = NonNullable<Workflow['retry']>;

/** How a launch is retried: its workflow decides, else the event that completed it. */
export function retryPlan(record: LaunchRecord): RetryPlan {
  if (record.workflow.retry !== null) return record.workflow.retry;
  return { attempts: record.retryable ? 1 + record.max_retries : 1, ...WAITS };
}

/** Attempts that count against the plan: those since the last redrive. */
export function attemptsMade(record: LaunchRecord): number {
  return record.attempts.length - record.redriven_after;
}

/**
 * Milliseconds to wait after the `made`-th failed attempt (from 1): exponential, capped, and with jitter anything from 0
 * to that ("full jitter", M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog 2015). `random` gives [0, 1).
 */
export function retryDelayMs(
  plan: RetryPlan,
  made: number,
  retryAfterMs: number | null,
  random: () => number,
): number {
  // 0 times an overflowed power would be no number.
  const grown = plan.initialMs === 0 ? 0 : plan.initialMs * plan.factor ** (made - 1);
  const capped = Math.min(plan.maxMs, grown);
  const own = plan.jitter ? Math.floor(random() * capped) : Math.ceil(capped);
  const asked = retryAfterMs === null || Number.isNaN(retryAfterMs) ? 0 : retryAfterMs;
  return Math.max(own, Math.ceil(Math.min(asked, LONGEST_RETRY_AFTER_MS)));
}
