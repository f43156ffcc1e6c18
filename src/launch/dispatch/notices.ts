import type { Log } from '../../kernel/log.js';
import type { Clock } from '../../ports/clock.js';
import { messageOf } from './outcome-check.js';

export type NoticeKind = 'breaker' | 'storm';

/** Says something an operator should hear of. */
export type Notify = (kind: NoticeKind, subject: string, message: string) => void;

const APART_MS = 60_000;

/** Passes notices on, at most one a minute for each kind and subject. One that cannot be passed on holds nothing up. */
export function createNotices(options: { readonly clock: Clock; readonly log: Log; notice: Notify }): Notify {
  const latest = new Map<string, number>();
  return (kind, subject, message) => {
    const key = `${kind} ${subject}`;
    const now = options.clock.now();
    const before = latest.get(key);
    // A clock that was set back does not keep it quiet.
    if (before !== undefined && now >= before && now < before + APART_MS) return;
    latest.set(key, now);
    try {
      options.notice(kind, subject, message);
    } catch (cause) {
      options.log.error('A notice could not be passed on', { kind, subject, error: messageOf(cause) });
    }
  };
}
