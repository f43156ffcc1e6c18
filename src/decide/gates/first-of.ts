import type { Firing } from '../../model/decision.js';
import type { Trigger } from '../../model/trigger.js';

/**
 * Splits the firings of one event: in each `first_of` set only the lowest rank goes on. With `for_each` the elements are
 * separate contests; a trigger without it takes part in all of them.
 */
export function firstOf(
  firings: readonly Firing[],
  triggerOf: (firing: Firing) => Trigger,
): { readonly passed: readonly Firing[]; readonly beaten: readonly Firing[] } {
  const contests = firings.filter((firing) => triggerOf(firing).first_of !== null);
  if (contests.length < 2) return { passed: firings, beaten: [] };
  const beats = (winner: Firing, loser: Firing): boolean => {
    const high = triggerOf(winner).first_of;
    const low = triggerOf(loser).first_of;
    if (high === null || low === null || high.set !== low.set || high.rank >= low.rank) return false;
    const winnerIndex = winner.event?.index ?? -1;
    const loserIndex = loser.event?.index ?? -1;
    return winnerIndex === loserIndex || winnerIndex === -1 || loserIndex === -1;
  };
  const beaten = contests.filter((loser) => contests.some((winner) => beats(winner, loser)));
  return { passed: firings.filter((firing) => !beaten.includes(firing)), beaten };
}
