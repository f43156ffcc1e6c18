import { type Engine, Operator as EngineOperator, Rule, type TopLevelCondition } from 'json-rules-engine';
import type { Json } from '../kernel/json.js';
import { type Operator, OPERATORS } from '../model/test.js';
import type { Tools } from './check.js';
import { type BoundedCache, createBoundedCache } from './bounded-cache.js';
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
      return { ...condition, value: sharedOperand(node.operator, node.value) } as Condition;
  }
}

const OPERANDS_KEPT = 10_000;
/** A longer operand is rarely written twice, and would be kept twice. */
const SHARED_MAX_LENGTH = 256;
const operands: BoundedCache<Prepared> = createBoundedCache(OPERANDS_KEPT);

/** Equal tests share one prepared operand: less memory for many rules, and what many ask is at hand. */
function sharedOperand(operator: Operator, value: unknown): Prepared {
  const key = `${operator} ${JSON.stringify(value)}`;
  const make = (): Prepared => prepareOperand(operator, value, tools);
  return key.length > SHARED_MAX_LENGTH ? make() : operands.get(key, make);
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
  const wanted = typeof value === 'function' ? (value as Prepared) : sharedOperand(operator, value);
  const programs = leaves[origin];
  let byPath = programs.get(wanted);
  if (byPath === undefined) {
    byPath = new Map();
    programs.set(wanted, byPath);
  }
  let program = byPath.get(path);
  if (program === undefined) {
    program = scoped
      ? (root, scope) => engineOperator.evaluate(new Found(read(root, scope), scope), wanted)
      : (root, scope) => engineOperator.evaluate(read(root, scope), wanted);
    byPath.set(path, program);
  }
  return program;
}

/** Leaves by prepared operand and path: as long as a rule has the operand. */
const leaves: Readonly<Record<Origin, WeakMap<Prepared, Map<string, Program>>>> = {
  event: new WeakMap(),
  element: new WeakMap(),
};

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
