import { describe, expect, test } from 'vitest';
import { inHours, isHoursProblem, localTime, parseHours, type Hours } from '../../src/kernel/hours.js';
import type { JsonObject } from '../../src/kernel/json.js';

function hours(raw: JsonObject): Hours {
  const parsed = parseHours(raw);
  if (isHoursProblem(parsed)) throw new Error(parsed.message);
  return parsed;
}

describe('hours', () => {
  test('are every day, all day and in UTC when nothing is said', () => {
    expect(parseHours({})).toEqual({ days: [], fromMinute: 0, toMinute: 1_440, timezone: 'UTC', except: [] });
  });

  test.each([
    [['mon-fri'], ['mon', 'tue', 'wed', 'thu', 'fri']],
    [['fri-mon'], ['sun', 'mon', 'fri', 'sat']],
    [
      ['sat', 'sun'],
      ['sun', 'sat'],
    ],
    [['mon-mon'], ['mon']],
    [['sun-sat'], ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']],
    [
      ['tue', 'mon-wed'],
      ['mon', 'tue', 'wed'],
    ],
  ])('read the days %j', (days, expected) => {
    expect(hours({ days }).days).toEqual(expected);
  });

  test.each<[JsonObject, string]>([
    [{ days: [] }, 'days'],
    [{ days: 'mon-fri' }, 'days'],
    [{ days: ['mon', 'someday'] }, 'days/1'],
    [{ days: ['mon-wed-fri'] }, 'days/0'],
    [{ days: [5] }, 'days/0'],
    [{ from: '9:00' }, 'from'],
    [{ from: 900 }, 'from'],
    [{ from: '12:60' }, 'from'],
    [{ to: '24:01' }, 'to'],
    [{ from: '24:00' }, 'to'],
    [{ from: '09:00', to: '09:00' }, 'to'],
    [{ timezone: 'Europe/Atlantis' }, 'timezone'],
    [{ timezone: null }, 'timezone'],
    [{ except: ['2026-02-29'] }, 'except/0'],
    [{ except: ['2026-12-25', '25.12.2026'] }, 'except/1'],
    [{ except: '2026-12-25' }, 'except'],
  ])('tell what is wrong with %j: %s', (raw, key) => {
    expect(parseHours(raw)).toMatchObject({ key, message: expect.any(String), hint: expect.any(String) });
  });

  const office = { days: ['mon-fri'], from: '09:00', to: '17:00', timezone: 'Europe/Berlin' };
  const night = { days: ['fri'], from: '22:00', to: '06:00', except: ['2026-01-09'] };
  test.each<[JsonObject, string, boolean]>([
    [office, '2026-01-05T07:59:59.999Z', false],
    [office, '2026-01-05T08:00:00Z', true],
    [office, '2026-01-05T15:59:59.999Z', true],
    [office, '2026-01-05T16:00:00Z', false],
    [office, '2026-07-06T07:00:00Z', true],
    [office, '2026-01-04T10:00:00Z', false],
    [night, '2026-01-02T22:00:00Z', true],
    [night, '2026-01-03T05:59:59Z', true],
    [night, '2026-01-03T06:00:00Z', false],
    [night, '2026-01-03T22:00:00Z', false],
    [night, '2026-01-09T23:00:00Z', false],
    [night, '2026-01-10T02:00:00Z', false],
  ])('%j hold at %s: %s', (raw, at, expected) => {
    expect(inHours(Date.parse(at), hours(raw))).toBe(expected);
  });

  test('the oldest and the last of times are read without a fault', () => {
    for (const at of ['0000-01-01T00:00:00Z', '0099-12-31T23:59:59Z', '9999-12-31T00:00:00Z']) {
      const { date } = localTime(Date.parse(at), 'Europe/Berlin');
      expect(Math.abs(Date.parse(date) - Date.parse(at))).toBeLessThan(2 * 86_400_000);
    }
  });
});
