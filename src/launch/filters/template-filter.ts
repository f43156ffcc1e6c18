import type { Json } from '../../kernel/json.js';

/** One filter of the template language: what it does, and what the reference says about it. */
export interface TemplateFilter {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** A template and the value it gives; `event.payload` is the example payload. */
  readonly example: { readonly template: string; readonly gives: Json };
  /** How many arguments it takes: from, to. */
  readonly takes: readonly [number, number];
  /**
   * Never called with null or a missing value: those pass through every filter unchanged (`default` and `json` apart).
   * `undefined` means that there is no such value. Throws a FilterProblem for what it cannot do.
   */
  apply(value: Json, args: readonly Json[]): Json | undefined;
}

/** A value a filter cannot work on. The template gives null, and the message becomes a warning. */
export class FilterProblem extends Error {
  override readonly name = 'FilterProblem';
}
