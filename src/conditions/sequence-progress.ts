import type { Occurrence } from '../model/event.js';
import { enterPool, fillSteps, namedFilling, stepsThere, type Pool } from './sequence-pool.js';
import { namedSteps, type SequenceSettings } from './sequence-settings.js';

type Chain = readonly Occurrence[];

/** How far a sequence that one event opened has come: plain data. */
export interface Progress {
  readonly opener: Occurrence;
  /** Given order: at position i the chain of i + 1 steps that ends earliest. */
  readonly chains: readonly (Chain | null)[];
  /** Any order. */
  readonly pool: Pool;
}

/** What is there of a sequence. */
export interface Standing {
  /** Oldest first. */
  readonly events: readonly Occurrence[];
  readonly steps: Readonly<Record<string, Occurrence>>;
}

export function openProgress(
  opener: Occurrence,
  steps: readonly number[],
  { order, names }: SequenceSettings,
): Progress {
  if (order === 'any') return { opener, chains: [], pool: [{ occurrence: opener, steps }] };
  return { opener, chains: names.map((_, step) => (step === 0 ? [opener] : null)), pool: [] };
}

/** The progress with a later arrival taken in; null when that completes it in time. */
export function advanced(
  progress: Progress,
  occurrence: Occurrence,
  steps: readonly number[],
  settings: SequenceSettings,
): Progress | null {
  if (steps.length === 0) return progress;
  return settings.order === 'given'
    ? advancedChains(progress, occurrence, steps, settings)
    : advancedPool(progress, occurrence, steps, settings);
}

/** With the opener fixed, the chain that ends earliest is the one to which the most can still be added. */
function advancedChains(
  progress: Progress,
  occurrence: Occurrence,
  steps: readonly number[],
  { names, withinMs }: SequenceSettings,
): Progress | null {
  const { opener } = progress;
  if (occurrence.at < opener.at || occurrence.at > opener.at + withinMs) return progress;
  const chains = [...progress.chains];
  for (const step of steps) {
    // Read from the chains as they were: an event never extends a chain it has just joined.
    const prefix = step === 0 ? null : (progress.chains[step - 1] ?? null);
    if (prefix === null || occurrence.at < endOf(prefix)) continue;
    if (step === names.length - 1) return null;
    const held = chains[step] ?? null;
    if (held === null || occurrence.at < endOf(held)) chains[step] = [...prefix, occurrence];
  }
  return { ...progress, chains };
}

function endOf(chain: Chain): number {
  return (chain.at(-1) as Occurrence).at;
}

function advancedPool(
  progress: Progress,
  occurrence: Occurrence,
  steps: readonly number[],
  { names, withinMs, require }: SequenceSettings,
): Progress | null {
  const { opener } = progress;
  if (Math.abs(occurrence.at - opener.at) > withinMs) return progress;
  const pool = enterPool(progress.pool, occurrence, steps, names.length, opener.at);
  if (pool === progress.pool) return progress;
  const completes =
    stepsThere(pool) >= require && fillSteps(pool, opener.at, withinMs, require).filled.size >= require;
  return completes ? null : { ...progress, pool };
}

export function standing({ opener, chains, pool }: Progress, settings: SequenceSettings): Standing {
  const { names, order, withinMs } = settings;
  if (order === 'given') {
    const chain = chains.findLast((held) => held !== null) ?? [opener];
    return { events: chain, steps: namedSteps(chain, names) };
  }
  const filling = fillSteps(pool, opener.at, withinMs, names.length);
  return { events: filling.events, steps: namedFilling(filling, names) };
}
