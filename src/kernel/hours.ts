import type { Json, JsonObject } from './json.js';
import { parseTime } from './time.js';
import { isTimezone, offsetMs, suggestTimezone } from './timezone.js';

export { isTimezone, offsetMs } from './timezone.js';

export const DAY_NAMES = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type DayName = (typeof DAY_NAMES)[number];

/** Hours of the week in a time zone: `from` included, `to` excluded; `to` before `from` runs over midnight. */
export interface Hours {
  /** Days on which the hours begin; empty = every day. */
  readonly days: readonly DayName[];
  /** Minutes since local midnight, 0–1439. */
  readonly fromMinute: number;
  /** Minutes since local midnight, 0–1440. */
  readonly toMinute: number;
  readonly timezone: string;
  /** Local dates (`2026-12-25`) on which the hours do not begin. */
  readonly except: readonly string[];
}

/** Why hours, days, dates or a zone could not be read. */
export interface HoursProblem {
  /** Where below the settings it stands, as the rest of a JSON pointer: `from`, `days/1`. */
  readonly key: string;
  readonly code: 'timezone-unknown' | 'wrong-value';
  readonly message: string;
  readonly hint: string;
}

export interface LocalTime {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly day: DayName;
  readonly minuteOfDay: number;
}

/** What the wall clock of the zone shows at an instant. */
export function localTime(epochMs: number, timezone: string): LocalTime {
  const local = epochMs + offsetMs(epochMs, timezone);
  const days = Math.floor(local / 86_400_000);
  return {
    date: new Date(local).toISOString().slice(0, 10),
    day: DAY_NAMES[(((days + 4) % 7) + 7) % 7] as DayName,
    minuteOfDay: Math.floor((local - days * 86_400_000) / 60_000),
  };
}

/** Whether the instant lies in the hours. The part after midnight belongs to the day on which the hours began. */
export function inHours(epochMs: number, hours: Hours): boolean {
  const now = localTime(epochMs, hours.timezone);
  const begins = (time: LocalTime): boolean =>
    (hours.days.length === 0 || hours.days.includes(time.day)) && !hours.except.includes(time.date);
  if (hours.fromMinute < hours.toMinute) {
    return now.minuteOfDay >= hours.fromMinute && now.minuteOfDay < hours.toMinute && begins(now);
  }
  if (now.minuteOfDay >= hours.fromMinute) return begins(now);
  if (now.minuteOfDay < hours.toMinute) return begins(dayBefore(now));
  return false;
}

function dayBefore(time: LocalTime): LocalTime {
  const midnight = Date.parse(`${time.date}T00:00:00Z`) - 86_400_000;
  const index = DAY_NAMES.indexOf(time.day);
  return {
    date: new Date(midnight).toISOString().slice(0, 10),
    day: DAY_NAMES[(index + 6) % 7] as DayName,
    minuteOfDay: time.minuteOfDay,
  };
}

/** True for what `parseHours` and its parts return when something cannot be read. */
export function isHoursProblem(parsed: unknown): parsed is HoursProblem {
  return typeof parsed === 'object' && parsed !== null && 'message' in parsed;
}

/** Reads `{days, from, to, timezone, except}`, all of which may be left out: every day, all day, UTC, no exception. */
export function parseHours(raw: JsonObject): Hours | HoursProblem {
  const days = raw['days'] === undefined ? [] : parseDays(raw['days']);
  if (isHoursProblem(days)) return days;
  const fromMinute = raw['from'] === undefined ? 0 : parseMinuteOfDay(raw['from'], 'from');
  if (isHoursProblem(fromMinute)) return fromMinute;
  const toMinute = raw['to'] === undefined ? 1_440 : parseMinuteOfDay(raw['to'], 'to');
  if (isHoursProblem(toMinute)) return toMinute;
  if (fromMinute === toMinute) {
    return wrong(
      'to',
      'from and to are the same time, which is no time or all day',
      'leave both out for the whole day',
    );
  }
  const timezone = raw['timezone'] === undefined ? 'UTC' : parseTimezone(raw['timezone']);
  if (isHoursProblem(timezone)) return timezone;
  const except = raw['except'] === undefined ? [] : parseDates(raw['except']);
  if (isHoursProblem(except)) return except;
  return { days, fromMinute, toMinute, timezone, except };
}

