import { describe, expect, test } from 'vitest';
import type { Arrival } from '../../support/reducer-harness.js';
import { runTime } from '../../support/timer-harness.js';

const START = Date.parse('2026-03-26T00:00:00Z');
const berlin = { expected_by: '09:00', timezone: 'Europe/Berlin' };

/** `id group arrival[@happened]` in UTC. */
function arrivals(...lines: readonly string[]): readonly Arrival[] {
  return lines.map((line, index) => {
    const [group, times] = line.split(' ') as [string, string];
    const [arrived, happened] = times.split('@') as [string, string?];
    const arrivedAt = Date.parse(`${arrived}Z`);
    return {
      id: `e${index}`,
      group: group === '-' ? '' : group,
      arrivedAt,
      at: happened === undefined ? arrivedAt : Date.parse(`${happened}Z`),
      roles: ['match'],
    };
  });
}

function fired(
  settings: object,
  until: string,
  lines: readonly string[],
  groupBy: readonly string[] = [],
): readonly string[] {
  const run = {
    settings: { ...settings } as never,
    context: { groupBy },
    arrivals: arrivals(...lines),
    start: START,
    until: Date.parse(`${until}Z`),
  };
  const { fires } = runTime(run);
  expect(runTime({ ...run, throughJson: true }).fires).toEqual(fires);
  return fires.map(({ group, at, event }) => {
    const time = new Date(at).toISOString().slice(0, 16);
    return `${time} ${group === '' ? '-' : group} ${event}`;
  });
}

describe('expected_by', () => {
  test.each<[string, string[], string[]]>([
    [
      'nothing comes: each day, an hour earlier in UTC once summer time began on the 29th',
      [],
      [
        '2026-03-26T08:00 - null',
        '2026-03-27T08:00 - null',
        '2026-03-28T08:00 - null',
        '2026-03-29T07:00 - null',
      ],
    ],
    [
      'it comes on the 27th only',
      ['- 2026-03-27T05:00:00'],
      ['2026-03-26T08:00 - null', '2026-03-28T08:00 - e0', '2026-03-29T07:00 - e0'],
    ],
    [
      'exactly at the time is in time',
      ['- 2026-03-26T08:00:00'],
      ['2026-03-27T08:00 - e0', '2026-03-28T08:00 - e0', '2026-03-29T07:00 - e0'],
    ],
    [
      'just after it counts for the next',
      ['- 2026-03-26T08:00:00.001'],
      ['2026-03-26T08:00 - null', '2026-03-28T08:00 - e0', '2026-03-29T07:00 - e0'],
    ],
    [
      'it happened in time and arrives within lateness, after one for the next day',
      ['- 2026-03-26T08:00:02', '- 2026-03-26T08:00:04@2026-03-26T07:59:59'],
      ['2026-03-28T08:00 - e0', '2026-03-29T07:00 - e0'],
    ],
    [
      'it arrives too late',
      ['- 2026-03-26T08:00:05@2026-03-26T07:59:59'],
      ['2026-03-26T08:00 - null', '2026-03-27T08:00 - e0', '2026-03-28T08:00 - e0', '2026-03-29T07:00 - e0'],
    ],
  ])('%s', (_what, lines, expected) => {
    expect(fired(berlin, '2026-03-30T00:00:00', lines)).toEqual(expected);
  });

  test('keeps to its days and leaves out its exceptions: the time before a Monday is that of Friday', () => {
    const settings = { ...berlin, days: ['mon-fri'], except: ['2026-03-31'] };
    expect(fired(settings, '2026-04-02T00:00:00', ['- 2026-03-28T12:00:00'])).toEqual([
      '2026-03-26T08:00 - null',
      '2026-03-27T08:00 - null',
      '2026-04-01T07:00 - e0',
    ]);
  });

  test('expects a group from the first time after it was seen', () => {
    const lines = ['web-1 2026-03-26T09:00:00', 'web-2 2026-03-27T06:00:00', 'web-1 2026-03-27T07:00:00'];
    expect(fired(berlin, '2026-03-28T12:00:00', lines, ['payload.host'])).toEqual([
      '2026-03-28T08:00 web-1 e2',
      '2026-03-28T08:00 web-2 e1',
    ]);
  });

  test('begins after a start at the very time', () => {
    const run = {
      settings: { expected_by: '09:00' },
      start: Date.UTC(2026, 0, 1, 9),
      until: Date.UTC(2026, 0, 3),
    };
    expect(runTime(run).fires).toMatchObject([{ at: Date.UTC(2026, 0, 2, 9) }]);
  });

  test('fires once for days of downtime', () => {
    const down = [START, Date.parse('2026-03-29T12:00:00Z')] as const;
    expect(runTime({ settings: berlin, start: START, until: down[1] + 1, down }).fires).toMatchObject([
      { at: Date.parse('2026-03-29T07:00:00Z'), standsFor: 4, decidedAt: down[1] },
    ]);
  });

  test('says where it stands', () => {
    const run = { settings: berlin, start: START, until: START + 3_600_000 };
    expect(runTime(run).describe('')).toBe('waits for a matching event until 2026-03-26T08:00:00Z');
    const heard = runTime({ ...run, arrivals: arrivals('- 2026-03-26T00:30:00') });
    expect(heard.describe('')).toBe('heard in time for 2026-03-26T08:00:00Z');
  });
});
