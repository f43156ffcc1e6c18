import type { Json } from '../kernel/json.js';
import { readSteps, type PathSteps } from '../kernel/path.js';
import type { Event } from '../model/event.js';
import type { Intervals } from './intervals.js';
import type { Literals } from './literals.js';
import type { Candidates } from './stamps.js';

export type Scalar = string | number | boolean | null;

/** What is filed under the value of one field. */
export interface PathGroup {
  readonly equals: ReadonlyMap<Scalar, MatchTree> | null;
  readonly intervals: Intervals | null;
  readonly literals: Literals | null;
}

/** A group, and the field to read for it. */
export interface PathBranch {
  readonly steps: PathSteps;
  readonly group: PathGroup;
}

/** Groups of many fields of one object: found by what the object has, not by trying each. */
export interface Fan {
  /** The object. */
  readonly steps: PathSteps;
  readonly byKey: ReadonlyMap<string, PathGroup>;
}

/** Listeners filed under facts that an event must satisfy, each under one fact per level. */
export interface MatchTree {
  /** Those of which nothing more is known. */
  readonly always: readonly number[];
  readonly branches: readonly PathBranch[];
  readonly fans: readonly Fan[];
}

/** Adds every listener whose facts the event satisfies, and some more. */
export function collect(tree: MatchTree, event: Event, into: Candidates): void {
  for (const ordinal of tree.always) into.add(ordinal);
  for (const { steps, group } of tree.branches)
    collectGroup(group, readSteps(event as unknown as Json, steps), event, into);
  for (const { steps, byKey } of tree.fans) {
    const object = readSteps(event as unknown as Json, steps);
    if (typeof object !== 'object' || object === null) continue;
    for (const key in object) {
      const group = byKey.get(key);
      if (group !== undefined) collectGroup(group, (object as Record<string, Json>)[key], event, into);
    }
  }
}

function collectGroup(group: PathGroup, value: Json | undefined, event: Event, into: Candidates): void {
  if (value === undefined) return;
  if (typeof value === 'object' && value !== null) {
    // `contains` of a list asks its members.
    if (group.literals !== null && Array.isArray(value))
      for (const member of value) if (typeof member === 'string') group.literals.collect(member, into);
    return;
  }
  const subtree = group.equals?.get(value as Scalar);
  if (subtree !== undefined) collect(subtree, event, into);
  if (typeof value === 'string') group.literals?.collect(value, into);
  else if (typeof value === 'number') group.intervals?.collect(value, into);
}
