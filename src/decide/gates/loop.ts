import { isObject, ownValue, type Json } from '../../kernel/json.js';
import type { Event } from '../../model/event.js';

/** Launches may follow one another this far before the loop gate closes. */
export const DEFAULT_MAX_HOPS = 8;

/** How an event came about: the triggers that led to it and how many launches lie behind it. */
export interface Lineage {
  readonly hops: number;
  readonly chain: readonly string[];
}

const NONE: Lineage = { hops: 0, chain: [] };

/** Reads `metadata.triggerd`; no event has no lineage, and anything malformed there counts as no lineage, since a producer may write what it likes. */
export function lineageOf(event: Event | null): Lineage {
  if (event === null) return NONE;
  const own = ownValue(event.metadata, 'triggerd');
  if (!isObject(own)) return NONE;
  const hops = ownValue(own, 'hops');
  const chain = ownValue(own, 'chain');
  return {
    hops: typeof hops === 'number' && hops >= 0 ? hops : 0,
    chain: Array.isArray(chain) ? chain.filter((id: Json): id is string => typeof id === 'string') : [],
  };
}

/**
 * Whether a trigger firing on this event would close a loop: `hops` when too many launches lie behind it (nothing opts out
 * of that), `chain` when the trigger itself led to it.
 */
export function loopReason(event: Event, triggerId: string, maxHops: number): 'chain' | 'hops' | null {
  const lineage = lineageOf(event);
  if (lineage.hops >= maxHops) return 'hops';
  return lineage.chain.includes(triggerId) ? 'chain' : null;
}
