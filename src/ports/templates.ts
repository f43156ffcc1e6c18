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
  /** Throws a Fault (`rules-invalid`) only when the output is over its size bound. */
  render(scope: TemplateScope): Rendered;
}

export interface Templates {
  /** Parses every string of the map; problems instead of a template when something is wrong. */
  parse(
    map: JsonObject,
  ): { readonly template: InputTemplate } | { readonly problems: readonly TemplateProblem[] };
}
