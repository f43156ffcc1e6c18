import { describe, expect, test } from 'vitest';
import { formatTime } from '../../../src/kernel/time.js';
import { runTime, type TimeRun } from '../../support/timer-harness.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function times(settings: object, start: string, spanMs: number): readonly string[] {
  const from = Date.parse(start);
  const run: TimeRun = { settings: { ...settings } as never, start: from, until: from + spanMs };
  const { fires } = runTime(run);
  expect(runTime({ ...run, throughJson: true }).fires).toEqual(fires);
  for (const fire of fires)
    expect(fire).toMatchObject({ event: null, group: '', standsFor: 1, decidedAt: fire.at });
  return fires.map(({ at }) => formatTime(at));
}

describe('a schedule', () => {
  test.each<[object, string, number, string[]]>([
    [
      { cron: '*/20 * * * *' },
      '2026-01-01T00:05:00Z',
      HOUR,
      ['2026-01-01T00:20:00Z', '2026-01-01T00:40:00Z', '2026-01-01T01:00:00Z'],
    ],
    [
      { cron: '15,45 30 9 * * *' },
      '2026-01-01T00:00:00Z',
      DAY,
      ['2026-01-01T09:30:15Z', '2026-01-01T09:30:45Z'],
    ],
    [
      { cron: '0 9 * * mon' },
      '2026-01-01T00:00:00Z',
      14 * DAY,
      ['2026-01-05T09:00:00Z', '2026-01-12T09:00:00Z'],
    ],
    [{ cron: '0 12 L * *' }, '2028-02-01T00:00:00Z', 40 * DAY, ['2028-02-29T12:00:00Z']],
    [{ cron: '0 12 29 2 *' }, '2027-03-01T00:00:00Z', 366 * DAY, ['2028-02-29T12:00:00Z']],
    [
      { cron: '0 0 13 * 5' },
      '2026-02-12T00:00:00Z',
      9 * DAY,
      ['2026-02-13T00:00:00Z', '2026-02-20T00:00:00Z'],
    ],
    [
      { cron: '0 9 * * *', except: ['2026-01-02'] },
      '2026-01-01T00:00:00Z',
      3 * DAY,
      ['2026-01-01T09:00:00Z', '2026-01-03T09:00:00Z'],
    ],
    [
      { cron: '0 9 * * *', timezone: 'Asia/Kathmandu' },
      '2026-01-01T00:00:00Z',
      DAY,
      ['2026-01-01T03:15:00Z'],
    ],
    [{ every: '15m' }, '2026-01-01T00:05:00Z', 30 * 60_000, ['2026-01-01T00:15:00Z', '2026-01-01T00:30:00Z']],
    [
      { every: '6h', timezone: 'Europe/Berlin' },
      '2026-01-01T00:00:00Z',
      DAY,
      ['2026-01-01T05:00:00Z', '2026-01-01T11:00:00Z', '2026-01-01T17:00:00Z', '2026-01-01T23:00:00Z'],
    ],
    [{ every: '1w' }, '2026-01-01T00:00:01Z', 10 * DAY, ['2026-01-08T00:00:00Z']],
    [{ every: '1s' }, '2026-01-01T00:00:00.001Z', 2_000, ['2026-01-01T00:00:01Z', '2026-01-01T00:00:02Z']],
    [{ at: '2026-01-01T12:00:00+01:00' }, '2026-01-01T00:00:00Z', DAY, ['2026-01-01T11:00:00Z']],
    [
      {
        at: [
          '2026-01-01T10:00:00Z',
          '2025-01-01T00:00:00Z',
          '2026-01-01T09:00:00Z',
          '2026-01-01T11:00:00+01:00',
        ],
      },
      '2026-01-01T00:00:00Z',
      DAY,
      ['2026-01-01T09:00:00Z', '2026-01-01T10:00:00Z'],
    ],
    [
      {
        at: ['2026-01-01T22:30:00Z', '2026-01-01T23:30:00Z'],
        except: ['2026-01-02'],
        timezone: 'Europe/Berlin',
      },
      '2026-01-01T00:00:00Z',
      2 * DAY,
      ['2026-01-01T22:30:00Z'],
    ],
  ])('%j from %s for %i ms', (settings, start, spanMs, expected) => {
    expect(times(settings, start, spanMs)).toEqual(expected);
  });

  test('begins after the very start, but for a time given by at', () => {
    expect(times({ cron: '0 9 * * *' }, '2026-01-01T09:00:00Z', HOUR)).toEqual([]);
    expect(times({ every: '1h' }, '2026-01-01T09:00:00Z', HOUR)).toEqual(['2026-01-01T10:00:00Z']);
    expect(times({ at: '2026-01-01T09:00:00Z' }, '2026-01-01T09:00:00Z', HOUR)).toEqual([
      '2026-01-01T09:00:00Z',
    ]);
  });

  test('stays over when its times are over', () => {
    const start = Date.parse('2026-01-01T00:00:00Z');
    const { groups, describe: say } = runTime({
      settings: { at: '2026-01-01T01:00:00Z' },
      start,
      until: start + DAY,
    });
    expect(groups).toEqual(['']);
    expect(say('')).toBe('its times are over');
  });

  test('says when it fires next', () => {
    const start = Date.parse('2026-01-01T00:00:00Z');
    expect(runTime({ settings: { cron: '0 9 * * *' }, start, until: start }).describe('')).toBe(
      'fires next at 2026-01-01T09:00:00Z',
    );
  });
});

