import type { Json, JsonObject } from '../kernel/json.js';
import type { Test } from './test.js';

/** Where something stands: which document of the rule folder, and the JSON pointer inside it. */
export interface Origin {
  readonly file: string;
  /** Index of the YAML document within the file, from 0. */
  readonly document: number;
  readonly pointer: string;
}

/**
 * Events that reach a stateful condition, and in which role. `match` is the trigger's own events; the rest is the
 * condition's affair (`unless`, `step:0` …).
 */
export interface ListenerPlan {
  readonly role: string;
  readonly event_types: readonly string[];
  readonly test: Test;
  /** Paths whose values make the group, as many as the trigger's. */
  readonly group_by: readonly string[];
}

/** A condition that remembers: which events it hears, and its settings as plain data for its reducer. */
export interface StatefulPlan {
  /** Name of the condition kind whose reducer it is. */
  readonly kind: string;
  /** Which variant of the kind (`schedule`, `deadline` …); '' where there is one only. */
  readonly variant: string;
  readonly settings: JsonObject;
  readonly listeners: readonly ListenerPlan[];
  /** Asked of the completing event only: the stateless members beside it in `all`. */
  readonly completion: Test;
}

export interface LaunchPlan {
  readonly workflow_name: string;
  /** As written, templates in strings. */
  readonly workflow_input: JsonObject;
  readonly pointer: string;
}

export interface Cooldown {
  readonly forMs: number;
  readonly scope: 'group' | 'trigger';
  readonly trailing: boolean;
}

export interface Collect {
  readonly forMs: number;
  readonly max: number | null;
  /** null = the trigger's own group. */
  readonly group_by: readonly string[] | null;
}

export interface MaxExecutions {
  readonly count: number;
  /** Sliding period; null = ever. */
  readonly perMs: number | null;
  readonly scope: 'trigger' | 'group';
}

/** A trigger after normalisation: no optionals, defaults applied once, the classic form no longer to be told apart. */
export interface Trigger {
  readonly trigger_id: string;
  readonly description: string;
  readonly event_types: readonly string[];
  /** Type is not among them; every stateful listener repeats what it needs. */
  readonly filters: Test;
  readonly group_by: readonly string[];
  /** Stateless part of the condition (for a stateful condition: always true). */
  readonly condition: Test;
  readonly memory: StatefulPlan | null;
  readonly launches: readonly LaunchPlan[];
  readonly cooldown: Cooldown | null;
  readonly debounceMs: number | null;
  readonly collect: Collect | null;
  /** Empty = not deduplicated. */
  readonly once_per: readonly string[];
  readonly max_executions: MaxExecutions | null;
  readonly active: boolean;
  readonly mode: 'launch' | 'observe';
  readonly first_of: { readonly set: string; readonly rank: number } | null;
  readonly for_each: string | null;
  readonly latenessMs: number;
  readonly max_groups: number;
  readonly allow_loop: boolean;
  readonly tags: readonly string[];
  readonly origin: Origin;
}

/** How a named workflow is launched. `with` is the executor's own settings, validated by its schema. */
export interface Workflow {
  readonly workflow_name: string;
  readonly description: string;
  readonly executor: string;
  readonly with: JsonObject;
  readonly timeoutMs: number;
  readonly retry: {
    readonly attempts: number;
    readonly initialMs: number;
    readonly factor: number;
    readonly maxMs: number;
    readonly jitter: boolean;
  } | null;
  readonly concurrency: {
    readonly limit: number;
    readonly key: string | null;
    readonly when_full: 'queue' | 'skip';
  } | null;
  readonly origin: Origin;
}

/** One rule test of a `tests:` list, as validated; events are still as written (without defaults). */
export interface RuleTest {
  readonly name: string;
  /** null = all triggers of the folder. */
  readonly triggers: readonly string[] | null;
  readonly startMs: number;
  readonly variables: JsonObject;
  readonly events: readonly RuleTestEvent[];
  /** Virtual time after `startMs` up to which the clock runs on; null = the last event. */
  readonly untilMs: number | null;
  readonly expect: readonly ExpectedLaunch[];
  readonly suppressed: readonly ExpectedSuppression[] | null;
  readonly origin: Origin;
}

export interface RuleTestEvent {
  /** After `startMs`. */
  readonly atMs: number;
  readonly repeat: { readonly times: number; readonly everyMs: number } | null;
  /** Event fields as written. */
  readonly event: JsonObject;
  readonly pointer: string;
}

export interface ExpectedLaunch {
  readonly atMs: number | null;
  readonly trigger_id: string | null;
  readonly workflow_name: string | null;
  readonly mode: 'launch' | 'observe' | null;
  readonly group: JsonObject | null;
  /** A subset: the keys it names must be deeply equal. */
  readonly input: JsonObject | null;
  readonly pointer: string;
}

export interface ExpectedSuppression {
  readonly atMs: number | null;
  readonly trigger_id: string | null;
  readonly gate: string | null;
  readonly pointer: string;
}

/** Everything a valid rule folder holds, in folder order. */
export interface RuleSource {
  readonly triggers: readonly Trigger[];
  readonly workflows: readonly Workflow[];
  readonly tests: readonly RuleTest[];
  readonly variables: Readonly<Record<string, Json>>;
}
