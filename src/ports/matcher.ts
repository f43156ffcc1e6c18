import type { TopLevelCondition } from 'json-rules-engine';
import type { Json } from '../kernel/json.js';
import type { Event } from '../model/event.js';
import type { Operator } from '../model/test.js';
import type { Listener } from '../model/ruleset.js';

/** A listener whose rule holds for an event; for a trigger with `for_each`, once per element that passes. */
export interface Hit {
  readonly listener: Listener;
  /** Its trigger's position in the ruleset, here too because every hit is asked for it. */
  readonly trigger: number;
  /** The `for_each` element; null without. */
  readonly item: Json;
  /** Its index; -1 without `for_each`. */
  readonly index: number;
}

/** Why a rule holds or not: its condition tree with the values found. */
export type Trace =
  | {
      readonly kind: 'all' | 'any' | 'not';
      readonly holds: boolean;
      readonly pointer: string;
      readonly tests: readonly Trace[];
    }
  | {
      readonly kind: 'field';
      readonly holds: boolean;
      readonly pointer: string;
      readonly path: string;
      readonly operator: Operator;
      readonly ignoreCase: boolean;
      /** The value found; undefined = missing. */
      readonly found: Json | undefined;
      /** What was wanted, as JSON a person can read. */
      readonly wanted: Json;
      /** What else helps: a conversion that failed, a near miss by type or case; null mostly. */
      readonly note: string | null;
    };

/** The index and the rules of one ruleset. Stateless: the same event always gives the same hits. */
export interface Matcher {
  /** Hits in ascending listener ordinal, then element index. */
  match(event: Event): readonly Hit[];
  /** Whether one condition tree holds, asked outside of the index. */
  holds(conditions: TopLevelCondition, event: Event, item: Json): boolean;
  /** The same answer, with reasons. Its `holds` equals what `holds` returns. */
  explain(conditions: TopLevelCondition, event: Event, item: Json): Trace;
  /** How many candidates the index has let through so far, for statistics. */
  readonly candidates: number;
}
