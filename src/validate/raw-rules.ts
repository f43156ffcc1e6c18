import type { Json, JsonObject } from '../kernel/json.js';

/** A trigger as its schema lets it through; what the schema refused has been taken out, so anything may be missing. */
export interface RawTrigger {
  readonly trigger_id?: string;
  readonly description?: string;
  readonly event_types?: readonly string[];
  readonly filters?: JsonObject;
  readonly group_by?: readonly string[];
  readonly condition?: string | JsonObject;
  readonly parameters?: JsonObject;
  readonly workflow_name?: string;
  readonly workflow_input?: JsonObject;
  readonly launches?: readonly { readonly workflow_name: string; readonly workflow_input?: JsonObject }[];
  readonly cooldown?:
    | string
    | { readonly for: string; readonly scope?: 'group' | 'trigger'; readonly trailing?: boolean };
  readonly debounce?: string;
  readonly collect?: { readonly for: string; readonly max?: number; readonly group_by?: readonly string[] };
  readonly once_per?: readonly string[];
  readonly max_executions?:
    | number
    | null
    | { readonly count: number; readonly per?: string; readonly scope?: 'group' | 'trigger' };
  readonly first_of?: { readonly set: string; readonly rank: number };
  readonly active?: boolean;
  readonly mode?: 'launch' | 'observe';
  readonly for_each?: string;
  readonly lateness?: string;
  readonly max_groups?: number;
  readonly allow_loop?: boolean;
  readonly tags?: readonly string[];
}

/** A workflow as its schema lets it through. */
export interface RawWorkflow {
  readonly description?: string;
  readonly executor?: string;
  readonly with?: JsonObject;
  readonly timeout?: string;
  readonly retry?: {
    readonly attempts?: number;
    readonly initial?: string;
    readonly factor?: number;
    readonly max?: string;
    readonly jitter?: boolean;
  } | null;
  readonly concurrency?: {
    readonly limit: number;
    readonly key?: string;
    readonly when_full?: 'queue' | 'skip';
  } | null;
}

/** A rule test as its schema lets it through. */
export interface RawRuleTest {
  readonly name?: string;
  readonly triggers?: readonly string[];
  readonly start?: string;
  readonly variables?: JsonObject;
  readonly events?: readonly ({
    readonly at?: string;
    readonly repeat?: { readonly times: number; readonly every: string };
  } & { readonly [field: string]: Json })[];
  readonly until?: string;
  readonly expect?: readonly {
    readonly at?: string;
    readonly trigger_id?: string;
    readonly workflow_name?: string;
    readonly mode?: 'launch' | 'observe';
    readonly group?: JsonObject;
    readonly input?: JsonObject;
  }[];
  readonly suppressed?: readonly {
    readonly at?: string;
    readonly trigger_id?: string;
    readonly gate?: string;
  }[];
}
