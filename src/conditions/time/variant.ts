import type { HoursProblem } from '../../kernel/hours.js';
import { isHoursProblem } from '../../kernel/hours.js';
import type { JsonObject } from '../../kernel/json.js';
import type { BuildContext, BuiltCondition, JsonSchema, Reducer } from '../../ports/condition-kind.js';

/** One way to be `time_based`: told by the key that heads its settings. */
export interface TimeVariant {
  /** Keys any one of which makes it this variant. */
  readonly heads: readonly string[];
  /** Every other setting it takes. */
  readonly settings: readonly string[];
  /** Schemas of the settings that no other variant has. */
  readonly properties: { readonly [setting: string]: JsonSchema };
  build(settings: JsonObject, context: BuildContext): BuiltCondition;
  /** How it remembers, by the name it gives its plan; null for a variant that never does. */
  readonly memory: { readonly variant: string; readonly reducer: TimeReducer } | null;
}

export type TimeReducer = Omit<Reducer, 'version'> &
  Required<Pick<Reducer, 'initialGroups' | 'onStart' | 'afterDowntime' | 'describe'>>;

/** What was read, or the fallback with its problem reported: the rule will never run then. */
export function readOr<T>(parsed: T | HoursProblem, fallback: T, context: BuildContext): T {
  if (!isHoursProblem(parsed)) return parsed;
  context.report(parsed.code, `${context.pointer}/${parsed.key}`, parsed.message, parsed.hint);
  return fallback;
}
