import type { StoredDecision } from '../model/record.js';

/**
 * The triggers that launched or were suppressed in a decision. A decision names its launches by id only; `triggerOf`
 * knows whose they are (undefined: forgotten).
 */
export function decisionTriggers(
  decision: StoredDecision,
  triggerOf: (launchId: string) => string | undefined,
): ReadonlySet<string> {
  const triggers = new Set<string>();
  for (const launchId of decision.launches) {
    const trigger = triggerOf(launchId);
    if (trigger !== undefined) triggers.add(trigger);
  }
  for (const { trigger_id } of decision.suppressed) triggers.add(trigger_id);
  return triggers;
}
