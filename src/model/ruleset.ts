import type { TopLevelCondition } from 'json-rules-engine';
import type { Json } from '../kernel/json.js';
import type { Trigger, Workflow } from './trigger.js';

/** A fact that every matching event must satisfy: what the index may look for before it asks the rule. */
export type NecessaryFact =
  | {
      readonly kind: 'equal';
      readonly path: string;
      readonly values: readonly (string | number | boolean | null)[];
    }
  | { readonly kind: 'above'; readonly path: string; readonly bound: number; readonly inclusive: boolean }
  | { readonly kind: 'below'; readonly path: string; readonly bound: number; readonly inclusive: boolean }
  | { readonly kind: 'literal'; readonly path: string; readonly text: string };

/** One way to match: all its facts hold. A listener matches only events that satisfy one of its entries. */
export type IndexEntry = readonly NecessaryFact[];

/** Events a trigger hears in one role, compiled. */
export interface Listener {
  /** Position in `Ruleset.listeners`. */
  readonly ordinal: number;
  /** Position of its trigger in `Ruleset.triggers`. */
  readonly trigger: number;
  readonly role: string;
  readonly event_types: readonly string[];
  readonly entries: readonly IndexEntry[];
  /** The conditions of its json-rules-engine rule; the root is `all`. */
  readonly conditions: TopLevelCondition;
  readonly group_by: readonly string[];
}

export interface CompiledTrigger {
  /** Position in `Ruleset.triggers`, folder order. */
  readonly ordinal: number;
  readonly trigger: Trigger;
  readonly listeners: readonly Listener[];
  /** Asked of the event that completes a stateful condition; null = nothing to ask. */
  readonly completion: TopLevelCondition | null;
  /** Hash of type, filters, group_by and condition: what remembered state belongs to. */
  readonly conditionHash: string;
}

/** A whole valid rule folder, compiled: immutable, hashed. */
export interface Ruleset {
  /** Hash of everything that decides: two equal hashes decide alike. */
  readonly hash: string;
  readonly triggers: readonly CompiledTrigger[];
  readonly listeners: readonly Listener[];
  readonly workflows: ReadonlyMap<string, Workflow>;
  readonly variables: Readonly<Record<string, Json>>;
}
