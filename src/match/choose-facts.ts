import type { NecessaryFact } from '../model/ruleset.js';
import type { Scalar } from './match-tree.js';

/** One way in which a listener may match. */
export interface Entry {
  readonly ordinal: number;
  readonly facts: readonly NecessaryFact[];
  /** In how many buckets it stands by now: a list of values multiplies it. */
  readonly copies: number;
}

type EqualFact = Extract<NecessaryFact, { kind: 'equal' }>;

/** In how many buckets an entry may stand, over all levels of a tree. */
const COPIES_MAX = 256;
/** A literal of this length is rarer in strings than a bound is among numbers. */
const TELLING_LITERAL = 4;

/**
 * For each entry the fact to file it under: the equality that tells the entries apart best, else a telling literal, else
 * a bound, else any literal; undefined when it has none.
 */
export function chooseFacts(entries: readonly Entry[]): readonly (NecessaryFact | undefined)[] {
  const score = scoreEqualities(entries);
  const bounds = countBounds(entries);
  return entries.map((entry) => {
    let equality: EqualFact | undefined;
    for (const fact of usableEqualities(entry)) {
      if (equality === undefined || (score.get(fact.path) ?? 0) > (score.get(equality.path) ?? 0))
        equality = fact;
    }
    return equality ?? otherFact(entry, bounds);
  });
}

function usableEqualities(entry: Entry): readonly EqualFact[] {
  return entry.facts.filter(
    (fact): fact is EqualFact => fact.kind === 'equal' && fact.values.length * entry.copies <= COPIES_MAX,
  );
}

/** By path: how many entries one look at the field is expected to leave out. */
function scoreEqualities(entries: readonly Entry[]): ReadonlyMap<string, number> {
  const fields = new Map<string, { entries: number; readonly buckets: Map<Scalar, number> }>();
  for (const entry of entries) {
    for (const { path, values } of usableEqualities(entry)) {
      let field = fields.get(path);
      if (field === undefined) {
        field = { entries: 0, buckets: new Map() };
        fields.set(path, field);
      }
      field.entries++;
      for (const value of values) field.buckets.set(value, (field.buckets.get(value) ?? 0) + 1);
    }
  }
  const scores = new Map<string, number>();
  for (const [path, { entries: count, buckets }] of fields) {
    let sum = 0;
    let squares = 0;
    for (const size of buckets.values()) {
      sum += size;
      squares += size * size;
    }
    // Values that no entry wants count as one more bucket, an empty one.
    const kept = (squares / (sum * sum)) * (buckets.size / (buckets.size + 1));
    scores.set(path, count * (1 - kept));
  }
  return scores;
}

function countBounds(entries: readonly Entry[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { facts } of entries)
    for (const { kind, path } of facts)
      if (kind === 'above' || kind === 'below') counts.set(path, (counts.get(path) ?? 0) + 1);
  return counts;
}

function otherFact({ facts }: Entry, bounds: ReadonlyMap<string, number>): NecessaryFact | undefined {
  let literal: Extract<NecessaryFact, { kind: 'literal' }> | undefined;
  let bound: NecessaryFact | undefined;
  for (const fact of facts) {
    if (fact.kind === 'literal') {
      if (literal === undefined || fact.text.length > literal.text.length) literal = fact;
    } else if (fact.kind !== 'equal') {
      if (bound === undefined || (bounds.get(fact.path) ?? 0) > (bounds.get(bound.path) ?? 0)) bound = fact;
    }
  }
  return literal !== undefined && (bound === undefined || literal.text.length >= TELLING_LITERAL)
    ? literal
    : bound;
}