describe('summer time', () => {
  test.each<[string, object, string, string[]]>([
    [
      'a time in the skipped hour moves to the next valid minute',
      { cron: '30 2 * * *', timezone: 'Europe/Berlin' },
      '2026-03-28T12:00:00Z',
      ['2026-03-29T01:00:00Z'],
    ],
    [
      'times in the skipped hour come together, with the time at its end',
      { cron: '*/30 1-3 * * *', timezone: 'Europe/Berlin' },
      '2026-03-28T12:00:00Z',
      ['2026-03-29T00:00:00Z', '2026-03-29T00:30:00Z', '2026-03-29T01:00:00Z', '2026-03-29T01:30:00Z'],
    ],
    [
      'a time in the repeated hour comes the first time',
      { cron: '30 2 * * *', timezone: 'Europe/Berlin' },
      '2026-10-24T12:00:00Z',
      ['2026-10-25T00:30:00Z'],
    ],
    [
      'many times in the repeated hour come once each',
      { cron: '*/30 2-3 * * *', timezone: 'Europe/Berlin' },
      '2026-10-24T12:00:00Z',
      ['2026-10-25T00:00:00Z', '2026-10-25T00:30:00Z', '2026-10-25T02:00:00Z', '2026-10-25T02:30:00Z'],
    ],
    [
      'half an hour is skipped at Lord Howe',
      { cron: '15 2 * * *', timezone: 'Australia/Lord_Howe' },
      '2026-10-03T00:00:00Z',
      ['2026-10-03T15:30:00Z'],
    ],
    [
      'midnight is skipped at São Paulo',
      { cron: '0 0 * * *', timezone: 'America/Sao_Paulo' },
      '2018-11-03T12:00:00Z',
      ['2018-11-04T03:00:00Z'],
    ],
    [
      'a minute past midnight the clock of Newfoundland goes on',
      { cron: '30 0 * * *', timezone: 'America/St_Johns' },
      '2010-03-13T12:00:00Z',
      ['2010-03-14T03:31:00Z'],
    ],
    [
      'a quarter of an hour is skipped in Nepal',
      { cron: '0 0 * * *', timezone: 'Asia/Kathmandu' },
      '1985-12-31T12:00:00Z',
      ['1985-12-31T18:30:00Z'],
    ],
    [
      'a day that was left out has no times at all',
      { cron: '0 12 * * *', timezone: 'Pacific/Apia' },
      '2011-12-30T00:00:00Z',
      ['2011-12-30T22:00:00Z'],
    ],
    [
      'an exception holds for the date of the skipped time',
      { cron: '30 2 * * *', timezone: 'Europe/Berlin', except: ['2026-03-29'] },
      '2026-03-28T12:00:00Z',
      [],
    ],
    [
      'every six hours meets local midnight before and after',
      { every: '6h', timezone: 'Europe/Berlin' },
      '2026-03-28T22:00:00Z',
      [
        '2026-03-28T23:00:00Z',
        '2026-03-29T04:00:00Z',
        '2026-03-29T10:00:00Z',
        '2026-03-29T16:00:00Z',
        '2026-03-29T22:00:00Z',
      ],
    ],
  ])('%s', (_what, settings, start, expected) => {
    expect(times(settings, start, DAY)).toEqual(expected);
  });

  test('a start within the repeated hour does not repeat what has been', () => {
    const settings = { every: '10m', timezone: 'Europe/Berlin' };
    expect(times(settings, '2026-10-25T01:25:00Z', HOUR)).toEqual([
      '2026-10-25T02:00:00Z',
      '2026-10-25T02:10:00Z',
      '2026-10-25T02:20:00Z',
    ]);
  });
});

