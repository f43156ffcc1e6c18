import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { valueChanged } from '../../src/conditions/value-changed.js';
import { deepEqual, type Json, type JsonObject } from '../../src/kernel/json.js';
import type { Reducer } from '../../src/ports/condition-kind.js';
import { expectPlainAndApart } from '../support/metamorphic.js';
import { planOf } from '../support/plan.js';
import { propertyRuns } from '../support/property-runs.js';
import { runReducer, type Arrival } from '../support/reducer-harness.js';
import { GROUPS, ofGroup, streams } from '../support/streams.js';
import { timeline } from '../support/timeline.js';

/** `up` and `down` are what the tests of `from` and `to` look for. */
function read(word: string): { roles: readonly string[]; payload: JsonObject } {
  const state: Json = word.startsWith('{') ? (JSON.parse(word) as Json) : word;
  const roles = ['match', ...(state === 'up' ? ['from'] : []), ...(state === 'down' ? ['to'] : [])];
  return { roles, payload: { state } };
}

function fires(more: JsonObject, script: string): string[] {
  const run = runReducer({
    ...planOf(valueChanged, { field: 'payload.state', ...more }),
    arrivals: timeline(script, 1000, read),
  });
  return run.fires.map(({ at, event, events }) => `${at / 1000}: ${event} of ${events.join(' ')}`);
}

describe('value_changed', () => {
  test.each<[JsonObject, string, string[]]>([
    [{}, '0 up', []],
    [{}, '0 up · 1 down', ['1: e1 of e0 e1']],
    [{}, '0 up · 1 up · 2 down · 3 down · 4 up', ['2: e2 of e1 e2', '4: e4 of e3 e4']],
    [{}, '0 a up · 1 b down · 2 a down', ['2: e2 of e0 e2']],
    [{}, '0 {"a":1,"b":2} · 1 {"b":2,"a":1}', []],
    [{}, '0 {"a":1} · 1 {"a":"1"}', ['1: e1 of e0 e1']],
    [{ from: 'up', to: 'down' }, '0 up · 1 down', ['1: e1 of e0 e1']],
    [{ from: 'up', to: 'down' }, '0 up · 1 odd · 2 down', []],
    [{ from: 'up' }, '0 up · 1 odd · 2 down', ['1: e1 of e0 e1']],
    [{ to: 'down' }, '0 up · 1 odd · 2 down', ['2: e2 of e1 e2']],
    [{ to: 'down' }, '0 down', []],
    // Late events are no news.
    [{}, '5 up · 6@4 down · 7 up', []],
    [{}, '5 up · 6@5 down', ['6: e1 of e0 e1']],
  ])('%j: %s', (more, script, expected) => {
    expect(fires(more, script)).toEqual(expected);
  });

  test('counts late events', () => {
    const arrivals = timeline('5 up · 6@4 down', 1000, read);
    expect(runReducer({ ...planOf(valueChanged, { field: 'payload.state' }), arrivals }).counters).toEqual({
      late_events: 1,
    });
  });

  test('tells the value', () => {
    const arrivals = timeline('0 up · 1 down', 1000, read);
    const run = runReducer({ ...planOf(valueChanged, { field: 'payload.state' }), arrivals });
    expect(run.describe('', 2_000)).toBe('the value is "down"');
  });
});

const arrivals = streams({
  words: ['up', 'down', 'odd', '{"a":1}'],
  read,
  maxLength: 40,
  maxPauseMs: 10,
  maxDelayMs: 25,
});
const tests = fc.constantFrom<JsonObject>({}, { from: 'up' }, { to: 'down' }, { from: 'up', to: 'down' });

/** An event is late when one before it happened later; of the others each is compared with the one before. */
function expected(history: readonly Arrival[], more: JsonObject): unknown[] {
  const inTime = history.filter((arrival, i) => history.slice(0, i).every(({ at }) => at <= arrival.at));
  return inTime.flatMap((arrival, i) => {
    const previous = inTime[i - 1];
    if (previous === undefined) return [];
    const [was, is] = [previous.payload?.['state'], arrival.payload?.['state']];
    if (deepEqual(was, is)) return [];
    if (more['from'] !== undefined && was !== more['from']) return [];
    if (more['to'] !== undefined && is !== more['to']) return [];
    return [{ at: arrival.arrivedAt, event: arrival.id, events: [previous.id, arrival.id] }];
  });
}

function compare(stream: readonly Arrival[], more: JsonObject, plant = (reducer: Reducer) => reducer): void {
  const { reducer, plan } = planOf(valueChanged, { field: 'payload.state', ...more });
  const result = runReducer({ reducer: plant(reducer), plan, arrivals: stream });
  for (const group of GROUPS) {
    const found = result.fires
      .filter((fire) => fire.group === group)
      .map(({ at, event, events }) => ({ at, event, events }));
    expect(found).toEqual(expected(ofGroup(stream, group), more));
  }
}

describe('value_changed against the whole history', () => {
  test('decides alike', () => {
    fc.assert(
      fc.property(arrivals, tests, (stream, more) => compare(stream, more)),
      propertyRuns(0.04),
    );
  });

  test('keeps plain data, a group at a time', () => {
    fc.assert(
      fc.property(arrivals, tests, (stream, more) =>
        expectPlainAndApart({
          ...planOf(valueChanged, { field: 'payload.state', ...more }),
          arrivals: stream,
        }),
      ),
      propertyRuns(0.01),
    );
  });

  test('would notice a late event that is taken for news', () => {
    const plant = (reducer: Reducer): Reducer => ({
      ...reducer,
      onEvent: (slice, roles, occurrence, plan, context) =>
        reducer.onEvent(slice, roles, { ...occurrence, at: occurrence.arrivedAt }, plan, context),
    });
    const property = fc.property(arrivals, tests, (stream, more) => compare(stream, more, plant));
    expect(fc.check(property, { numRuns: 200, seed: 1 }).failed).toBe(true);
  });
});
