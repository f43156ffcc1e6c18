import { formatDuration } from '../../kernel/duration.js';
import type { Outcome } from '../../model/outcome.js';
import type { Clock } from '../../ports/clock.js';
import { failed, type Attempting, type Execute, type ExecutorHost } from '../../ports/executor-kind.js';
import { checkedOutcome, faulty, messageOf, redacting } from './outcome-check.js';

/** How long an executor has to end after it was told to, before its slot is given to another. */
export const GIVE_UP_MS = 2_000;

/** An attempt under way. */
export interface AttemptRun {
  /** Never rejects. `abandoned`: it was cut off by the daemon's end, and nothing is to be said of it. */
  readonly ended: Promise<Outcome | 'abandoned'>;
  /** Cuts it off. Idempotent, and without effect once it ended. */
  abandon(): void;
}

/** Calls an executor, within the attempt's time: told to end when that is over, and given up on when it does not. */
export function runAttempt(
  execute: Execute,
  attempting: Attempting,
  host: ExecutorHost,
  clock: Clock,
): AttemptRun {
  const controller = new AbortController();
  const redact = redacting(host);
  const { log } = host;
  const fields = { launch_id: attempting.launch_id, workflow_name: attempting.workflow_name };
  let phase: 'running' | 'timed out' | 'abandoned' | 'ended' = 'running';
  let cancel = (): void => {};
  let resolve: (ended: Outcome | 'abandoned') => void = () => {};
  const ended = new Promise<Outcome | 'abandoned'>((done) => (resolve = done));

  const finish = (result: Outcome | 'abandoned'): void => {
    phase = 'ended';
    cancel();
    resolve(result);
  };
  const timedOut = `it took longer than ${formatDuration(attempting.timeoutMs)}`;
  const giveUp = (): void => {
    log.error('An executor did not end when it was told to, and is no longer waited for', fields);
    finish(
      phase === 'abandoned'
        ? 'abandoned'
        : failed(`${timedOut}, and did not end within ${formatDuration(GIVE_UP_MS)} of being told to`),
    );
  };
  const tellToEnd = (why: 'timed out' | 'abandoned'): void => {
    phase = why;
    cancel();
    cancel = clock.after(GIVE_UP_MS, giveUp);
    controller.abort(new Error(why === 'abandoned' ? 'the daemon ends' : timedOut));
  };
  const settled = (outcome: Outcome): void => {
    if (phase === 'ended') return;
    if (phase === 'abandoned') finish('abandoned');
    // What it did in the end, it did: saying otherwise would do it twice.
    else if (phase === 'running' || outcome.ok) finish(outcome);
    else finish(failed(timedOut, { output: outcome.output }));
  };

  cancel = clock.after(attempting.timeoutMs, () => tellToEnd('timed out'));
  // An async function, so that one that throws before its first await ends here too.
  const call = async (): Promise<Outcome> => {
    try {
      return checkedOutcome(await execute(attempting, host, controller.signal), redact);
    } catch (cause) {
      log.error('An executor threw', { ...fields, error: messageOf(cause) });
      return faulty(cause, redact);
    }
  };
  void call().then(settled);

  return {
    ended,
    abandon() {
      if (phase === 'running' || phase === 'timed out') tellToEnd('abandoned');
    },
  };
}
