import type { Json } from '../kernel/json.js';
import { createRegex } from '../kernel/regex.js';
import { wildcardParts } from '../kernel/wildcard.js';
import { PRIORITIES } from '../model/event.js';
import type { IndexEntry, NecessaryFact } from '../model/ruleset.js';
import type { Operator } from '../model/test.js';

/** Ways in which a test may hold, each with facts that are then true; empty = it never holds. */
export type Alternatives = readonly IndexEntry[];

type Scalar = string | number | boolean | null;

/** What must be true of the field when the operator holds against this literal; null = nothing is known. */
export function alternativesOf(path: string, operator: Operator, wanted: Json): Alternatives | null {
  switch (operator) {
    case 'equal':
      return isScalar(wanted) ? [[{ kind: 'equal', path, values: [wanted] }]] : null;
    case 'in':
      if (!Array.isArray(wanted) || !wanted.every(isScalar)) return null;
      return wanted.length === 0 ? [] : [[{ kind: 'equal', path, values: [...new Set(wanted)] }]];
    case 'greater_than':
    case 'at_least':
    case 'less_than':
    case 'at_most':
      return bounds(path, [operator, wanted]);
    case 'between':
      if (!Array.isArray(wanted) || wanted.length !== 2) return null;
      return bounds(path, ['at_least', wanted[0] as Json], ['at_most', wanted[1] as Json]);
    case 'matches':
      return literals(path, wanted, (pattern) => createRegex(pattern, false).requiredLiteral);
    case 'contains':
    case 'starts_with':
    case 'ends_with':
      return literals(path, wanted, (text) => text);
    case 'wildcard':
      return literals(path, wanted, longestPlainPart);
    case 'not_equal':
    case 'not_in':
    case 'not_matches':
    case 'not_contains':
    case 'exists':
    case 'type':
    case 'size':
    case 'some':
    case 'every':
    case 'no':
    case 'in_cidr':
    case 'during':
    case 'newer_than':
    case 'older_than':
      return null;
  }
}

function isScalar(value: Json): value is Scalar {
  return typeof value !== 'object' || value === null;
}

type Bound = readonly [operator: 'greater_than' | 'at_least' | 'less_than' | 'at_most', wanted: Json];

function bounds(path: string, ...asked: readonly Bound[]): Alternatives | null {
  if (path === 'priority') return priorities(path, asked);
  const facts: NecessaryFact[] = [];
  for (const [operator, bound] of asked) {
    if (typeof bound !== 'number') return null;
    const kind = operator === 'greater_than' || operator === 'at_least' ? 'above' : 'below';
    facts.push({ kind, path, bound, inclusive: operator === 'at_least' || operator === 'at_most' });
  }
  return [facts];
}

/** Bounds of a priority leave some of its four words. */
function priorities(path: string, asked: readonly Bound[]): Alternatives {
  const words: readonly Json[] = PRIORITIES;
  const values = PRIORITIES.filter((_, rank) =>
    asked.every(([operator, bound]) => {
      const wanted = words.indexOf(bound);
      if (wanted < 0) return false;
      switch (operator) {
        case 'greater_than':
          return rank > wanted;
        case 'at_least':
          return rank >= wanted;
        case 'less_than':
          return rank < wanted;
        case 'at_most':
          return rank <= wanted;
      }
    }),
  );
  return values.length === 0 ? [] : [[{ kind: 'equal', path, values }]];
}

/** One alternative for each text of the operand: the field, or a member of it when it is a list, contains the text. */
function literals(
  path: string,
  wanted: Json,
  literalOf: (text: string) => string | null,
): Alternatives | null {
  const texts: readonly Json[] = Array.isArray(wanted) ? wanted : [wanted];
  const alternatives: IndexEntry[] = [];
  for (const text of texts) {
    if (typeof text !== 'string') return null;
    const literal = literalOf(text);
    if (literal === null || literal === '') return null;
    alternatives.push([{ kind: 'literal', path, text: literal }]);
  }
  return alternatives;
}

function longestPlainPart(pattern: string): string {
  return wildcardParts(pattern).reduce((longest, part) => (part.length > longest.length ? part : longest));
}
