import { DAY_NAMES, inHours, isTimezone, type Hours } from '../kernel/hours.js';
import { parseDuration } from '../kernel/duration.js';
import type { Json } from '../kernel/json.js';
import { parseTime } from '../kernel/time.js';
import type { Modifiers } from '../model/condition-json.js';
import type { Prepare } from './check.js';
import { MAX_TIME_MS } from './convert.js';
import type { Wanted } from './wanted.js';

/** The instant a value names; with `as: time` it has become epoch milliseconds already. */
function instantOf(value: Json, { as }: Modifiers): number | undefined {
  if (typeof value === 'string') return parseTime(value);
  return as === 'time' && typeof value === 'number' && Math.abs(value) <= MAX_TIME_MS ? value : undefined;
}

/** An RFC 3339 time lies in the hours. */
export const during: Prepare = ({ hours, modifiers }) => {
  if (hours === undefined || !isHours(hours)) return undefined;
  return (value) => {
    const instant = instantOf(value, modifiers);
    return instant !== undefined && inHours(instant, hours);
  };
};

function isHours(hours: Hours): boolean {
  return (
    Array.isArray(hours.days) &&
    hours.days.every((day) => DAY_NAMES.includes(day)) &&
    Number.isInteger(hours.fromMinute) &&
    Number.isInteger(hours.toMinute) &&
    Array.isArray(hours.except) &&
    typeof hours.timezone === 'string' &&
    isTimezone(hours.timezone)
  );
}

/** How far before the event's own time an RFC 3339 time lies, compared with a duration. */
function aged(passes: (ageMs: number, durationMs: number) => boolean): Prepare {
  return (wanted) => {
    const durationMs = durationOf(wanted);
    if (durationMs === undefined) return undefined;
    return (value, scope) => {
      const instant = instantOf(value, wanted.modifiers);
      const now = scope === null ? undefined : parseTime(scope.event.timestamp);
      return instant !== undefined && now !== undefined && passes(now - instant, durationMs);
    };
  };
}

function durationOf({ durationMs, literal }: Wanted): number | undefined {
  return durationMs ?? (typeof literal === 'string' ? parseDuration(literal) : undefined);
}

export const newerThan: Prepare = aged((ageMs, durationMs) => ageMs < durationMs);
export const olderThan: Prepare = aged((ageMs, durationMs) => ageMs > durationMs);
