import type { Json } from '../../kernel/json.js';
import type { Attempt, Outcome } from '../../model/outcome.js';
import type { LaunchRecord } from '../../model/record.js';

/** Why an attempt failed that was under way when the process ended. */
const CUT_OFF = 'the daemon ended during this attempt';

/** Why one failed in which the daemon itself broke. */
export const DAEMON_FAULT = 'fault in the daemon: ';

/** Whether an attempt was closed after the fact: it is then that it is heard of first. */
export function wasCutOff({ reason }: Attempt): boolean {
  return reason !== null && (reason === CUT_OFF || reason.startsWith(DAEMON_FAULT));
}

/** The launch with its open attempt, which an earlier process began, closed as failed; as it is when none is open. */
export function cutOff(record: LaunchRecord, now: number, reason = CUT_OFF): LaunchRecord {
  if (record.attempts.at(-1)?.ended_at !== null) return record;
  return { ...record, attempts: closed(record, reason, now) };
}

/** The launch with a new attempt under way. */
export function begun(record: LaunchRecord, now: number): LaunchRecord {
  const attempt: Attempt = {
    number: record.attempts.length + 1,
    started_at: now,
    ended_at: null,
    reason: null,
  };
  return {
    ...record,
    status: 'running',
    attempts: [...record.attempts, attempt],
    next_at: null,
    ended_at: null,
  };
}

/** The launch after the attempt under way ended; `nextAt` null = no other is made. */
export function ended(
  record: LaunchRecord,
  outcome: Outcome,
  now: number,
  nextAt: number | null,
): LaunchRecord {
  return {
    ...record,
    status: outcome.ok ? 'succeeded' : nextAt === null ? 'dead' : 'retrying',
    attempts: closed(record, outcome.ok ? null : outcome.reason, now),
    next_at: nextAt,
    ended_at: nextAt === null ? now : null,
    output: outcome.output,
  };
}

/** The launch dead before its executor could be asked: an attempt that ended where it began says why. */
export function stillborn(record: LaunchRecord, reason: string, now: number): LaunchRecord {
  return ended(
    begun(record, now),
    { ok: false, reason, retry: 'never', retryAfterMs: null, output: null },
    now,
    null,
  );
}

/** The launch left out, without an attempt. */
export function leftOut(record: LaunchRecord, output: Json, now: number): LaunchRecord {
  return { ...record, status: 'skipped', next_at: null, ended_at: now, output };
}

/** The attempts, the last of them ended: no earlier than it began, whatever was done to the clock. */
function closed({ attempts }: LaunchRecord, reason: string | null, now: number): readonly Attempt[] {
  const last = attempts.at(-1);
  if (last === undefined) return attempts;
  return [...attempts.slice(0, -1), { ...last, ended_at: Math.max(last.started_at, now), reason }];
}
