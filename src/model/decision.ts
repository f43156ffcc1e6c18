import type { Json, JsonObject } from '../kernel/json.js';
import type { Occurrence } from './event.js';

/** Gates that may hold a firing back, in the order they are asked. */
export const GATES = [
  'snoozed',
  'first_of',
  'loop',
  'once_per',
  'debounce',
  'collect',
  'cooldown',
  'max_executions',
] as const;
export type Gate = (typeof GATES)[number];

/** Values of the group_by paths, in their order; `[]` for a trigger without group_by. */
export type GroupValues = readonly Json[];

/** A condition that has come true: what the gates and the launch are about. */
export interface Firing {
  /** Position of the trigger in the ruleset. */
  readonly trigger: number;
  readonly group: GroupValues;
  /** The paths those values were read from: the trigger's group_by, or that of its `collect`. */
  readonly groupBy: readonly string[];
  /** The event that completed it; null for a timer without one. */
  readonly event: Occurrence | null;
  /** All that contributed, oldest first. */
  readonly events: readonly Occurrence[];
  /** Named steps of a sequence. */
  readonly steps: Readonly<Record<string, Occurrence>>;
  /** The aggregate, or null. */
  readonly value: Json;
  /** When it came true: the event's arrival, or the timer's due time; epoch ms. */
  readonly at: number;
  /** What made it, for the launch id: `event` or the timer's purpose. */
  readonly cause: string;
  /** How many instants of a schedule this firing stands for (1 unless some were missed). */
  readonly standsFor: number;
}

/** One workflow launch that was decided. `input` is the whole envelope the workflow gets. */
export interface Launch {
  readonly launch_id: string;
  readonly trigger_id: string;
  readonly workflow_name: string;
  readonly mode: 'launch' | 'observe';
  /** Epoch ms. */
  readonly at: number;
  readonly event_id: string | null;
  readonly events: readonly string[];
  readonly group: JsonObject;
  readonly input: JsonObject;
  /** Index of the for_each element it is about; null without for_each. */
  readonly item_index: number | null;
  /** Problems of rendering that did not stop it: missing values, by template. */
  readonly warnings: readonly string[];
}

export interface Suppression {
  readonly trigger_id: string;
  readonly event_id: string | null;
  readonly at: number;
  readonly gate: Gate;
  /** Until when the gate stays closed, epoch ms; null where it is not a matter of time. */
  readonly until: number | null;
  readonly group: JsonObject;
}

/** Something a trigger could not do, worth an event of its own: said at most once a minute per trigger and kind. */
export interface Notice {
  readonly kind: 'loop' | 'groups_refused';
  readonly trigger_id: string;
  readonly message: string;
  /** Epoch ms. */
  readonly at: number;
  /** The event that was being decided, or null at a timer. */
  readonly cause: Occurrence | null;
}
