import { Cron } from 'croner';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { clockOf, type ClockSettings } from '../../../src/conditions/time/clock.js';
import { propertyRuns } from '../../support/property-runs.js';

const MINUTE = 60_000;
const DAY = 86_400_000;

function instants(settings: ClockSettings, from: number, to: number): readonly number[] {
  const clock = clockOf(settings);
  const found: number[] = [];
  for (let at = clock.next(from - 1); at !== null && at < to; at = clock.next(at)) found.push(at);
  return found;
}

/** What the wall clock shows, as if it were UTC; read minute by minute, independent of the tables under test. */
function wallReader(zone: string): (epochMs: number) => number {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return (epochMs) => Date.parse(`${format.format(epochMs).replace(' ', 'T')}Z`);
}

/** Wall minutes around a span, each with the real minute that shows it first, or else shows a later one first. */
function wallMinutes(
  zone: string,
  from: number,
  to: number,
): readonly (readonly [wall: number, at: number])[] {
  const read = wallReader(zone);
  const firsts = new Map<number, number>();
  for (let at = from - DAY; at < to + DAY; at += MINUTE) {
    const wall = read(at);
    if (!firsts.has(wall)) firsts.set(wall, at);
  }
  const shown = [...firsts].sort((a, b) => a[0] - b[0]);
  return shown.flatMap(([wall, at], index) => {
    const minutes = [[wall, at] as const];
    const next = shown[index + 1];
    // A whole day that is left out has no minutes at all.
    if (next === undefined || next[0] - wall > DAY) return minutes;
    for (let skipped = wall + MINUTE; skipped < next[0]; skipped += MINUTE) minutes.push([skipped, next[1]]);
    return minutes;
  });
}

const TRANSITIONS: readonly (readonly [zone: string, day: string])[] = [
  ...['2026-03-29', '2026-10-25', '2027-03-28', '2027-10-31'].map((day) => ['Europe/Berlin', day] as const),
  ...['2026-03-08', '2026-11-01', '2027-03-14', '2027-11-07'].map(
    (day) => ['America/New_York', day] as const,
  ),
  ...['2026-04-04', '2026-10-03', '2027-04-03', '2027-10-02'].map(
    (day) => ['Australia/Lord_Howe', day] as const,
  ),
  ...['2024-03-10', '2024-04-14', '2025-02-23', '2025-04-06'].map(
    (day) => ['Africa/Casablanca', day] as const,
  ),
  ...['2011-12-30', '2012-03-31', '2012-09-29', '2013-04-06'].map((day) => ['Pacific/Apia', day] as const),
  ['Asia/Kathmandu', '1985-12-31'],
  ['America/Sao_Paulo', '2018-02-18'],
  ['America/Sao_Paulo', '2018-11-04'],
  ['America/St_Johns', '2010-03-14'],
  ['America/St_Johns', '2010-11-07'],
  ['Africa/Cairo', '2024-04-26'],
];

describe.each(TRANSITIONS)('the clock of %s changes on %s', (timezone, day) => {
  const from = Date.parse(`${day}T00:00:00Z`) - DAY / 2;
  const to = from + 2 * DAY;
  const everyMinutes = (minutes: number) => (wall: Date) => (wall.getTime() / MINUTE) % minutes === 0;
  const daily = (wall: Date): boolean => wall.getUTCHours() === 2 && wall.getUTCMinutes() === 30;
  const cases: readonly (readonly [string, ClockSettings, (wall: Date) => boolean])[] = [
    ['cron 30 2 * * *', { from: 'cron', cron: '30 2 * * *', timezone, except: [] }, daily],
    [
      'cron 5 0 * * *',
      { from: 'cron', cron: '5 0 * * *', timezone, except: [] },
      (wall) => wall.getUTCHours() === 0 && wall.getUTCMinutes() === 5,
    ],
    ['cron */20 * * * *', { from: 'cron', cron: '*/20 * * * *', timezone, except: [] }, everyMinutes(20)],
    ['every 15m', { from: 'every', everyMs: 15 * MINUTE, timezone, except: [] }, everyMinutes(15)],
    ['every 7m', { from: 'every', everyMs: 7 * MINUTE, timezone, except: [] }, everyMinutes(7)],
    ['every 6h', { from: 'every', everyMs: 360 * MINUTE, timezone, except: [] }, everyMinutes(360)],
  ];

  test('and each time fires at most once, later than the one before, and as the wall clock read by hand says', () => {
    const minutes = wallMinutes(timezone, from, to);
    for (const [name, settings, matches] of cases) {
      const found = instants(settings, from, to);
      for (const [index, at] of found.entries())
        if (index > 0) expect(at).toBeGreaterThan(found[index - 1] as number);
      const naive = new Set(minutes.filter(([wall]) => matches(new Date(wall))).map(([, at]) => at));
      const expected = [...naive].filter((at) => at >= from && at < to).sort((a, b) => a - b);
      expect([name, found]).toEqual([name, expected]);
    }
  });
});

