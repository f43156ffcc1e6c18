import type { Offered, Producers } from './producers.js';

const OFFER_EVERY_MS = 10;

export interface Load {
  /** Ids of all that was offered. */
  readonly offered: ReadonlySet<string>;
  /** Returns for how many seconds it was offered. */
  stop(): number;
}

/** Offers events evenly, whatever becomes of them; with `mostWaiting` none while so many wait. */
export function startLoad(
  { rate, mostWaiting }: { readonly rate: number; readonly mostWaiting: number | null },
  producers: Producers,
  make: (n: number) => Offered,
): Load {
  const offered = new Set<string>();
  const begunAt = performance.now();
  let seconds: number | null = null;
  const timer = setInterval(() => {
    const due = ((performance.now() - begunAt) / 1_000) * rate;
    while (offered.size < due && producers.waiting < (mostWaiting ?? Number.POSITIVE_INFINITY)) {
      const event = make(offered.size);
      offered.add(event.event_id);
      producers.offer(event);
    }
  }, OFFER_EVERY_MS);
  return {
    offered,
    stop() {
      clearInterval(timer);
      seconds ??= (performance.now() - begunAt) / 1_000;
      return seconds;
    },
  };
}
