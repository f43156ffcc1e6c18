import { formatDuration } from '../kernel/duration.js';
import type { Occurrence } from '../model/event.js';
import {
  namedSteps,
  progressText,
  stepsAmong,
  type SequenceReducer,
  type SequenceSettings,
} from './sequence-settings.js';
import { UNLESS } from './unless-listener.js';

/** At position i the chain of the first i + 1 steps. */
type Chains = (Occurrence[] | null)[];

/**
 * A sequence in the order given. For each prefix of the steps it keeps the chain with the latest start: as long as events
 * arrive in the order they happened, whatever an older start could still complete a later one can too, so no firing is
 * missed and memory is bounded by the square of the number of steps.
 */
export const sequenceChains: SequenceReducer = {
  version: 1,
  onEvent(slice, roles, occurrence, plan, context) {
    const settings = plan.settings as unknown as SequenceSettings;
    const last = settings.names.length - 1;
    let chains = roles.includes(UNLESS) ? undefined : (slice as Chains | undefined);
    // From the longest prefix to the shortest, so that an event never extends a chain it has just joined.
    for (const step of stepsAmong(roles).reverse()) {
      const chain = extended(step, chains, occurrence, settings.withinMs);
      if (chain === null) continue;
      if (step === last) {
        context.fire({ event: occurrence, events: chain, steps: namedSteps(chain, settings.names) });
        return undefined;
      }
      chains ??= settings.names.slice(0, last).map(() => null);
      const held = chains[step] ?? null;
      if (held === null || startOf(chain) > startOf(held)) chains[step] = chain;
    }
    return chains;
  },
  onTimer: (slice) => slice,
  describe(slice, plan, now) {
    const { names, withinMs } = plan.settings as unknown as SequenceSettings;
    const chain = (slice as Chains).findLast((held) => held !== null && startOf(held) + withinMs >= now);
    if (!chain) return `no step there of what fits into the last ${formatDuration(withinMs)}`;
    const left = formatDuration(startOf(chain) + withinMs - now);
    return `${progressText(names.slice(0, chain.length), names.length)}, ${left} left`;
  },
};

function startOf(chain: readonly Occurrence[]): number {
  return (chain[0] as Occurrence).at;
}

/** The chain that an event at this step makes of the one before; null when it makes none. */
function extended(
  step: number,
  chains: Chains | undefined,
  occurrence: Occurrence,
  withinMs: number,
): Occurrence[] | null {
  if (step === 0) return [occurrence];
  const prefix = chains?.[step - 1] ?? null;
  if (prefix === null || occurrence.at - startOf(prefix) > withinMs) return null;
  return occurrence.at < (prefix[step - 1] as Occurrence).at ? null : [...prefix, occurrence];
}
