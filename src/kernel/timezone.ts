import { suggest } from './suggest.js';

const DAY_MS = 86_400_000;
/** More than the offset of any zone there ever was from UTC. */
const REACH_MS = 18 * 3_600_000;
/** Outside of these years the offset of the nearest is taken: the oldest calendars cannot be formatted. */
const EARLIEST_MS = Date.UTC(1900, 0, 1);
const LATEST_MS = Date.UTC(2400, 0, 1);
const DAYS_KEPT = 20_000;

/** One UTC day of a zone: the offset at its beginning, and where it changes within the day, if it does. */
interface ZoneDay {
  readonly offset: number;
  /** Epoch ms of the first instant with the other offset; Infinity = no change. */
  readonly changeAt: number;
  /** Offset at the beginning of the next day. */
  readonly after: number;
}

interface Zone {
  readonly format: Intl.DateTimeFormat;
  readonly days: Map<number, ZoneDay>;
}

const zones = new Map<string, Zone>();
let usual: ReadonlySet<string> | undefined;

function zoneOf(timezone: string): Zone {
  let zone = zones.get(timezone);
  if (zone === undefined) {
    // Newer platforms take "+02:00" for a zone as well; the language knows names only.
    if (!/^[A-Za-z]/.test(timezone)) throw new RangeError(`not a time zone: ${timezone}`);
    const format = new Intl.DateTimeFormat('en-US', {
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
    zone = { format, days: new Map() };
    zones.set(timezone, zone);
  }
  return zone;
}

/** True for a name of the IANA time zone database that this Node knows (`Europe/Berlin`, `UTC`). */
export function isTimezone(name: string): boolean {
  // The usual names are asked for in a list: to make a zone's calendar costs as much as reading a rule folder.
  usual ??= new Set(Intl.supportedValuesOf('timeZone'));
  if (name === 'UTC' || usual.has(name)) return true;
  try {
    zoneOf(name);
    return true;
  } catch {
    return false;
  }
}

/** The zone a person most likely meant (`Europe/Berln`, `Berlin`, `New York`), or undefined. */
export function suggestTimezone(name: string): string | undefined {
  const names = ['UTC', ...Intl.supportedValuesOf('timeZone')];
  const wanted = name.trim().replaceAll(' ', '_');
  const city = `/${wanted.toLowerCase()}`;
  return names.find((zone) => zone.toLowerCase().endsWith(city)) ?? suggest(wanted, names);
}

/** Milliseconds to add to UTC to get the local time of the zone at that instant. */
export function offsetMs(epochMs: number, timezone: string): number {
  if (timezone === 'UTC') return 0;
  const at = Math.min(Math.max(epochMs, EARLIEST_MS), LATEST_MS);
  const day = dayOf(zoneOf(timezone), Math.floor(at / DAY_MS));
  return at < day.changeAt ? day.offset : day.after;
}

/**
 * When the wall clock of a zone shows a time, given as if it were UTC. A time that the clock shows twice is the first of
 * the two; one that it skips is the end of the gap, the next valid time. Null for a time on a date that the zone left out
 * altogether (Apia, 2011-12-30): there is no such day. Never goes back as the wall time goes on.
 */
export function wallToInstant(wallMs: number, timezone: string): number | null {
  if (timezone === 'UTC') return wallMs;
  const before = offsetMs(wallMs - REACH_MS, timezone);
  const after = offsetMs(wallMs + REACH_MS, timezone);
  const early = wallMs - before;
  if (before === after || offsetMs(early, timezone) === before) return early;
  const late = wallMs - after;
  if (offsetMs(late, timezone) === after) return late;
  return after - before >= DAY_MS ? null : changeBetween(late, early, timezone);
}

function changeBetween(from: number, to: number, timezone: string): number {
  const zone = zoneOf(timezone);
  for (let day = Math.floor(from / DAY_MS); day <= Math.floor(to / DAY_MS); day++) {
    const { changeAt } = dayOf(zone, day);
    if (changeAt > from && changeAt <= to) return changeAt;
  }
  return to;
}

function dayOf(zone: Zone, day: number): ZoneDay {
  const known = zone.days.get(day);
  if (known !== undefined) return known;
  const from = day * DAY_MS;
  const offset = zone.days.get(day - 1)?.after ?? readOffset(zone.format, from);
  const after = zone.days.get(day + 1)?.offset ?? readOffset(zone.format, from + DAY_MS);
  const changeAt = offset === after ? Number.POSITIVE_INFINITY : findChange(zone.format, from, offset);
  const measured = { offset, changeAt, after };
  if (zone.days.size >= DAYS_KEPT) zone.days.clear();
  zone.days.set(day, measured);
  return measured;
}

/** The second within the day from which the offset is another. Zones change at most once a day. */
function findChange(format: Intl.DateTimeFormat, from: number, offset: number): number {
  let low = from / 1_000;
  let high = (from + DAY_MS) / 1_000;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (readOffset(format, middle * 1_000) === offset) low = middle;
    else high = middle;
  }
  return high * 1_000;
}

function readOffset(format: Intl.DateTimeFormat, wholeSecondMs: number): number {
  const parts: Record<string, number> = {};
  for (const part of format.formatToParts(wholeSecondMs)) parts[part.type] = Number(part.value);
  const local = Date.UTC(
    parts['year'] as number,
    (parts['month'] as number) - 1,
    parts['day'],
    parts['hour'],
    parts['minute'],
    parts['second'],
  );
  return local - wholeSecondMs;
}
