import type { TopLevelCondition } from 'json-rules-engine';
import { Fault } from '../kernel/fault.js';
import { isObject } from '../kernel/json.js';
import { EVENT_FACT } from '../model/condition-json.js';
import type { Operator } from '../model/test.js';
import { isOperator } from './operators.js';

/** A node of a rule's condition tree, told apart. */
export type RuleNode =
  | { readonly kind: 'all' | 'any'; readonly members: readonly Condition[]; readonly pointer: string }
  | { readonly kind: 'not'; readonly member: Condition; readonly pointer: string }
  | {
      readonly kind: 'field';
      readonly path: string;
      readonly operator: Operator;
      readonly value: unknown;
      readonly pointer: string;
    };

/** What may stand in `all`, `any` and `not`. */
export type Condition = Extract<TopLevelCondition, { all: unknown }>['all'][number];

/** Tells what a condition of json-rules-engine is, in its own order: `any` before `all` before `not`. */
export function ruleNode(condition: Condition): RuleNode {
  const pointer = condition.name ?? '';
  if ('any' in condition) return { kind: 'any', members: condition.any, pointer };
  if ('all' in condition) return { kind: 'all', members: condition.all, pointer };
  if ('not' in condition) return { kind: 'not', member: condition.not, pointer };
  if ('condition' in condition)
    throw new Fault('internal', `a compiled rule refers to another: ${condition.condition}`);
  const { path = '', operator, value } = condition;
  if (!isOperator(operator)) throw new Fault('internal', `a compiled rule has the operator ${operator}`);
  return { kind: 'field', path, operator, value: value as unknown, pointer };
}

/** The path text of an operand that is another field, or undefined for any other operand. */
export function fieldOperand(value: unknown): string | undefined {
  if (!isObject(value) || value['fact'] !== EVENT_FACT) return undefined;
  return typeof value['path'] === 'string' ? value['path'] : undefined;
}
