import type { Log } from '../../kernel/log.js';
import { DEDUPE_HORIZON_MS } from '../../decide/recent-ids.js';
import { Fault } from '../../kernel/fault.js';
import type { Clock } from '../../ports/clock.js';
import type { Store } from '../../ports/store.js';
import type { LiveEngine } from './live-engine.js';
import { dropParked } from './parked-state.js';

const EVERY_MS = 10 * 60_000;

export interface RetentionSettings {
  /** Older events, decisions and finished launches go. */
  readonly ageMs: number;
  /** The journal's size at most; null = no bound. */
  readonly bytes: number | null;
}

/** Forgets what is too old, every ten minutes, in steps between which events are decided. */
export function startRetention(
  engine: LiveEngine,
  store: Store,
  settings: RetentionSettings,
  clock: Clock,
  log: Log,
): () => void {
  let stopped = false;
  let cancel: (() => void) | null = null;

  const prune = async (): Promise<void> => {
    const now = engine.now;
    await engine.control(({ draft }) => draft.addState(dropParked(store, now)));
    let events = 0;
    let launches = 0;
    for (let done = false; !done && !stopped; ) {
      const pruned = await store.prune({
        beforeMs: now - settings.ageMs,
        idsBeforeMs: now - Math.max(DEDUPE_HORIZON_MS, settings.ageMs),
        maxBytes: settings.bytes,
      });
      events += pruned.events;
      launches += pruned.launches;
      done = pruned.done;
      await new Promise<void>((resolve) => clock.after(1, resolve));
    }
    if (events + launches > 0) log.info('old events and launches were forgotten', { events, launches });
  };

  const next = (): void => {
    // Stopped meanwhile: a wait of ten minutes would keep the process as long.
    if (stopped) return;
    cancel = clock.after(EVERY_MS, () => {
      prune().then(next, (error: unknown) => {
        // A store that broke ends the daemon by itself; any other reason may be gone the next time.
        log.error('old events could not be forgotten', {
          reason: error instanceof Fault ? error.message : String(error),
        });
        next();
      });
    });
  };
  next();
  return () => {
    stopped = true;
    cancel?.();
  };
}
