import type { DiagnosticCode } from '../kernel/codes.js';
import type { Json, JsonObject } from '../kernel/json.js';
import type { Occurrence } from '../model/event.js';
import type { Test } from '../model/test.js';
import type { ListenerPlan } from '../model/trigger.js';

/** A JSON Schema (2020-12) fragment. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** What a condition kind is told about its trigger, and the tools to read its settings with. */
export interface BuildContext {
  /** JSON pointer of the settings in their document. */
  readonly pointer: string;
  readonly eventTypes: readonly string[];
  readonly groupBy: readonly string[];
  /** The trigger's own filters, normalised: a listener that needs them includes them. */
  readonly filters: Test;
  /** Normalises a field-test map standing at `pointer` (reports what is wrong with it). */
  tests(map: Json | undefined, pointer: string): Test;
  /** Milliseconds of a duration text that the schema has checked. */
  durationMs(text: string): number;
  /** Event types, wildcard included, checked and reported at `pointer`. */
  eventTypesAt(value: Json | undefined, pointer: string): readonly string[];
  /** Checks a field path; returns it. */
  path(text: string, pointer: string): string;
  /** Checks a regular expression. */
  regex(pattern: string, pointer: string): void;
  report(code: DiagnosticCode, pointer: string, message: string, hint?: string): void;
}

/** What a condition becomes: a test of the event at hand, or a plan for a reducer. */
export type BuiltCondition =
  | { readonly memory: 'none'; readonly test: Test }
  | {
      readonly memory: 'group';
      readonly variant: string;
      readonly settings: JsonObject;
      readonly listeners: readonly ListenerPlan[];
    };

/**
 * A condition kind: one file in `conditions/`, one line in its registry. Its option schema and its documentation sit
 * here too; JSON Schemas, reference pages and error messages are made from them.
 */
export interface ConditionKind {
  /** The key that names it in a rule file. */
  readonly name: string;
  /** One sentence for editors and the reference. */
  readonly summary: string;
  /** Schema of what stands under the key, with title, description and examples. */
  readonly schema: JsonSchema;
  /** Schema of `parameters` in the classic form, without `workflow_input`; null = the settings themselves. */
  readonly classicSchema: JsonSchema | null;
  /** Complete example of a `condition:` value. */
  readonly examples: readonly JsonObject[];
  /** Turns the classic form's parameters into a built condition; absent = `build` reads them as its settings. */
  buildClassic?(parameters: JsonObject, context: BuildContext): BuiltCondition;
  build(settings: Json, context: BuildContext): BuiltCondition;
  /** How it remembers; null for a kind that never does. */
  readonly reducer: Reducer | null;
}

/** Counters a reducer may raise; shown by trigger. */
export type CounterName =
  | 'late_events'
  | 'skipped_events'
  | 'capped_events'
  | 'skewed_events'
  | 'evicted_groups'
  | 'refused_groups'
  | 'missed_schedules'
  | 'ungrouped_events';

/** What a reducer reports as having come true; trigger and group are added by the engine. */
export interface Fired {
  readonly event: Occurrence | null;
  readonly events: readonly Occurrence[];
  readonly steps?: Readonly<Record<string, Occurrence>>;
  readonly value?: Json;
  /** Epoch ms; left out = `now`. */
  readonly at?: number;
  readonly standsFor?: number;
}

/** The engine as a reducer sees it: time comes in, decisions and timers go out. */
export interface StepContext {
  /** Engine time, epoch ms; it never goes back. */
  readonly now: number;
  /** The trigger's `lateness`, milliseconds. */
  readonly latenessMs: number;
  fire(fired: Fired): void;
  /** Sets this group's timer for a purpose, moving it if it was set; when it is due, `onTimer` is called with the purpose. */
  schedule(purpose: string, dueAt: number): void;
  cancel(purpose: string): void;
  count(counter: CounterName, by?: number): void;
}

/** A slice of state: plain JSON-able data of one trigger and one group. */
export type Slice = unknown;

/**
 * How a stateful kind remembers. A slice may be changed in place; the returned one is kept, `undefined` forgets the
 * group. No clock, no randomness, no I/O: the same calls give the same results.
 */
export interface Reducer {
  /** Raised when the shape of a slice changes. */
  readonly version: number;
  /**
   * An event reached the listeners with these roles (in the plan's order). Roles are several when one event matches
   * more than one listener of the same group.
   */
  onEvent(
    slice: Slice | undefined,
    roles: readonly string[],
    occurrence: Occurrence,
    plan: ReducerPlan,
    context: StepContext,
  ): Slice | undefined;
  /** A timer of the group is due. */
  onTimer(
    slice: Slice | undefined,
    timer: { readonly purpose: string; readonly dueAt: number },
    plan: ReducerPlan,
    context: StepContext,
  ): Slice | undefined;
  /**
   * The trigger begins (first start, or its condition changed): groups to arm without an event, e.g. a schedule (`[]`)
   * or expected groups. Called once per group listed by `initialGroups`.
   */
  initialGroups?(plan: ReducerPlan): readonly (readonly Json[])[];
  onStart?(slice: Slice | undefined, plan: ReducerPlan, context: StepContext): Slice | undefined;
  /**
   * What becomes of a plan's timers after the engine did not run for a while: `rearm` calls `onStart` for every group that
   * is remembered, `wait` lets those that fell due meanwhile wait for the restart grace (they decide that something did not
   * come, and it may be on its way), `go` decides them at once. Absent = `go`.
   */
  afterDowntime?(plan: ReducerPlan): 'rearm' | 'wait' | 'go';
  /** For explanations: one sentence on where the group stands ("3 of 5 in the window, the oldest leaves in 12s"). */
  describe?(slice: Slice, plan: ReducerPlan, now: number): string;
}

export interface ReducerPlan {
  readonly variant: string;
  readonly settings: JsonObject;
}
