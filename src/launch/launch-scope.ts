import type { JsonObject } from '../kernel/json.js';
import { formatTime } from '../kernel/time.js';
import type { Launch } from '../model/decision.js';
import { ownInput } from './own-input.js';

/** A launch as the templates of its workflow read it. */
export function launchScope(launch: Launch): JsonObject {
  return {
    id: launch.launch_id,
    trigger_id: launch.trigger_id,
    workflow_name: launch.workflow_name,
    at: formatTime(launch.at),
    event_id: launch.event_id,
    group: launch.group,
    workflow_input: ownInput(launch.input),
  };
}
