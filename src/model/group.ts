import { setOwn, type Json, type JsonObject } from '../kernel/json.js';
import type { GroupValues } from './decision.js';

const NO_GROUP: JsonObject = Object.freeze({});

/** `{path: value}` of a group, as reports, launches and templates show it. */
export function groupMap(paths: readonly string[], values: GroupValues): JsonObject {
  if (paths.length === 0) return NO_GROUP;
  const map: Record<string, Json> = {};
  paths.forEach((path, i) => setOwn(map, path, values[i] ?? null));
  return map;
}
