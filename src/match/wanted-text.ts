import { formatDuration } from '../kernel/duration.js';
import type { Hours } from '../kernel/hours.js';
import { isObject, setOwn, type Json, type JsonObject } from '../kernel/json.js';
import type { TopLevelCondition } from 'json-rules-engine';
import { compileField, compileReading } from './reading.js';
import { type Condition, fieldOperand, ruleNode } from './rule-tree.js';

/** What a leaf wants, as JSON in the words of the rule language. */
export function wantedJson(value: unknown): Json {
  const field = fieldOperand(value);
  if (field !== undefined) return { field: compileField(field).path };
  if (!isObject(value)) return value as Json;
  if (value['literal'] !== undefined) return value['literal'];
  if (isObject(value['hours'])) return hoursJson(value['hours'] as unknown as Hours);
  if (typeof value['duration_ms'] === 'number') return formatDuration(value['duration_ms']);
  return testJson(value['test'] as unknown as TopLevelCondition);
}

function hoursJson(hours: Hours): JsonObject {
  return {
    ...(hours.days.length === 0 ? {} : { days: hours.days }),
    from: clock(hours.fromMinute),
    to: clock(hours.toMinute),
    timezone: hours.timezone,
    ...(hours.except.length === 0 ? {} : { except: hours.except }),
  };
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** A nested test as it would be written: a map of paths, or of operators where the element itself is meant. */
function testJson(condition: Condition): Json {
  const node = ruleNode(condition);
  switch (node.kind) {
    case 'field': {
      const { path } = compileReading(node.path, 'element');
      const test = { [node.operator]: wantedJson(node.value) };
      return path === '.' ? test : { [path]: test };
    }
    case 'not':
      return { not: testJson(node.member) };
    case 'any':
      return { any: node.members.map(testJson) };
    case 'all': {
      const members = node.members.map(testJson);
      const merged = mergeMaps(members);
      return merged ?? { all: members };
    }
  }
}

/** One map of several, operators of one path side by side; undefined when two of them would collide. */
function mergeMaps(maps: readonly Json[]): JsonObject | undefined {
  const merged: Record<string, Json> = {};
  for (const map of maps) {
    if (!isObject(map)) return undefined;
    for (const [key, value] of Object.entries(map)) {
      const known = Object.hasOwn(merged, key) ? merged[key] : undefined;
      if (known === undefined) setOwn(merged, key, value);
      else {
        const both = mergeMaps([known, value]);
        if (both === undefined) return undefined;
        setOwn(merged, key, both);
      }
    }
  }
  return merged;
}
