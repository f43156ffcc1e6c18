import { describe, expect, test } from 'vitest';
import { timeline } from '../../support/timeline.js';
import { runTime } from '../../support/timer-harness.js';
import { readWord } from './words.js';

const UNLESS = { event_types: ['order.paid'] };
const GROUPED = { groupBy: ['payload.id'] };

/** `deadline at: opener` of what a script in seconds fires, with the default lateness of 5 s. */
function fired(settings: object, script: string, latenessMs = 5_000): readonly string[] {
  const run = {
    settings: { ...settings } as never,
    context: GROUPED,
    arrivals: timeline(script, 1_000, readWord),
    until: 10_000_000,
    latenessMs,
  };
  const { fires } = runTime(run);
  expect(runTime({ ...run, throughJson: true }).fires).toEqual(fires);
  return fires.map(({ group, at, event }) => `${at / 1_000}${group === '' ? '' : ` ${group}`}: ${event}`);
}

describe('after with unless', () => {
  test.each<[string, string, string[]]>([
    ['nothing comes', '0 m', ['10: e0']],
    ['unless comes', '0 m · 5 u', []],
    ['unless comes exactly at the deadline', '0 m · 10 u', []],
    ['unless comes just after the deadline', '0 m · 10.001 u', ['10: e0']],
    ['unless happened at the deadline and arrives late', '0 m · 14.999@10 u', []],
    ['unless happened in time and arrives too late', '0 m · 15@10 u', ['10: e0']],
    ['unless happened before the opener', '0 m · 2@-1 u', ['10: e0']],
    ['unless comes just before the opener', '0 u · 1 m', ['11: e1']],
    ['unless comes at the time of the opener', '3 u · 3 m', []],
    ['the opener arrives after its unless and happened before it', '2 u · 4@1 m', []],
    ['the opener arrives after its unless was forgotten', '2 u · 7.001@1 m', ['11: e1']],
    ['the unless of a late opener happened after its deadline', '12 u · 13@1 m', ['11: e1']],
    ['the opener arrives after its deadline', '30@0 m', ['10: e0']],
    ['the opener arrives after its deadline, its unless within lateness', '30@0 m · 34@9 u', []],
    ['another opener comes', '0 m · 5 m', ['10: e0']],
    ['another opener comes at the deadline', '0 m · 10 m', ['10: e0', '20: e1']],
    ['another opener happens after the deadline, before it is decided', '0 m · 12 m', ['10: e0', '22: e1']],
    ['it is cancelled and opened again', '0 m · 5 u · 6 m', ['16: e2']],
    ['a late unless lies between two openers', '0 m · 8 m · 9@7 u', ['18: e1']],
    ['a late unless lies behind both', '0 m · 8 m · 9@8 u', []],
    [
      'a late unless lies before an opener that another one stood in front of',
      '0 m · 9 m · 10 m · 11@8 u',
      ['19: e1'],
    ],
    ['one event is both: it cancels, then opens', '0 m · 5 b', ['15: e1']],
    ['every event is both', '0 b · 5 b · 9 b', ['19: e2']],
    ['every event is both, of one time', '0 b · 0 b', ['10: e1']],
    ['groups keep apart', '0 x m · 1 y m · 2 x u', ['11 y: e1']],
  ])('%s: %s', (_what, script, expected) => {
    expect(fired({ after: '10s', unless: UNLESS }, script)).toEqual(expected);
  });

  test.each<[string, string[]]>([
    ['0 m · 5 m', ['15: e1']],
    ['0 m · 5 m · 10 u', []],
    ['0 m · 5 m · 15 u', []],
    ['0 m · 8 m · 9@7 u', ['18: e1']],
    ['0 m · 5 m · 14 m · 23 m', ['33: e3']],
    ['0 m · 5 m · 6@2 m', ['15: e1']],
    ['0 m · 12 m', ['10: e0', '22: e1']],
    ['0 m · 12 m · 13@8 m', ['22: e1']],
    ['0 m · 11 u · 12@8 m', []],
  ])('restart: %s', (script, expected) => {
    expect(fired({ after: '10s', unless: UNLESS, restart: true }, script)).toEqual(expected);
  });

  test.each<[string, string[]]>([
    ['0 m', ['10: e0']],
    ['0 m · 10 u', []],
    ['0 m · 10.001 u', ['10: e0']],
    ['0 m · 10.001@10 u', ['10: e0']],
    ['30@0 m · 30@10 u', []],
  ])('without lateness: %s', (script, expected) => {
    expect(fired({ after: '10s', unless: UNLESS }, script, 0)).toEqual(expected);
  });

  test.each<[string, number, number]>([
    ['0 m', 5_000, 15_000],
    ['0 m', 0, 10_001],
    ['30@0 m', 5_000, 35_000],
  ])('is decided once late arrivals had their time: %s, lateness %i', (script, latenessMs, decidedAt) => {
    const arrivals = timeline(script, 1_000, readWord);
    const settings = { after: '10s', unless: UNLESS };
    expect(runTime({ settings, arrivals, until: 100_000, latenessMs }).fires).toEqual([
      { group: '', at: 10_000, decidedAt, event: 'e0', standsFor: 1 },
    ]);
  });

  test('is decided after downtime, and fires with its own time', () => {
    const arrivals = timeline('0 m', 1_000, readWord);
    const settings = { after: '10s', unless: UNLESS };
    const { fires } = runTime({ settings, arrivals, until: 100_000, down: [12_000, 60_000] });
    expect(fires).toMatchObject([{ at: 10_000, decidedAt: 60_000 }]);
  });

  test('forgets a group once nothing late can matter', () => {
    const arrivals = timeline('0 x m · 1 x u · 2 y u', 1_000, readWord);
    const settings = { after: '10s', unless: UNLESS };
    const at = (until: number): readonly string[] =>
      runTime({ settings, context: GROUPED, arrivals, until }).groups;
    expect(at(6_000)).toEqual(['x', 'y']);
    expect(at(7_001)).toEqual([]);
  });

  test.each<[string, number, string | undefined]>([
    ['0 m', 4_000, 'waits for unless until 1970-01-01T00:00:10Z, 6s left'],
    ['0 m', 12_000, 'due at 1970-01-01T00:00:10Z, waits for late arrivals'],
    ['0 m · 1 u', 3_000, 'no deadline is open'],
    ['0 m', 20_000, undefined],
  ])('says where it stands: %s at %i', (script, until, expected) => {
    const arrivals = timeline(script, 1_000, readWord);
    expect(runTime({ settings: { after: '10s', unless: UNLESS }, arrivals, until }).describe('')).toBe(
      expected,
    );
  });
});

describe('after alone', () => {
  test.each<[string, string[]]>([
    ['0 m', ['10: e0']],
    ['0 m · 5 m · 10 m', ['10: e0', '20: e2']],
    ['3@0 m', ['10: e0']],
    ['30@0 m', ['10: e0']],
  ])('is a delay: %s', (script, expected) => {
    expect(fired({ after: '10s' }, script)).toEqual(expected);
  });

  test('is decided at its due time, without lateness', () => {
    const arrivals = timeline('0 m · 30@1 m', 1_000, readWord);
    expect(runTime({ settings: { after: '10s' }, arrivals, until: 100_000 }).fires).toMatchObject([
      { at: 10_000, decidedAt: 10_000 },
      { at: 11_000, decidedAt: 30_000 },
    ]);
  });
});
