import type { JsonObject } from '../kernel/json.js';

/** A launch's input without the envelope's three keys: what its trigger's `workflow_input` made. */
export function ownInput(input: JsonObject): JsonObject {
  const { trigger_event: _event, trigger_id: _id, triggered_at: _at, ...own } = input;
  return own;
}
