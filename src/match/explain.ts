import type { Json } from '../kernel/json.js';
import { isObject } from '../kernel/json.js';
import type { Operator } from '../model/test.js';
import type { Trace } from '../ports/matcher.js';
import { noteOn } from './notes.js';
import { compileConditions } from './program.js';
import { compileField, compileReading } from './reading.js';
import { type Condition, fieldOperand, type RuleNode, ruleNode } from './rule-tree.js';
import type { Scope } from './scope.js';
import { decodeOperand } from './wanted.js';
import { wantedJson } from './wanted-text.js';

/** A condition tree ready to be explained: the answer of its program, with the values found. */
export type Explanation = (scope: Scope) => Trace;

/** Operators for which a difference in case alone deserves a word. Negations fail on what is equal, not on what differs. */
const CASED: ReadonlySet<Operator> = new Set([
  'equal',
  'in',
  'matches',
  'starts_with',
  'ends_with',
  'wildcard',
  'contains',
]);

/** Compiles the explanation of a ruleset's conditions (plain data, operands not prepared). */
export function compileExplanation(conditions: Condition): Explanation {
  const node = ruleNode(conditions);
  const { pointer } = node;
  switch (node.kind) {
    case 'all':
    case 'any': {
      const { kind } = node;
      const members = node.members.map(compileExplanation);
      return (scope) => {
        const tests = members.map((member) => member(scope));
        // json-rules-engine takes an empty `any` for true.
        const holds =
          kind === 'all' || tests.length === 0
            ? tests.every((test) => test.holds)
            : tests.some((test) => test.holds);
        return { kind, holds, pointer, tests };
      };
    }
    case 'not': {
      const member = compileExplanation(node.member);
      return (scope) => {
        const test = member(scope);
        return { kind: 'not', holds: !test.holds, pointer, tests: [test] };
      };
    }
    case 'field':
      return explainLeaf(node, conditions);
  }
}

function explainLeaf(node: Extract<RuleNode, { kind: 'field' }>, condition: Condition): Explanation {
  const { operator, pointer, value: operand } = node;
  const { path, read } = compileReading(node.path, 'event');
  const operandPath = fieldOperand(operand);
  const field = operandPath === undefined ? null : compileField(operandPath);
  const modifiers = field?.modifiers ?? decodeOperand(operand)?.modifiers ?? {};
  const ignoreCase = modifiers.ignore_case === true;
  const wanted = wantedJson(operand);
  const root = (scope: Scope): Json => scope.event as unknown as Json;
  const program = compileConditions(condition, 'event');
  const folded =
    CASED.has(operator) && !ignoreCase && field === null
      ? compileConditions(
          {
            ...condition,
            value: { ...(isObject(operand) ? operand : { literal: operand }), ignore_case: true },
          } as Condition,
          'event',
        )
      : null;
  return (scope) => {
    const found = read(root(scope), scope);
    const holds = program(root(scope), scope);
    const ignoringCase = folded === null ? null : (): boolean => folded(root(scope), scope);
    const note = holds ? null : noteOn({ path, operator, operand, field, found, ignoringCase }, scope);
    return { kind: 'field', holds, pointer, path, operator, ignoreCase, found, wanted, note };
  };
}
