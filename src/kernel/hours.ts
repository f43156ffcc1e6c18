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

export interface LocalTime {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly day: DayName;
  readonly minuteOfDay: number;
}

const OFFSET_STEP_MS = 15 * 60_000;
const OFFSETS_KEPT = 10_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

function formatFor(timezone: string): Intl.DateTimeFormat {
  let format = formats.get(timezone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(timezone, format);
  }
  return format;
}

/** True for a name of the IANA time zone database that this Node knows (`Europe/Berlin`, `UTC`). */
export function isTimezone(name: string): boolean {
  try {
    formatFor(name);
    return true;
  } catch {
    return false;
  }
}

/** Milliseconds to add to UTC to get the local time of the zone at that instant (offsets change on quarter hours only). */
export function offsetMs(epochMs: number, timezone: string): number {
  if (timezone === 'UTC') return 0;
  const step = Math.floor(epochMs / OFFSET_STEP_MS) * OFFSET_STEP_MS;
  const key = `${timezone} ${step}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const parts: Record<string, number> = {};
  for (const part of formatFor(timezone).formatToParts(step)) parts[part.type] = Number(part.value);
  const local = Date.UTC(
    parts['year'] ?? 1970,
    (parts['month'] ?? 1) - 1,
    parts['day'] ?? 1,
    parts['hour'] ?? 0,
    parts['minute'] ?? 0,
    parts['second'] ?? 0,
  );
  const offset = local - step;
  if (offsets.size >= OFFSETS_KEPT) offsets.clear();
  offsets.set(key, offset);
  return offset;
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
