import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { strftime } from '../../src/launch/strftime.js';

const instant = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 });

describe('strftime', () => {
  test('writes every instant as ISO 8601 does', () => {
    fc.assert(
      fc.property(instant, (epochMs) => {
        expect(strftime(epochMs, '%FT%T.%LZ', 'UTC')).toBe(new Date(epochMs).toISOString());
      }),
      { numRuns: 500 },
    );
  });

  test('writes the local time of a zone as the platform does', () => {
    const zones = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
      'UTC',
    );
    const recent = fc.integer({ min: 0, max: 2_000_000_000_000 });
    fc.assert(
      fc.property(recent, zones, (epochMs, timezone) => {
        const format = new Intl.DateTimeFormat('sv-SE', {
          timeZone: timezone,
          dateStyle: 'short',
          timeStyle: 'medium',
        });
        expect(strftime(epochMs, '%F %T', timezone)).toBe(format.format(epochMs));
      }),
      { numRuns: 200 },
    );
  });

  // 2026-03-05 is a Thursday, the 64th day of its year.
  const at = Date.UTC(2026, 2, 5, 15, 4, 9, 7);
  test.each([
    ['%Y %C %y %m %d %e %j', '2026 20 26 03 05  5 064'],
    ['%-m/%-d %_d %0e', '3/5  5 05'],
    ['%H %k %I %l %M %S %L %p %P', '15 15 03  3 04 09 007 PM pm'],
    ['%A %a %^a %B %b %h %^B', 'Thursday Thu THU March Mar Mar MARCH'],
    ['%u %w %s', '4 4 1772723049'],
    ['%F %T %R %D', '2026-03-05 15:04:09 15:04 03/05/26'],
    ['%z %:z %Z', '+0000 +00:00 UTC'],
    ['100%% plain', '100% plain'],
  ])('%s', (format, expected) => {
    expect(strftime(at, format, 'UTC')).toBe(expected);
  });

  test.each([
    ['Asia/Kathmandu', '%H:%M %z', '20:49 +0545'],
    ['America/St_Johns', '%H:%M %:z', '11:34 -03:30'],
  ])('in %s', (timezone, format, expected) => {
    expect(strftime(at, format, timezone)).toBe(expected);
  });

  test('midnight and noon are 12 on a clock of twelve hours', () => {
    expect(strftime(Date.UTC(2026, 0, 1, 0), '%I %p', 'UTC')).toBe('12 AM');
    expect(strftime(Date.UTC(2026, 0, 1, 12), '%I %p', 'UTC')).toBe('12 PM');
  });

  test('the first and last days of year 4', () => {
    const year4 = Date.parse('0004-12-31T00:00:00Z');
    expect(strftime(year4, '%Y %j', 'UTC')).toBe('0004 366');
  });

  test.each(['%Q', '%5d', '%', 'a %😀'])('%s is not part of a format', (format) => {
    expect(() => strftime(at, format, 'UTC')).toThrow(/is not part of a date format/);
  });
});
