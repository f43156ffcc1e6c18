import type { Event } from '../model/event.js';
import type { Listener } from '../model/ruleset.js';
import { buildTree } from './build-tree.js';
import type { Entry } from './choose-facts.js';
import { collect, type MatchTree } from './match-tree.js';
import { createCandidates } from './stamps.js';
import { createValueFilter } from './value-filter.js';

/** Tells which listeners may match an event: too many at times, never too few. */
export interface EventIndex {
  /** How many there are; they stand in `ordinals` from the start, ascending, until the next call. */
  find(event: Event): number;
  readonly ordinals: Uint32Array;
}

/** Event types whose trees are remembered; anyone may send any type, so their number has a bound. */
const TYPES_KEPT = 10_000;

export function createEventIndex(listeners: readonly Listener[]): EventIndex {
  const filter = createValueFilter(countTexts(listeners));
  const byPattern = new Map<string, MatchTree>();
  for (const [pattern, entries] of entriesByPattern(listeners))
    byPattern.set(pattern, buildTree(entries, filter));
  const candidates = createCandidates(listeners.length);
  let byType = new Map<string, readonly MatchTree[]>();

  const treesFor = (eventType: string): readonly MatchTree[] => {
    let trees = byType.get(eventType);
    if (trees === undefined) {
      trees = patternsOf(eventType).flatMap((pattern) => byPattern.get(pattern) ?? []);
      if (byType.size >= TYPES_KEPT) byType = new Map();
      byType.set(eventType, trees);
    }
    return trees;
  };

  return {
    ordinals: candidates.members,
    find(event) {
      const trees = treesFor(event.event_type);
      if (trees.length === 0) return 0;
      candidates.clear();
      for (let i = 0; i < trees.length; i++) collect(trees[i] as MatchTree, event, filter, candidates);
      const { size } = candidates;
      if (size > 1) candidates.sort();
      return size;
    },
  };
}

/** About how many texts the maps of the trees will hold. */
function countTexts(listeners: readonly Listener[]): number {
  let texts = 0;
  for (const { event_types, entries } of listeners)
    for (const facts of entries)
      for (const fact of facts) if (fact.kind === 'equal') texts += fact.values.length * event_types.length;
  return texts;
}

/** Every pattern that covers a type: itself, `*`, and its beginnings that leave one segment at least. */
function patternsOf(eventType: string): readonly string[] {
  const patterns = [eventType];
  if (eventType !== '*') patterns.push('*');
  for (let dot = eventType.indexOf('.'); dot >= 0 && dot < eventType.length - 1; ) {
    const pattern = `${eventType.slice(0, dot)}.*`;
    if (pattern !== eventType) patterns.push(pattern);
    dot = eventType.indexOf('.', dot + 1);
  }
  return patterns;
}

function entriesByPattern(listeners: readonly Listener[]): ReadonlyMap<string, readonly Entry[]> {
  const byPattern = new Map<string, Entry[]>();
  for (const { ordinal, event_types, entries } of listeners) {
    for (const pattern of new Set(event_types)) {
      let known = byPattern.get(pattern);
      if (known === undefined) {
        known = [];
        byPattern.set(pattern, known);
      }
      for (const facts of entries) known.push({ ordinal, facts, copies: 1 });
    }
  }
  return byPattern;
}
