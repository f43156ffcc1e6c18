import { type Engine, Operator as EngineOperator, Rule, type TopLevelCondition } from 'json-rules-engine';
import type { Json } from '../kernel/json.js';
import { type Operator, OPERATORS } from '../model/test.js';
import type { Tools } from './check.js';
import { prepareOperand, type Prepared } from './operators.js';
import { compileField, compileReading, type Origin } from './reading.js';
import { type Condition, fieldOperand, ruleNode } from './rule-tree.js';
import { FieldValue, Found, type Scope } from './scope.js';

/** A condition tree ready to be asked: `root` is where its paths start (the event, or an element). */
export type Program = (root: Json | undefined, scope: Scope) => boolean;

const tools: Tools = { nested: (conditions) => compileConditions(conditions, 'element') };

/** The operators as json-rules-engine knows them. A `value` may be prepared already, or plain data as in a ruleset. */
const ENGINE_OPERATORS: ReadonlyMap<Operator, EngineOperator> = new Map(
  OPERATORS.map((name) => [
    name,
    new EngineOperator(name, (found: unknown, value: unknown) =>
      (typeof value === 'function' ? (value as Prepared) : prepareOperand(name, value, tools))(found),
    ),
  ]),
);

/** Gives an engine our operators instead of its own of the same names, which coerce. */
export function addOperators(engine: Engine): void {
  for (const operator of ENGINE_OPERATORS.values()) engine.addOperator(operator);
}

/**
 * The json-rules-engine rule of a condition tree, its operands prepared. An engine with our operators and path resolver
 * evaluates it to what `compileConditions` of its `conditions` answers.
 */
export function createRule(conditions: TopLevelCondition, name: string): Rule {
  return new Rule({ conditions: prepared(conditions) as TopLevelCondition, event: { type: name }, name });
}

function prepared(condition: Condition): Condition {
  const node = ruleNode(condition);
  switch (node.kind) {
    case 'all':
      return { ...condition, all: node.members.map(prepared) };
    case 'any':
      return { ...condition, any: node.members.map(prepared) };
    case 'not':
      return { ...condition, not: prepared(node.member) };
    case 'field':
      if (fieldOperand(node.value) !== undefined) return condition;
      return { ...condition, value: prepareOperand(node.operator, node.value, tools) } as Condition;
  }
}

/** Compiles a condition tree, prepared or plain, into one function that walks it without promises. */
export function compileConditions(conditions: Condition, origin: Origin): Program {
  const node = ruleNode(conditions);
  switch (node.kind) {
    case 'all':
      return allOf(node.members.map((member) => compileConditions(member, origin)));
    case 'any':
      return anyOf(node.members.map((member) => compileConditions(member, origin)));
    case 'not': {
      const member = compileConditions(node.member, origin);
      return (root, scope) => !member(root, scope);
    }
    case 'field':
      return compileLeaf(node.path, node.operator, node.value, origin);
  }
}

function compileLeaf(path: string, operator: Operator, value: unknown, origin: Origin): Program {
  const { read, scoped } = compileReading(path, origin);
  const engineOperator = ENGINE_OPERATORS.get(operator) as Evaluator;
  const operandPath = fieldOperand(value);
  if (operandPath !== undefined) {
    const field = compileField(operandPath);
    return (root, scope) => {
      const found = read(root, scope);
      return engineOperator.evaluate(
        scoped ? new Found(found, scope) : found,
        new FieldValue(field.read(scope), field.modifiers),
      );
    };
  }
  const wanted = typeof value === 'function' ? value : prepareOperand(operator, value, tools);
  if (scoped) return (root, scope) => engineOperator.evaluate(new Found(read(root, scope), scope), wanted);
  return (root, scope) => engineOperator.evaluate(read(root, scope), wanted);
}

/** What the typings of json-rules-engine leave out. */
type Evaluator = EngineOperator & { evaluate(found: unknown, value: unknown): boolean };

function allOf(members: readonly Program[]): Program {
  const [first, second] = members;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (members.length === 2) return (root, scope) => first(root, scope) && second(root, scope);
  return (root, scope) => {
    for (const member of members) if (!member(root, scope)) return false;
    return true;
  };
}

/** json-rules-engine takes an empty `any` for true; so does this. */
function anyOf(members: readonly Program[]): Program {
  if (members.length === 0) return () => true;
  return (root, scope) => {
    for (const member of members) if (member(root, scope)) return true;
    return false;
  };
}
