import type { Clock } from '../../ports/clock.js';

/** How often the time it stays open may double. */
const DOUBLINGS = 4;

export interface BreakerSettings {
  /** Failed attempts in a row that open it. */
  readonly failures: number;
  readonly openMs: number;
}

/**
 * Keeps attempts away from a workflow that fails every time: closed → open → half-open, which lets one attempt through,
 * and its outcome decides. Opening again from half-open doubles the time, up to 16 times.
 */
export interface Breaker {
  readonly admits: boolean;
  readonly isOpen: boolean;
  /** An attempt begins; give what it returns to `ended`. */
  begin(): number;
  /**
   * `nothing`: no attempt was made after all. An attempt that began before the breaker last changed says nothing about
   * now, and is ignored. Gives what it led to, null mostly.
   */
  ended(
    ticket: number,
    result: 'succeeded' | 'failed' | 'nothing',
  ): { readonly openMs: number } | 'closed' | null;
  /** Ends its timer. */
  stop(): void;
}

/** `halfOpened` is called when, having been open, it admits one attempt. */
export function createBreaker(settings: BreakerSettings, clock: Clock, halfOpened: () => void): Breaker {
  let state: 'closed' | 'open' | 'half-open' = 'closed';
  let generation = 0;
  let failures = 0;
  let doublings = 0;
  let probing = false;
  let cancel = (): void => {};

  const enter = (next: typeof state): void => {
    state = next;
    generation++;
    failures = 0;
    probing = false;
  };
  const open = (): { readonly openMs: number } => {
    const openMs = settings.openMs * 2 ** doublings;
    doublings = Math.min(doublings + 1, DOUBLINGS);
    enter('open');
    cancel = clock.after(openMs, () => {
      enter('half-open');
      halfOpened();
    });
    return { openMs };
  };

  return {
    get admits() {
      return state === 'closed' || (state === 'half-open' && !probing);
    },
    get isOpen() {
      return state !== 'closed';
    },
    begin() {
      if (state === 'half-open') probing = true;
      return generation;
    },
    ended(ticket, result) {
      if (ticket !== generation) return null;
      if (result === 'nothing') {
        probing = false;
        return null;
      }
      if (result === 'failed')
        return state === 'half-open' || ++failures >= settings.failures ? open() : null;
      failures = 0;
      if (state !== 'half-open') return null;
      doublings = 0;
      enter('closed');
      return 'closed';
    },
    stop: () => cancel(),
  };
}