describe('schedules missed while the engine was down', () => {
  const start = Date.parse('2026-01-01T00:00:00Z');
  const at = (minutes: number): number => start + minutes * 60_000;

  /** `minute×standsFor` of what fires around a downtime from 12 min until the given minute, every 5 minutes. */
  function around(settings: object, upAgain: number, extra: Partial<TimeRun> = {}): readonly string[] {
    const { fires } = runTime({
      settings: { every: '5m', ...settings } as never,
      start: at(6),
      until: at(upAgain + 3),
      down: [at(12), at(upAgain)],
      ...extra,
    });
    return fires.map((fire) => `${(fire.at - start) / 60_000}×${fire.standsFor}`);
  }

  test.each<[object, number, string[]]>([
    [{}, 28, ['10×1', '25×3', '30×1']],
    [{ missed: 'latest', missed_within: '3m' }, 28, ['10×1', '25×3', '30×1']],
    [{ missed: 'latest', missed_within: '2m' }, 28, ['10×1', '30×1']],
    [{ missed: 'skip' }, 28, ['10×1', '30×1']],
    [{ missed: 'all' }, 28, ['10×1', '15×1', '20×1', '25×1', '30×1']],
    [{ missed: 'all', missed_within: '10m' }, 28, ['10×1', '20×1', '25×1', '30×1']],
    [{ missed: 'skip' }, 25.1, ['10×1', '25×1']],
    [{}, 25, ['10×1', '25×3']],
    [{ missed: 'all', missed_within: '1s' }, 25.1, ['10×1', '25×1']],
    [{}, 14, ['10×1', '15×1']],
  ])('%j, up again at %i min', (settings, upAgain, expected) => {
    expect(around(settings, upAgain)).toEqual(expected);
  });

  test('are counted', () => {
    const run = { settings: { every: '5m' }, start: at(6), until: at(31), down: [at(12), at(28)] as const };
    expect(runTime(run).counters).toEqual({ missed_schedules: 3 });
  });

  test('of a year of seconds are not walked through one by one', () => {
    const run: TimeRun = {
      settings: { every: '1s' },
      start,
      until: start + 366 * DAY + 1_500,
      down: [start + 500, start + 366 * DAY],
    };
    expect(runTime(run).fires).toMatchObject([
      { at: start + 366 * DAY, standsFor: 100_000 },
      { at: start + 366 * DAY + 1_000, standsFor: 1 },
    ]);
  });

  test('are made up for by the last thousand at most', () => {
    const settings = { every: '1s', missed: 'all', missed_within: '1d' };
    const { fires } = runTime({ settings, start, until: at(120), down: [at(1), at(120)] });
    expect(fires.filter(({ decidedAt }) => decidedAt === at(120))).toHaveLength(1_000);
  });
});
