import { canonicalJson, type Json } from '../kernel/json.js';
import { parsePath, isPathProblem, readSteps, type PathSteps } from '../kernel/path.js';
import type { Event } from '../model/event.js';
import type { GroupValues } from '../model/decision.js';

/** Reads the values of a list of paths (from the event, or from `item`); undefined when one is missing. */
export type GroupReader = (event: Event, item: Json) => GroupValues | undefined;

const NO_GROUP: GroupValues = [];

type Read = (event: Event, item: Json) => Json | undefined;

/** A reader of one path of a trigger: `item…` reads the for_each element, everything else the event. */
export function createReader(path: string): Read {
  const steps = parsePath(path);
  if (isPathProblem(steps)) throw new TypeError(`not a path: ${path}`);
  if (steps[0] === 'item') return (_event, item) => readSteps(item, steps, 1);
  return (event) => readSteps(event as unknown as Json, steps as PathSteps);
}

const readNoGroup: GroupReader = () => NO_GROUP;

export function createGroupReader(paths: readonly string[]): GroupReader {
  if (paths.length === 0) return readNoGroup;
  const reads = paths.map(createReader);
  return (event, item) => {
    const values: Json[] = [];
    for (const read of reads) {
      const value = read(event, item);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  };
}

/** One text per distinct tuple of values: equal JSON values give equal keys, different ones different keys. */
export function groupKey(values: GroupValues): string {
  if (values.length === 0) return '';
  if (values.length === 1 && typeof values[0] === 'string') return JSON.stringify(values[0]);
  return values.map(canonicalJson).join(',');
}
