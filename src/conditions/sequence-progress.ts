import type { Occurrence } from '../model/event.js';
import { enterPool, fillSteps, namedFilling, type Pool } from './sequence-pool.js';
import { namedSteps, type SequenceSettings } from './sequence-settings.js';

/** How far a sequence that one event opened has come: plain data. */
export interface Progress {
  readonly opener: Occurrence;
  /** Given order: at position i the chain of i + 1 steps that ends earliest. */
  chains: (Occurrence[] | null)[];
  /** Any order. */
  pool: Pool;
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
  settings: SequenceSettings,
): Progress {
  if (settings.order === 'given') return { opener, chains: [[opener]], pool: [] };
  return { opener, chains: [], pool: [{ occurrence: opener, steps: [...steps] }] };
}

/** Takes a later arrival in; returns whether it completes the sequence in time. */
export function advance(
  progress: Progress,
  occurrence: Occurrence,
  steps: readonly number[],
  settings: SequenceSettings,
): boolean {
  return settings.order === 'given'
    ? advanceChains(progress, occurrence, steps, settings)
    : advancePool(progress, occurrence, steps, settings);
}

/** With the opener fixed, the chain that ends earliest is the one to which the most can still be added. */
function advanceChains(
  { opener, chains }: Progress,
  occurrence: Occurrence,
  steps: readonly number[],
  { names, withinMs }: SequenceSettings,
): boolean {
  if (occurrence.at > opener.at + withinMs) return false;
  for (const step of [...steps].reverse()) {
    const prefix = step === 0 ? null : (chains[step - 1] ?? null);
    if (prefix === null || occurrence.at < (prefix[step - 1] as Occurrence).at) continue;
    if (step === names.length - 1) return true;
    const held = chains[step] ?? null;
    if (held === null || occurrence.at < (held[step] as Occurrence).at)
      chains[step] = [...prefix, occurrence];
  }
  return false;
}

function advancePool(
  { opener, pool }: Progress,
  occurrence: Occurrence,
  steps: readonly number[],
  { names, withinMs, require }: SequenceSettings,
): boolean {
  if (steps.length === 0 || Math.abs(occurrence.at - opener.at) > withinMs) return false;
  enterPool(pool, occurrence, steps, names.length, opener.at);
  return fillSteps(pool, opener.at, withinMs, require).filled.size >= require;
}

export function standing({ opener, chains, pool }: Progress, settings: SequenceSettings): Standing {
  const { names, order, withinMs } = settings;
  if (order === 'given') {
    const chain = chains.findLast((held) => held !== null) as Occurrence[];
    return { events: chain, steps: namedSteps(chain, names) };
  }
  const filling = fillSteps(pool, opener.at, withinMs, names.length);
  return { events: filling.events, steps: namedFilling(filling, names) };
}