const numbers = (min: number, max: number): fc.Arbitrary<string> => {
  const value = fc.integer({ min, max });
  const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const part = fc.oneof(
    value.map(String),
    range,
    fc.tuple(range, fc.integer({ min: 1, max: 7 })).map(([r, s]) => `${r}/${s}`),
  );
  return fc.oneof(
    fc.constant('*'),
    fc.integer({ min: 1, max: 7 }).map((step) => `*/${step}`),
    fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(',')),
  );
};
const dayOfMonth = fc.oneof(
  numbers(1, 31),
  fc.constantFrom('*', 'L', 'LW', '15W', '1W', '29', '30', '31', 'L,1'),
);
const dayOfWeek = fc.oneof(
  numbers(0, 7),
  fc.constantFrom('*', 'mon-fri', '5L', '1#1', 'fri#5', '+1', '+mon#2'),
);
const ofMinutes = fc
  .tuple(numbers(0, 59), numbers(0, 23), dayOfMonth, fc.oneof(fc.constant('*'), numbers(1, 12)), dayOfWeek)
  .map((fields) => fields.join(' '));
const expressions = fc
  .tuple(fc.option(numbers(0, 59)), ofMinutes)
  .map(([seconds, minutes]) => (seconds === null ? minutes : `${seconds} ${minutes}`));
const moments = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2090, 0, 1) });

describe('a cron expression', () => {
  test('comes when croner says so, where no clock is changed', () => {
    fc.assert(
      fc.property(expressions, moments, (cron, from) => {
        const own = clockOf({ from: 'cron', cron, timezone: 'UTC', except: [] });
        const oracle = new Cron(cron, { utcOffset: 0, mode: '5-or-6-parts' });
        let at: number | null = from;
        for (let step = 0; step < 3 && at !== null; step++) {
          // croner looks 1 000 years ahead, which no rule is in need of.
          const wanted: Date | null = oracle.nextRun(new Date(at));
          at = own.next(at);
          if (wanted === null || wanted.getUTCFullYear() < 2_200) expect(at).toBe(wanted?.getTime() ?? null);
        }
      }),
      propertyRuns(0.05),
    );
  });

  test('comes on the dates left over by its exceptions, and in time order in any zone', () => {
    const zones = ['UTC', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/St_Johns', 'Pacific/Apia'];
    fc.assert(
      fc.property(ofMinutes, moments, fc.constantFrom(...zones), (cron, from, timezone) => {
        const all = clockOf({ from: 'cron', cron, timezone, except: [] });
        const first = all.next(from);
        if (first === null) return;
        const read = wallReader(timezone);
        const date = new Date(read(first)).toISOString().slice(0, 10);
        const left = clockOf({ from: 'cron', cron, timezone, except: [date] });
        let expected: number | null = first;
        while (expected !== null && new Date(read(expected)).toISOString().startsWith(date))
          expected = all.next(expected);
        expect(left.next(from)).toBe(expected);
      }),
      propertyRuns(0.02),
    );
  });

  test('does not depend on the time of the machine', () => {
    const settings: ClockSettings = {
      from: 'cron',
      cron: '0 9 L * 1#2',
      timezone: 'Europe/Berlin',
      except: [],
    };
    const from = Date.UTC(2026, 0, 1);
    const expected = instants(settings, from, from + 400 * DAY);
    vi.useFakeTimers({ now: Date.UTC(2071, 5, 5) });
    try {
      expect(instants({ ...settings }, from, from + 400 * DAY)).toEqual(expected);
    } finally {
      vi.useRealTimers();
    }
  });
});
