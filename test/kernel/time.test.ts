import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatTime, parseTime } from '../../src/kernel/time.js';

describe('RFC 3339 times', () => {
  test.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00+02:00', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31T12:00:00.123456789Z', '2026-01-31T12:00:00.123Z'],
    ['2026-01-31T12:00:00.7-05:30', '2026-01-31T17:30:00.700Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2026-01-31 12:00:00z', '2026-01-31T12:00:00.000Z'],
  ])('%s is %s', (text, iso) => expect(new Date(parseTime(text) as number).toISOString()).toBe(iso));

  test.each([
    '2026-01-31T12:00:00',
    '2026-01-31',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T12:60:00Z',
    '2026-01-31T12:00:00.Z',
    '2026-01-31T12:00:00+0200',
    '2026-01-31T12:00:00Zjunk',
    'yesterday',
    '',
  ])('%j is no time', (text) => expect(parseTime(text)).toBeUndefined());

  test('agrees with the platform on every instant it writes', () => {
    const range = {
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    };
    fc.assert(
      fc.property(fc.date(range), (date) => {
        expect(parseTime(date.toISOString())).toBe(date.getTime());
        expect(parseTime(formatTime(date.getTime()))).toBe(date.getTime());
      }),
    );
  });

  test('the remembered day never changes what is written', () => {
    const instant = fc.oneof(
      fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }),
      fc.integer({ min: 1_767_225_600_000, max: 1_767_312_000_000 }),
    );
    fc.assert(
      fc.property(instant, (epochMs) => {
        const iso = new Date(epochMs).toISOString();
        expect(formatTime(epochMs)).toBe(iso.endsWith('.000Z') ? `${iso.slice(0, 19)}Z` : iso);
      }),
      { numRuns: 1_000 },
    );
  });
});
