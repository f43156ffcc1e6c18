import type { Json } from '../../src/kernel/json.js';
import type { BuildContext, BuiltCondition, ConditionKind, Reducer } from '../../src/ports/condition-kind.js';
import { buildContext } from '../conditions/build-context.js';

export type StatefulCondition = Extract<BuiltCondition, { memory: 'group' }>;

/** A kind's reducer and the plan it makes of settings that have nothing wrong with them. */
export function planOf(
  kind: ConditionKind,
  settings: Json,
  overrides: Partial<BuildContext> = {},
): { readonly reducer: Reducer; readonly plan: StatefulCondition } {
  const { context, reports } = buildContext(overrides);
  const plan = kind.build(settings, context);
  if (reports.length > 0) throw new Error(reports.join(', '));
  if (plan.memory !== 'group' || kind.reducer === null) throw new Error(`${kind.name} does not remember`);
  return { reducer: kind.reducer, plan };
}