/** Days of the week from names and ranges (`mon-fri`, over the weekend `fri-mon`), in the order of the week from Sunday. */
export function parseDays(raw: Json): readonly DayName[] | HoursProblem {
  if (!Array.isArray(raw) || raw.length === 0)
    return wrong('days', 'days is a list of days', '[mon-fri, sun]');
  const indexOf = (name: string): number => (DAY_NAMES as readonly string[]).indexOf(name);
  const days = new Set<number>();
  for (const [position, entry] of (raw as readonly Json[]).entries()) {
    const ends = typeof entry === 'string' ? entry.split('-') : [];
    const first = indexOf(ends[0] ?? '');
    const last = indexOf(ends.at(-1) ?? '');
    if (ends.length > 2 || first === -1 || last === -1) {
      const meant = typeof entry === 'string' ? meantDays(entry) : '';
      return wrong(
        `days/${position}`,
        `${JSON.stringify(entry)} is no day of the week and no range of days`,
        meant === '' ? 'mon tue wed thu fri sat sun, or a range: mon-fri' : `did you mean ${meant}?`,
      );
    }
    for (let day = first; ; day = (day + 1) % 7) {
      days.add(day);
      if (day === last) break;
    }
  }
  return DAY_NAMES.filter((_name, index) => days.has(index));
}

/** `Monday - Friday` → `mon-fri`; empty when it is none either. */
function meantDays(entry: string): string {
  const ends = entry.split('-').map((end) => end.trim().slice(0, 3).toLowerCase());
  return ends.length <= 2 && ends.every((end) => (DAY_NAMES as readonly string[]).includes(end))
    ? ends.join('-')
    : '';
}

/** Minutes since midnight of `HH:MM`, `24:00` being the end of the day. */
export function parseMinuteOfDay(raw: Json, key: string): number | HoursProblem {
  const parts = typeof raw === 'string' ? /^(\d\d):(\d\d)$/.exec(raw) : null;
  const minutes = parts === null ? Number.NaN : Number(parts[1]) * 60 + Number(parts[2]);
  if (Number(parts?.[2]) < 60 && minutes <= 1_440) return minutes;
  return wrong(key, `${JSON.stringify(raw)} is no time of day`, 'four digits from "00:00" to "24:00"');
}

/** A zone of the IANA database. */
export function parseTimezone(raw: Json): string | HoursProblem {
  if (typeof raw === 'string' && isTimezone(raw)) return raw;
  const meant = typeof raw === 'string' ? suggestTimezone(raw) : undefined;
  return {
    key: 'timezone',
    code: 'timezone-unknown',
    message: `${JSON.stringify(raw)} is not a time zone of the IANA database`,
    hint: meant === undefined ? 'a name like Europe/Berlin, or UTC' : `did you mean ${meant}?`,
  };
}

/** Dates `YYYY-MM-DD` that exist. */
export function parseDates(raw: Json): readonly string[] | HoursProblem {
  if (!Array.isArray(raw)) return wrong('except', 'except is a list of dates', '["2026-12-25"]');
  const position = (raw as readonly Json[]).findIndex(
    (date) => typeof date !== 'string' || parseTime(`${date}T00:00:00Z`) === undefined,
  );
  if (position === -1) return raw as readonly string[];
  return wrong(
    `except/${position}`,
    `${JSON.stringify(raw[position])} is no date`,
    'write it like 2026-12-25',
  );
}

function wrong(key: string, message: string, hint: string): HoursProblem {
  return { key, code: 'wrong-value', message, hint };
}
