import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holdsFor } from '../../src/conditions/holds-for.js';
import type { Reducer } from '../../src/ports/condition-kind.js';
import { expectPlainAndApart } from '../support/metamorphic.js';
import { planOf } from '../support/plan.js';
import { propertyRuns } from '../support/property-runs.js';
import { runReducer, type Arrival, type RunResult } from '../support/reducer-harness.js';
import { GROUPS, ofGroup, streams } from '../support/streams.js';
import { timeline } from '../support/timeline.js';

/** `H` holds, `-` does not. */
const read = (word: string): { roles: readonly string[] } => ({
  roles: word === 'H' ? ['match', 'holds'] : ['match'],
});
const hot = { 'payload.celsius': { at_least: 80 } };

function run(script: string, until?: number): RunResult {
  return runReducer({
    ...planOf(holdsFor, { where: hot, for: '30s' }),
    arrivals: timeline(script, 1000, read),
    ...(until === undefined ? {} : { until: until * 1000 }),
  });
}

describe('holds_for', () => {
  test.each<[string, string, string[]]>([
    ['fires by the clock, with one event', '0 H', ['30: e0 of e0']],
    [
      'fires with the last event, and hands out the first and the last',
      '0 H · 5 H · 10 H',
      ['30: e2 of e0 e2'],
    ],
    ['does not when it is broken', '0 H · 29 -', []],
    ['is not broken by what comes when it is due', '0 H · 30 -', ['30: e0 of e0']],
    ['begins anew after a break', '0 H · 20 - · 40 H · 60 H', ['70: e3 of e2 e3']],
    ['does not begin anew at each event that holds', '0 H · 25 H', ['30: e1 of e0 e1']],
    ['fires once until it is broken', '0 H · 40 H · 80 H', ['30: e0 of e0']],
    ['fires again after a break', '0 H · 40 H · 41 - · 42 H', ['30: e0 of e0', '72: e3 of e3']],
    ['never without an event that holds', '0 - · 100 -', []],
    ['keeps its groups apart', '0 a H · 10 b -', ['30: e0 of e0']],
    ['is not broken by a late event', '10 H · 15@5 -', ['40: e0 of e0']],
    ['does not begin with a late event', '10 - · 15@5 H', []],
    ['is broken by an event of the same instant', '10 H · 10 -', []],
    ['counts from when the event happened', '10@0 H', ['30: e0 of e0']],
    ['is due at once when that is long ago', '100@0 H', ['100: e0 of e0']],
  ])('%s: %s', (_name, script, expected) => {
    const { fires, timers } = run(script);
    expect(fires.map(({ at, event, events }) => `${at / 1000}: ${event} of ${events.join(' ')}`)).toEqual(
      expected,
    );
    expect(timers).toEqual([]);
  });

  test('counts late events', () => {
    expect(run('10 H · 15@5 - · 16@9 H').counters).toEqual({ late_events: 2 });
  });

  test.each([
    ['0 H', 10, 'it holds, and has to for another 20s of 30s'],
    ['0 H', 31, 'it holds and has been reported; the next time is after a break'],
    ['0 H · 5 -', 10, 'it does not hold'],
  ])('tells after %s at %ds: %s', (script, now, expected) => {
    expect(run(script, now).describe('', now * 1000)).toBe(expected);
  });
});

const FOR_MS = 30;
const arrivals = streams({
  words: ['H', 'H', 'H', '-'],
  read,
  maxLength: 40,
  maxPauseMs: 15,
  maxDelayMs: 50,
});

/** Runs of events in time that hold, from the whole history: each fires unless it is broken before it is due. */
function expected(history: readonly Arrival[]): unknown[] {
  const inTime = history.filter((arrival, i) => history.slice(0, i).every(({ at }) => at <= arrival.at));
  const holds = (arrival: Arrival | undefined): boolean => arrival?.roles.includes('holds') ?? false;
  return inTime.flatMap((first, i) => {
    if (!holds(first) || holds(inTime[i - 1])) return [];
    const dueAt = Math.max(first.at + FOR_MS, first.arrivedAt);
    const rest = inTime.slice(i + 1);
    const end = rest.findIndex((arrival) => !holds(arrival));
    const inRun = end === -1 ? rest : rest.slice(0, end);
    const broken = end === -1 ? undefined : rest[end];
    if (broken !== undefined && broken.arrivedAt < dueAt) return [];
    const last = [first, ...inRun.filter(({ arrivedAt }) => arrivedAt < dueAt)].at(-1) as Arrival;
    const events = first === last ? [first.id] : [first.id, last.id];
    return [{ at: dueAt, decidedAt: dueAt, event: last.id, events }];
  });
}

function compare(stream: readonly Arrival[], plant = (reducer: Reducer) => reducer): void {
  const { reducer, plan } = planOf(holdsFor, { where: hot, for: `${FOR_MS}ms` });
  const { fires } = runReducer({ reducer: plant(reducer), plan, arrivals: stream });
  for (const group of GROUPS) {
    const found = fires
      .filter((fire) => fire.group === group)
      .map(({ at, decidedAt, event, events }) => ({ at, decidedAt, event, events }));
    expect(found).toEqual(expected(ofGroup(stream, group)));
  }
}

describe('holds_for against the whole history', () => {
  test('decides alike', () => {
    fc.assert(
      fc.property(arrivals, (stream) => compare(stream)),
      propertyRuns(0.05),
    );
  });

  test('keeps plain data, a group at a time', () => {
    fc.assert(
      fc.property(arrivals, (stream) =>
        expectPlainAndApart({
          ...planOf(holdsFor, { where: hot, for: `${FOR_MS}ms` }),
          arrivals: stream,
        }),
      ),
      propertyRuns(0.01),
    );
  });

  test.each<[string, (reducer: Reducer) => Reducer]>([
    [
      'is broken by late events',
      (reducer) => ({
        ...reducer,
        onEvent: (slice, roles, occurrence, plan, context) =>
          reducer.onEvent(slice, roles, { ...occurrence, at: occurrence.arrivedAt }, plan, context),
      }),
    ],
    [
      'begins anew at each event',
      (reducer) => ({
        ...reducer,
        onEvent: (slice, roles, occurrence, plan, context) =>
          reducer.onEvent(
            roles.includes('holds') && slice !== undefined ? { ...(slice as object), run: null } : slice,
            roles,
            occurrence,
            plan,
            context,
          ),
      }),
    ],
    [
      'is never broken',
      (reducer) => ({
        ...reducer,
        onEvent: (slice, _roles, occurrence, plan, context) =>
          reducer.onEvent(slice, ['match', 'holds'], occurrence, plan, context),
      }),
    ],
  ])('would notice a condition that %s', (_name, plant) => {
    const property = fc.property(arrivals, (stream) => compare(stream, plant));
    expect(fc.check(property, { numRuns: 200, seed: 1 }).failed).toBe(true);
  });
});
