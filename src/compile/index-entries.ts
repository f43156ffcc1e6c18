import { formatPath, isPathProblem, parsePath } from '../kernel/path.js';
import type { IndexEntry, NecessaryFact } from '../model/ruleset.js';
import type { FieldTest, Test } from '../model/test.js';
import { alternativesOf, type Alternatives } from './necessary-facts.js';

/** Entries a listener may have; past it, alternatives are given up and the rule is asked more often. */
const MAX_ENTRIES = 32;
/** The one way to match of which nothing is known. */
const UNKNOWN: readonly IndexEntry[] = [[]];

/** Finds the index entries of tests that must all hold. It may know too little of a test, never too much. */
export type EntryFinder = (tests: readonly Test[]) => readonly IndexEntry[];

/** An entry finder that remembers paths it has seen. */
export function createEntryFinder(): EntryFinder {
  const canonical = new Map<string, string | null>();
  const pathOf = (text: string): string | null => {
    let path = canonical.get(text);
    if (path === undefined) {
      const steps = parsePath(text);
      // What `item` is, is known to the rule only.
      path = isPathProblem(steps) || steps[0] === 'item' ? null : formatPath(steps);
      canonical.set(text, path);
    }
    return path;
  };

  const ofField = (test: FieldTest): readonly IndexEntry[] => {
    const { reading, operand, ignoreCase } = test;
    if (operand.kind !== 'literal' || ignoreCase || reading.as !== undefined || reading.absent !== undefined)
      return UNKNOWN;
    const path = pathOf(reading.path);
    const alternatives: Alternatives | null =
      path === null ? null : alternativesOf(path, test.operator, operand.value);
    return alternatives === null || alternatives.length > MAX_ENTRIES ? UNKNOWN : alternatives;
  };

  const ofTest = (test: Test): readonly IndexEntry[] => {
    switch (test.kind) {
      case 'all':
        return conjunction(test.tests.map(ofTest));
      case 'any':
        return disjunction(test.tests.map(ofTest));
      case 'not':
        return UNKNOWN;
      case 'field':
        return ofField(test);
    }
  };
  return (tests) => conjunction(tests.map(ofTest));
}

/** Every combination of one entry of each; members that would make too many combinations are left out. */
function conjunction(members: readonly (readonly IndexEntry[])[]): readonly IndexEntry[] {
  let entries = UNKNOWN;
  for (const member of [...members].sort((a, b) => a.length - b.length)) {
    if (member.length * entries.length > MAX_ENTRIES) break;
    const combined: IndexEntry[] = [];
    for (const entry of entries) {
      for (const other of member) {
        const both = other.length === 0 ? entry : entry.length === 0 ? other : combine(entry, other);
        if (both !== null) combined.push(both);
      }
    }
    entries = combined;
  }
  return entries;
}

/** Both at once; null when they contradict each other. */
function combine(a: IndexEntry, b: IndexEntry): IndexEntry | null {
  let facts: NecessaryFact[] = [...a];
  for (const fact of b) {
    const same =
      fact.kind === 'equal'
        ? facts.find(({ kind, path }) => kind === 'equal' && path === fact.path)
        : undefined;
    if (fact.kind !== 'equal' || same?.kind !== 'equal') {
      facts.push(fact);
      continue;
    }
    const values = fact.values.filter((value) => same.values.includes(value));
    if (values.length === 0) return null;
    facts = facts.map((known) => (known === same ? { ...fact, values } : known));
  }
  return facts;
}

function disjunction(members: readonly (readonly IndexEntry[])[]): readonly IndexEntry[] {
  const entries = mergeEqual(members.flat());
  return entries.length > MAX_ENTRIES || entries.some((entry) => entry.length === 0) ? UNKNOWN : entries;
}

/** Alternatives that ask one field for equality become one entry with all the values. */
function mergeEqual(entries: readonly IndexEntry[]): readonly IndexEntry[] {
  if (entries.length < 2) return entries;
  const values = new Map<string, Set<string | number | boolean | null>>();
  const others: IndexEntry[] = [];
  for (const entry of entries) {
    const [fact] = entry;
    if (entry.length !== 1 || fact?.kind !== 'equal') {
      others.push(entry);
      continue;
    }
    const known = values.get(fact.path);
    if (known === undefined) values.set(fact.path, new Set(fact.values));
    else for (const value of fact.values) known.add(value);
  }
  const merged = [...values].map(([path, all]): IndexEntry => [{ kind: 'equal', path, values: [...all] }]);
  return [...merged, ...others];
}
