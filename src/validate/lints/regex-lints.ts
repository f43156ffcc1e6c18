import type { Trigger } from '../../model/trigger.js';
import type { Finding } from './finding.js';
import { conjunctions, fieldTests } from './trigger-tests.js';
import { listOf } from './value-check.js';

/** Finds regular expressions that say less than they look like, or more than they need. */
export function regexLints(triggers: readonly Trigger[]): readonly Finding[] {
  const findings: Finding[] = [];
  for (const trigger of triggers) {
    for (const { tests } of conjunctions(trigger)) {
      for (const { test } of tests.flatMap((one) => [...fieldTests(one)])) {
        const { operator, operand, reading } = test;
        if ((operator !== 'matches' && operator !== 'not_matches') || operand.kind !== 'literal') continue;
        const isListed = Array.isArray(operand.value);
        for (const [index, pattern] of listOf(operand.value).entries()) {
          if (typeof pattern !== 'string') continue;
          // The classic form has no other test of a text.
          const finding =
            unanchored(pattern) ??
            (reading.absent === undefined ? plain(pattern, isListed, operator === 'not_matches') : undefined);
          if (finding === undefined) continue;
          const pointer = isListed ? `${test.pointer}/${index}` : test.pointer;
          findings.push({ ...finding, origin: trigger.origin, pointer });
        }
      }
    }
  }
  return findings;
}

type Lint = Pick<Finding, 'code' | 'message' | 'hint'>;

/** Characters that mean something in an expression. */
const META = /[\\^$.|?*+()[\]{}]/;
/** A literal, or an escaped punctuation character. */
const LITERAL = /^(?:[^\\^$.|?*+()[\]{}]|\\[^A-Za-z0-9])+$/;

function plain(pattern: string, isListed: boolean, isNegated: boolean): Lint | undefined {
  const start = pattern.startsWith('^');
  const end = pattern.endsWith('$') && !pattern.endsWith('\\$');
  const middle = pattern.slice(start ? 1 : 0, end ? -1 : undefined);
  if (!LITERAL.test(middle)) return undefined;
  const text = middle.replaceAll(/\\(.)/g, '$1');
  const operator = start ? (end ? 'equal' : 'starts_with') : end ? 'ends_with' : 'contains';
  const quoted = META.test(text) || /[:#"']/.test(text) ? JSON.stringify(text) : text;
  const instead = `${operator}: ${quoted}`;
  return {
    code: 'regex-plain',
    message: `the regular expression ${JSON.stringify(pattern)} is a plain comparison`,
    hint: isListed
      ? `for this one ${instead} says the same`
      : `write ${isNegated ? `not: { ${instead} }` : instead}`,
  };
}

function unanchored(pattern: string): Lint | undefined {
  const branches = alternatives(pattern);
  if (branches.length < 2) return undefined;
  const starts = branches.filter((branch) => branch.startsWith('^')).length;
  const ends = branches.filter((branch) => branch.endsWith('$') && !branch.endsWith('\\$')).length;
  const partly = (count: number): boolean => count > 0 && count < branches.length;
  if (!partly(starts) && !partly(ends)) return undefined;
  const bare = branches.map((branch) => branch.replace(/^\^/, '').replace(/(?<!\\)\$$/, ''));
  return {
    code: 'regex-unanchored',
    message: `in ${JSON.stringify(pattern)} ${partly(starts) ? '^' : '$'} binds one alternative only`,
    hint: `write ${starts > 0 ? '^' : ''}(${bare.join('|')})${ends > 0 ? '$' : ''} to bind all of them`,
  };
}

/** The alternatives of an expression, those inside of groups and classes left together. */
function alternatives(pattern: string): readonly string[] {
  const branches: string[] = [];
  let depth = 0;
  let inClass = false;
  let from = 0;
  for (let at = 0; at < pattern.length; at++) {
    const sign = pattern[at];
    if (sign === '\\') {
      // Quoted text may hold anything.
      if (pattern[at + 1] === 'Q') return [pattern];
      at++;
    } else if (inClass) {
      if (sign === ']') inClass = false;
    } else if (sign === '[') {
      inClass = true;
      if (pattern[at + 1] === '^') at++;
      if (pattern[at + 1] === ']') at++;
    } else if (sign === '(') depth++;
    else if (sign === ')') depth--;
    else if (sign === '|' && depth === 0) {
      branches.push(pattern.slice(from, at));
      from = at + 1;
    }
  }
  return [...branches, pattern.slice(from)];
}
