import { Fault } from '../kernel/fault.js';
import { formatPath, isPathProblem, parsePath, type PathSteps } from '../kernel/path.js';
import type { NecessaryFact } from '../model/ruleset.js';
import { chooseFacts, type Entry } from './choose-facts.js';
import { createIntervals, type Interval } from './intervals.js';
import { createLiterals, type LiteralSource } from './literals.js';
import type { FieldGroup, MatchTree, ObjectBranch, PathBranch, Scalar } from './match-tree.js';
import { isOwnKey } from './own-key.js';
import type { ValueFilter } from './value-filter.js';

/** So few are asked faster than told apart. */
const LEAF_MAX = 4;
/** More fields of one object than this are looked up by what the object has. */
const FEW_KEYS = 16;

/** What is to be filed under one field. */
interface Draft {
  readonly equals: Map<Scalar, Entry[]>;
  readonly intervals: Interval[];
  readonly literals: LiteralSource[];
  /** Ordinals of all the entries in it. */
  readonly members: number[];
}

/** Builds the tree of some entries; texts that are looked for in its maps are added to the filter. */
export function buildTree(entries: readonly Entry[], filter: ValueFilter): MatchTree {
  if (entries.length <= LEAF_MAX) return leaf(entries);
  const always: number[] = [];
  const drafts = new Map<string, Draft>();
  const chosen = chooseFacts(entries);
  entries.forEach((entry, i) => {
    const fact = chosen[i];
    if (fact === undefined) always.push(entry.ordinal);
    else fileUnder(fact, entry, draftOf(drafts, fact.path));
  });
  return { always, ...branchOut(drafts, always, filter) };
}

function leaf(entries: readonly Entry[]): MatchTree {
  return { always: entries.map(({ ordinal }) => ordinal), objects: [], paths: [] };
}

function draftOf(drafts: Map<string, Draft>, path: string): Draft {
  let draft = drafts.get(path);
  if (draft === undefined) {
    draft = { equals: new Map(), intervals: [], literals: [], members: [] };
    drafts.set(path, draft);
  }
  return draft;
}

function fileUnder(fact: NecessaryFact, entry: Entry, draft: Draft): void {
  const { ordinal } = entry;
  draft.members.push(ordinal);
  switch (fact.kind) {
    case 'equal': {
      const facts = entry.facts.filter((other) => other !== fact);
      const filed: Entry = { ordinal, facts, copies: entry.copies * fact.values.length };
      for (const value of fact.values) {
        const bucket = draft.equals.get(value);
        if (bucket === undefined) draft.equals.set(value, [filed]);
        else bucket.push(filed);
      }
      break;
    }
    case 'above':
    case 'below':
      draft.intervals.push({ ordinal, ...rangeOf(entry.facts, fact.path) });
      break;
    case 'literal':
      draft.literals.push({ text: fact.text, ordinal });
      break;
  }
}

/** All the bounds of one field together. */
function rangeOf(facts: readonly NecessaryFact[], path: string): { low: number; high: number } {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  for (const fact of facts) {
    if (fact.path !== path) continue;
    if (fact.kind === 'above') low = Math.max(low, fact.bound);
    else if (fact.kind === 'below') high = Math.min(high, fact.bound);
  }
  return { low, high };
}

function branchOut(
  drafts: ReadonlyMap<string, Draft>,
  always: number[],
  filter: ValueFilter,
): { readonly objects: readonly ObjectBranch[]; readonly paths: readonly PathBranch[] } {
  const objects: ObjectBranch[] = [];
  const paths: PathBranch[] = [];
  for (const fields of byObject(drafts).values()) {
    const many = fields.length > FEW_KEYS;
    const groups = new Map<string, FieldGroup>();
    for (const { steps, draft } of fields) {
      // Reading a field to spare one cheap rule costs what the rule does; an expression is worth sparing.
      if (!many && draft.members.length === 1 && draft.literals.length === 0) {
        always.push(...draft.members);
        continue;
      }
      const key = steps.at(-1);
      if (isOwnKey(key)) groups.set(key, groupOf(draft, filter));
      else paths.push({ steps, group: groupOf(draft, filter) });
    }
    if (groups.size === 0) continue;
    objects.push({
      steps: (fields[0] as Field).steps.slice(0, -1),
      keys: [...groups.keys()],
      groups: [...groups.values()],
      byKey: many ? groups : null,
    });
  }
  return { objects, paths };
}

interface Field {
  readonly steps: PathSteps;
  readonly draft: Draft;
}

/** Fields by the object they are of. */
function byObject(drafts: ReadonlyMap<string, Draft>): ReadonlyMap<string, readonly Field[]> {
  const objects = new Map<string, Field[]>();
  for (const [path, draft] of drafts) {
    const steps = parsePath(path);
    if (isPathProblem(steps)) throw new Fault('internal', `an index entry has the path ${path}`);
    const object = formatPath(steps.slice(0, -1));
    const known = objects.get(object);
    if (known === undefined) objects.set(object, [{ steps, draft }]);
    else known.push({ steps, draft });
  }
  return objects;
}

function groupOf(draft: Draft, filter: ValueFilter): FieldGroup {
  const { intervals, literals } = draft;
  const salt = filter.nextSalt();
  const equals = new Map<Scalar, MatchTree>();
  for (const [value, entries] of draft.equals) {
    if (typeof value === 'string') filter.add(salt, value);
    equals.set(value, buildTree(entries, filter));
  }
  return {
    salt,
    equals: equals.size === 0 ? null : equals,
    intervals: intervals.length === 0 ? null : createIntervals(intervals),
    literals: literals.length === 0 ? null : createLiterals(literals),
  };
}
