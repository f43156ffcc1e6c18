import type { Json } from '../kernel/json.js';
import { isPathProblem, parsePath, readSteps, type PathSteps } from '../kernel/path.js';
import type { Occurrence } from '../model/event.js';

/**
 * The steps of a field that a reducer reads, as data for its settings. A path that does not parse has been reported; its
 * rule never runs.
 */
export function fieldSteps(path: string): PathSteps {
  const steps = parsePath(path);
  return isPathProblem(steps) ? [] : steps;
}

/** The value of a field, `item…` being the for_each element; undefined when it is missing. */
export function readField(occurrence: Occurrence, steps: PathSteps): Json | undefined {
  return steps[0] === 'item'
    ? readSteps(occurrence.item, steps, 1)
    : readSteps(occurrence.event as unknown as Json, steps);
}
