import type { Firing, Notice, Suppression } from '../model/decision.js';

/** What one input led to. */
export interface Decided {
  /** Firings that passed every gate, in ruleset order. */
  readonly firings: readonly Firing[];
  readonly suppressions: readonly Suppression[];
  readonly notices: readonly Notice[];
  /** Whether any trigger took the event in: it launched, was suppressed, or is remembered. */
  readonly accepted: boolean;
}

const NOTHING: readonly never[] = [];
/** Never pushed onto: replaced by an array of its own when there is something to hold. */
const NO_FIRINGS: Firing[] = [];

/** An event that no trigger took. */
export const UNACCEPTED: Decided = Object.freeze({
  firings: NOTHING,
  suppressions: NOTHING,
  notices: NOTHING,
  accepted: false,
});

/** Collects what one input leads to. */
export interface Collector {
  launched(firing: Firing): void;
  suppressed(suppression: Suppression): void;
  notice(notice: Notice): void;
  /** Hands it over and begins anew. */
  take(accepted: boolean): Decided;
}

export function createCollector(): Collector {
  let firings: Firing[] = NO_FIRINGS;
  let suppressions: Suppression[] = [];
  let notices: Notice[] = [];
  return {
    launched(firing) {
      // A literal: pushing onto an empty array reserves room for sixteen more.
      if (firings.length === 0) firings = [firing];
      else firings.push(firing);
    },
    suppressed(suppression) {
      suppressions.push(suppression);
    },
    notice(notice) {
      notices.push(notice);
    },
    take(accepted) {
      const decided: Decided = {
        firings: firings.length > 0 ? firings : NOTHING,
        suppressions: suppressions.length > 0 ? suppressions : NOTHING,
        notices: notices.length > 0 ? notices : NOTHING,
        accepted,
      };
      firings = NO_FIRINGS;
      if (suppressions.length > 0) suppressions = [];
      if (notices.length > 0) notices = [];
      return decided;
    },
  };
}
