import type { Parameters } from 'fast-check';

const DEFAULT_SEQUENCES = 2_000;
const asked = process.env['TRIGGERD_PROPERTY_RUNS'];

/** How many random sequences the stateful conditions are held against their oracles with, all properties together. */
export const PROPERTY_SEQUENCES = asked === undefined ? DEFAULT_SEQUENCES : Number(asked);
if (!(PROPERTY_SEQUENCES > 0)) throw new TypeError(`TRIGGERD_PROPERTY_RUNS is no number of runs: ${asked}`);

/**
 * Runs for one property, `share` being its part of all sequences. The default run always draws the same sequences, so that
 * it is red for a reason only; a longer run draws new ones.
 */
export function propertyRuns<T>(share: number): Parameters<T> {
  const numRuns = Math.max(1, Math.round(PROPERTY_SEQUENCES * share));
  return asked === undefined ? { numRuns, seed: 20_260_101 } : { numRuns };
}
