import type { IndexEntry, CompiledTrigger, Listener, Ruleset } from '../model/ruleset.js';
import type { Test } from '../model/test.js';
import type { RuleSource, Trigger } from '../model/trigger.js';
import { alwaysHolds, encodeTests } from './conditions.js';
import { createEntryFinder } from './index-entries.js';
import { conditionHash, rulesetHash } from './semantic-hash.js';

/** What one listener of a trigger asks, before it has its place in the ruleset. */
interface ListenerSource {
  readonly role: string;
  readonly event_types: readonly string[];
  readonly tests: readonly Test[];
  readonly group_by: readonly string[];
}

/**
 * Compiles validated rules into plain data: conditions of json-rules-engine rules, what the index may look for, hashes. A
 * trigger that is not active keeps its place and hears nothing. Throws a Fault (`internal`) on rules that were not validated.
 */
export function compileRuleset(source: RuleSource): Ruleset {
  const entriesOf = createEntryFinder();
  const listeners: Listener[] = [];
  const triggers = source.triggers.map((trigger, ordinal): CompiledTrigger => {
    const own = listenersOf(trigger).map(({ role, event_types, tests, group_by }): Listener => {
      const entries: readonly IndexEntry[] = entriesOf(tests);
      const listener = {
        ordinal: listeners.length,
        trigger: ordinal,
        role,
        event_types,
        entries,
        conditions: encodeTests(tests),
        group_by,
      };
      listeners.push(listener);
      return listener;
    });
    const completion = trigger.memory?.completion;
    return {
      ordinal,
      trigger,
      listeners: own,
      completion: completion === undefined || alwaysHolds(completion) ? null : encodeTests([completion]),
      conditionHash: conditionHash(trigger),
    };
  });
  return {
    hash: rulesetHash(
      source,
      triggers.map((compiled) => compiled.conditionHash),
    ),
    triggers,
    listeners,
    workflows: new Map(source.workflows.map((workflow) => [workflow.workflow_name, workflow])),
    variables: source.variables,
  };
}

function listenersOf(trigger: Trigger): readonly ListenerSource[] {
  if (!trigger.active) return [];
  if (trigger.memory === null) {
    const { event_types, filters, condition, group_by } = trigger;
    return [{ role: 'match', event_types, tests: [filters, condition], group_by }];
  }
  return trigger.memory.listeners.map(({ role, event_types, test, group_by }) => ({
    role,
    event_types,
    tests: [test],
    group_by,
  }));
}
