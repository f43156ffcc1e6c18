import type { Json } from '../kernel/json.js';
import { readSteps, type PathSteps } from '../kernel/path.js';
import type { Event } from '../model/event.js';
import type { Intervals } from './intervals.js';
import type { Literals } from './literals.js';
import type { Candidates } from './stamps.js';
import type { ValueFilter } from './value-filter.js';

export type Scalar = string | number | boolean | null;

/** What is filed under the value of one field. */
export interface FieldGroup {
  /** Tells its values from those of other groups in the filter. */
  readonly salt: number;
  readonly equals: ReadonlyMap<Scalar, MatchTree> | null;
  readonly intervals: Intervals | null;
  readonly literals: Literals | null;
}

/** Groups of some fields of one object, which is read once for all of them. */
export interface ObjectBranch {
  /** Where the object is; empty = the event itself. */
  readonly steps: PathSteps;
  readonly keys: readonly string[];
  /** One for each key. */
  readonly groups: readonly FieldGroup[];
  /** Given where the keys are many: then they are found by what the object has, not by trying each. */
  readonly byKey: ReadonlyMap<string, FieldGroup> | null;
}

/** A group whose field is found by its whole path: an array element, or a key that prototypes have too. */
export interface PathBranch {
  readonly steps: PathSteps;
  readonly group: FieldGroup;
}

/** Listeners filed under facts that an event must satisfy, each under one fact per level. */
export interface MatchTree {
  /** Those of which nothing more is known. */
  readonly always: readonly number[];
  readonly objects: readonly ObjectBranch[];
  readonly paths: readonly PathBranch[];
}

/** Adds every listener whose facts the event satisfies, and some more. */
export function collect(tree: MatchTree, event: Event, filter: ValueFilter, into: Candidates): void {
  const { always, objects, paths } = tree;
  for (let i = 0; i < always.length; i++) into.add(always[i] as number);
  for (let i = 0; i < objects.length; i++) collectObject(objects[i] as ObjectBranch, event, filter, into);
  for (let i = 0; i < paths.length; i++) {
    const { steps, group } = paths[i] as PathBranch;
    collectField(group, readSteps(event as unknown as Json, steps), event, filter, into);
  }
}

function collectObject(branch: ObjectBranch, event: Event, filter: ValueFilter, into: Candidates): void {
  const { steps, keys, groups, byKey } = branch;
  const object = (steps.length === 0 ? event : readSteps(event as unknown as Json, steps)) as
    | Readonly<Record<string, Json | undefined>>
    | undefined;
  if (typeof object !== 'object' || object === null) return;
  if (byKey !== null) {
    for (const key in object) {
      const group = byKey.get(key);
      if (group !== undefined) collectField(group, object[key], event, filter, into);
    }
    return;
  }
  // No prototype has these keys, so what is read is an own property.
  for (let i = 0; i < keys.length; i++)
    collectField(groups[i] as FieldGroup, object[keys[i] as string], event, filter, into);
}

function collectField(
  group: FieldGroup,
  value: Json | undefined,
  event: Event,
  filter: ValueFilter,
  into: Candidates,
): void {
  if (typeof value === 'string') {
    const { equals, literals, salt } = group;
    if (equals !== null && filter.mayHave(salt, value)) {
      const subtree = equals.get(value);
      if (subtree !== undefined) collect(subtree, event, filter, into);
    }
    if (literals !== null) literals.collect(value, into);
    return;
  }
  if (value === undefined) return;
  if (typeof value === 'object' && value !== null) {
    // `contains` of a list asks its members.
    if (group.literals !== null && Array.isArray(value))
      for (const member of value) if (typeof member === 'string') group.literals.collect(member, into);
    return;
  }
  const subtree = group.equals?.get(value as Scalar);
  if (subtree !== undefined) collect(subtree, event, filter, into);
  if (typeof value === 'number') group.intervals?.collect(value, into);
}
