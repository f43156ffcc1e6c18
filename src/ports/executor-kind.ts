import type { JsonObject } from '../kernel/json.js';
import type { JsonSchema } from './condition-kind.js';

/** What a workflow is launched with: one file in `executors/`, one line in its registry. */
export interface ExecutorKind {
  /** The word behind `executor:`. */
  readonly name: string;
  readonly summary: string;
  /** Schema of `with:`, with descriptions and examples. */
  readonly schema: JsonSchema;
  /** Complete examples of a workflow that uses it. */
  readonly examples: readonly JsonObject[];
}
