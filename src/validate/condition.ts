import { isObject, type Json, type JsonObject } from '../kernel/json.js';
import type { Test } from '../model/test.js';
import type { StatefulPlan } from '../model/trigger.js';
import type { BuiltCondition, ConditionKind } from '../ports/condition-kind.js';
import { createBuildContext, type TriggerScope } from './build-context.js';
import { escapeKey } from '../kernel/pointer.js';
import type { RawTrigger } from './raw-rules.js';
import { COMPOSITIONS } from './schemas/condition.js';

/** What the trigger around a condition has settled already. */
export interface ConditionSurroundings {
  readonly eventTypes: readonly string[];
  readonly groupBy: readonly string[];
  readonly filters: Test;
}

export interface ReadCondition {
  /** The stateless part; always true for a stateful condition. */
  readonly condition: Test;
  readonly memory: StatefulPlan | null;
}

type Stateful = Extract<BuiltCondition, { readonly memory: 'group' }> & {
  readonly kind: string;
  readonly pointer: string;
};

/** A condition read so far: tests of the event at hand, and at most one part that remembers. */
interface Member {
  readonly tests: readonly Test[];
  readonly stateful: Stateful | null;
}

/** Reads the condition of a trigger in either form. */
export function readCondition(
  raw: RawTrigger,
  pointer: string,
  around: ConditionSurroundings,
  scope: TriggerScope,
): ReadCondition {
  const at = `${pointer}/condition`;
  const { tests, stateful } = readMember(raw, pointer, at, around, scope);
  const all: Test = {
    kind: 'all',
    tests: tests.flatMap((test) => (test.kind === 'all' ? test.tests : [test])),
    pointer: at,
  };
  if (stateful === null) return { condition: all, memory: null };
  const { kind, variant, settings, listeners } = stateful;
  return {
    condition: { kind: 'all', tests: [], pointer: at },
    memory: { kind, variant, settings, listeners, completion: all },
  };
}

function readMember(
  raw: RawTrigger,
  pointer: string,
  at: string,
  around: ConditionSurroundings,
  scope: TriggerScope,
): Member {
  const { condition } = raw;
  if (condition === undefined) return { tests: [], stateful: null };
  if (typeof condition === 'string') return readClassic(condition, raw, pointer, around, scope);
  return readModern(condition, at, around, scope);
}

function readClassic(
  name: string,
  raw: RawTrigger,
  pointer: string,
  around: ConditionSurroundings,
  scope: TriggerScope,
): Member {
  const kind = scope.folder.kinds.get(name);
  if (kind === undefined) return { tests: [], stateful: null };
  const parameters = Object.fromEntries(
    Object.entries(raw.parameters ?? {}).filter(([key]) => key !== 'workflow_input'),
  );
  const context = createBuildContext(scope, { ...around, pointer: `${pointer}/parameters` });
  const built =
    kind.buildClassic === undefined
      ? kind.build(parameters, context)
      : kind.buildClassic(parameters, context);
  return asMember(built, kind, context.pointer);
}

function asMember(built: BuiltCondition, kind: ConditionKind, pointer: string): Member {
  return built.memory === 'none'
    ? { tests: [built.test], stateful: null }
    : { tests: [], stateful: { ...built, kind: kind.name, pointer } };
}

function readModern(
  condition: Json,
  pointer: string,
  around: ConditionSurroundings,
  scope: TriggerScope,
): Member {
  const [name] = isObject(condition) ? Object.keys(condition) : [];
  if (name === undefined) return { tests: [], stateful: null };
  const settings = (condition as JsonObject)[name] as Json;
  const at = `${pointer}/${escapeKey(name)}`;
  if (Object.hasOwn(COMPOSITIONS, name))
    return compose(name as keyof typeof COMPOSITIONS, settings, at, around, scope);
  const kind = scope.folder.kinds.get(name);
  if (kind === undefined) return { tests: [], stateful: null };
  return asMember(kind.build(settings, createBuildContext(scope, { ...around, pointer: at })), kind, at);
}

function compose(
  composition: keyof typeof COMPOSITIONS,
  list: Json,
  pointer: string,
  around: ConditionSurroundings,
  scope: TriggerScope,
): Member {
  const members = (Array.isArray(list) ? (list as readonly Json[]) : []).map((member, index) =>
    readModern(member, `${pointer}/${index}`, around, scope),
  );
  const stateful = members.map((member) => member.stateful).filter((member) => member !== null);
  if (composition === 'all') {
    for (const extra of stateful.slice(1)) {
      scope.reporter.error(
        'condition-combination',
        extra.pointer,
        `all holds one condition that remembers, and ${stateful[0]?.kind ?? 'another'} is there already`,
        'make two triggers of it, or one event_sequence',
        'key',
      );
    }
    return { tests: members.flatMap((member) => member.tests), stateful: stateful[0] ?? null };
  }
  for (const extra of stateful) {
    scope.reporter.error(
      'condition-combination',
      extra.pointer,
      `${extra.kind} remembers events, and ${composition} holds conditions of one event only`,
      composition === 'any'
        ? 'two alternatives that remember are two triggers'
        : 'what must not come is the unless of an event_sequence or of time_based',
      'key',
    );
  }
  const tests = members.map((member): Test => {
    const [only] = member.tests;
    return member.tests.length === 1 && only !== undefined
      ? only
      : { kind: 'all', tests: member.tests, pointer };
  });
  const any: Test = { kind: 'any', tests, pointer };
  return { tests: [composition === 'any' ? any : { kind: 'not', test: any, pointer }], stateful: null };
}
