import { describe, expect, test } from 'vitest';
import { timeline } from '../../support/timeline.js';
import { runTime } from '../../support/timer-harness.js';
import { readWord } from './words.js';

const GROUPED = { groupBy: ['payload.host'] };
const settings = { no_event_for: '10s', unless: { event_types: ['host.stopped'] } };

function fired(script: string, own: object = settings, latenessMs = 5_000): readonly string[] {
  const run = {
    settings: { ...own } as never,
    context: GROUPED,
    arrivals: script === '' ? [] : timeline(script, 1_000, readWord),
    until: 10_000_000,
    latenessMs,
  };
  const { fires } = runTime(run);
  expect(runTime({ ...run, throughJson: true }).fires).toEqual(fires);
  return fires.map(({ group, at, event }) => `${at / 1_000}${group === '' ? '' : ` ${group}`}: ${event}`);
}

describe('no_event_for', () => {
  test.each<[string, string, string[]]>([
    ['a group that was heard once', '0 m', ['10: e0']],
    ['every event arms anew', '0 m · 5 m · 14 m', ['24: e2']],
    ['an event exactly when it is due breaks it', '0 m · 10 m', ['20: e1']],
    ['an event just after comes too late', '0 m · 10.001 m', ['10: e0', '20.001: e1']],
    ['once per silence, again after it was heard', '0 m · 100 m', ['10: e0', '110: e1']],
    ['an event that arrives within lateness breaks it', '0 m · 14@9 m', ['19: e1']],
    ['an event that arrives later arms anew', '0 m · 16@9 m', ['10: e0', '19: e1']],
    ['what happened before the last event moves nothing', '0 m · 8 m · 9@2 m', ['18: e1']],
    ['what happened before a silence that fired comes too late', '20 m · 100@19 m', ['30: e0']],
    ['a late event between two closes one silence', '0 m · 12 m · 13@5 m', ['22: e1']],
    ['unless disarms', '0 m · 5 u', []],
    ['unless exactly when it is due disarms', '0 m · 10 u', []],
    ['unless after it is due does not', '0 m · 10.001 u', ['10: e0']],
    ['unless that arrives late disarms', '0 m · 13@8 u', []],
    ['unless before the last event does not', '0 m · 3 m · 4@2 u', ['13: e1']],
    ['an event after unless arms again', '0 m · 5 u · 6 m', ['16: e2']],
    ['an event that arrives after unless and happened before does not', '0 m · 5 u · 7@4 m', []],
    ['one event is both: it disarms, then arms', '0 b · 5 b', ['15: e1']],
    ['unless alone arms nothing', '0 u', []],
    ['groups keep apart', '0 x m · 1 y m · 9 y m · 10 y m', ['10 x: e0', '20 y: e3']],
  ])('%s: %s', (_what, script, expected) => {
    expect(fired(script)).toEqual(expected);
  });

  test.each<[string, string[]]>([
    ['0 m · 10 m', ['20: e1']],
    ['0 m · 10.001 m', ['10: e0', '20.001: e1']],
    ['0 m · 10 u', []],
  ])('without lateness: %s', (script, expected) => {
    expect(fired(script, settings, 0)).toEqual(expected);
  });

  const expecting = { no_event_for: '10s', expect: [['web-1'], ['web-2'], ['web-1']] };
  test.each<[string, string[]]>([
    ['', ['10 web-1: null', '10 web-2: null']],
    ['3 web-1 m', ['10 web-2: null', '13 web-1: e0']],
    ['10 web-2 m · 40 web-1 m', ['10 web-1: null', '20 web-2: e0', '50 web-1: e1']],
    ['5 web-3 m', ['10 web-1: null', '10 web-2: null', '15 web-3: e0']],
  ])('waits for expected groups from the start: %s', (script, expected) => {
    expect(fired(script, expecting)).toEqual(expected);
  });

  test('is decided once late arrivals had their time', () => {
    const arrivals = timeline('0 m', 1_000, readWord);
    expect(runTime({ settings, arrivals, until: 100_000 }).fires).toEqual([
      { group: '', at: 10_000, decidedAt: 15_000, event: 'e0', standsFor: 1 },
    ]);
  });

  test.each<[string, string[]]>([
    ['0 x m · 20 y m', ['10 x: e0', '70 y: e1']],
    ['15 x m · 16 x u · 20 y m', ['70 y: e2']],
  ])('arms anew after downtime what was not silent before it: %s', (script, expected) => {
    const arrivals = timeline(script, 1_000, readWord);
    const run = { settings, context: GROUPED, arrivals, down: [22_000, 60_000] as const, restarts: true };
    const { fires } = runTime({ ...run, until: 200_000 });
    expect(fires.map(({ group, at, event }) => `${at / 1_000} ${group}: ${event}`)).toEqual(expected);
  });

  test('counts what comes too late', () => {
    const arrivals = timeline('20 m · 100@19 m', 1_000, readWord);
    expect(runTime({ settings, arrivals, until: 200_000 }).counters).toEqual({ late_events: 1 });
  });

  test('forgets a group that was disarmed', () => {
    const arrivals = timeline('0 m · 1 u', 1_000, readWord);
    expect(runTime({ settings, arrivals, until: 5_000 }).groups).toEqual(['']);
    expect(runTime({ settings, arrivals, until: 20_000 }).groups).toEqual([]);
  });

  test.each<[string, number, string]>([
    ['0 m', 4_000, 'silent for 4s, fires at 1970-01-01T00:00:10Z'],
    ['0 m', 12_000, 'silent for 12s, due at 1970-01-01T00:00:10Z, waits for late arrivals'],
    ['0 m', 20_000, 'silent, fired at 1970-01-01T00:00:10Z, waits to be heard again'],
    ['0 m · 1 u', 3_000, 'disarmed until it is heard again'],
  ])('says where it stands: %s at %i', (script, until, expected) => {
    expect(runTime({ settings, arrivals: timeline(script, 1_000, readWord), until }).describe('')).toBe(
      expected,
    );
  });

  test('says that an expected group was never heard', () => {
    const run = { settings: { no_event_for: '10s', expect: [[]] }, until: 4_000 };
    expect(runTime(run).describe('')).toBe('never heard, fires at 1970-01-01T00:00:10Z');
  });
});
