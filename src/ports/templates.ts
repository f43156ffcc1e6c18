import type { Json, JsonObject } from '../kernel/json.js';

/** What a template may read. Built lazily by the renderer from a firing. */
export interface TemplateScope {
  readonly event: Json;
  readonly events: Json;
  readonly steps: Json;
  readonly trigger: Json;
  readonly group: Json;
  readonly value: Json;
  readonly vars: Json;
  readonly now: string;
  readonly item: Json;
}

/** What the templates of a workflow's `with` and `concurrency.key` may read: the launch that is being carried out. */
export interface WorkflowScope {
  /** The workflow's whole input (the envelope). */
  readonly input: Json;
  /** `id`, `trigger_id`, `workflow_name`, `at` (RFC 3339), `event_id`, `group`, and `workflow_input` (without the envelope's keys). */
  readonly launch: Json;
}

export interface TemplateProblem {
  /** Pointer of the string inside the parsed value. */
  readonly pointer: string;
  readonly message: string;
  readonly hint: string;
  readonly kind: 'syntax' | 'unknown-filter' | 'unknown-tag' | 'unknown-name';
}

export interface Rendered {
  readonly value: JsonObject;
  /** One line per value that was missing, naming pointer and template. */
  readonly warnings: readonly string[];
}

/** A map whose strings may hold templates, parsed once. */
export interface InputTemplate {
  /** Paths it reads, as written (`event.payload.region`), for lints: [pointer, path]. */
  readonly reads: readonly (readonly [pointer: string, path: string])[];
  /**
   * Throws a Fault (`rules-invalid`) only when the output is over its size bound. `into` given, the rendered keys are set
   * on it and it is the value; otherwise the value is an object of its own, or a shared frozen one.
   */
  render(scope: TemplateScope | WorkflowScope, into?: Record<string, Json>): Rendered;
}

export interface Templates {
  /**
   * Parses every string of the map; problems instead of a template when something is wrong. `names` tells which root
   * names exist: those of a trigger's `workflow_input` (the default), or those of a workflow's `with`.
   */
  parse(
    map: JsonObject,
    names?: 'trigger' | 'workflow',
  ): { readonly template: InputTemplate } | { readonly problems: readonly TemplateProblem[] };
}
