import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { thresholdReached } from '../../src/conditions/threshold-reached.js';
import { MAX_WINDOW_EVENTS } from '../../src/conditions/window.js';
import type { Json, JsonObject } from '../../src/kernel/json.js';
import type { ReducerPlan } from '../../src/ports/condition-kind.js';
import { expectPlainAndApart } from '../support/metamorphic.js';
import { planOf } from '../support/plan.js';
import { propertyRuns } from '../support/property-runs.js';
import { runReducer, type Arrival } from '../support/reducer-harness.js';
import { GROUPS, ofGroup, streams } from '../support/streams.js';
import { timeline } from '../support/timeline.js';
import { expectedWindows, type WindowRule } from './oracles/window.js';

/** `v` alone is an event without the field; `v5` has the number 5 in it, `v"5"` the text 5, `vx` the text x. */
function read(word: string): { roles: readonly string[]; payload: JsonObject } {
  const text = word.slice(1);
  if (text === '') return { roles: ['match'], payload: {} };
  return { roles: ['match'], payload: { v: /^[-\d"]/.test(text) ? (JSON.parse(text) as Json) : text } };
}

function fires(settings: Json, script: string): string[] {
  const run = runReducer({ ...planOf(thresholdReached, settings), arrivals: timeline(script, 1000, read) });
  return run.fires.map(
    ({ at, value, events }) => `${at / 1000}s value ${JSON.stringify(value)}: ${events.join(' ')}`,
  );
}

const count = (more: JsonObject): JsonObject => ({ aggregate: 'count', within: '60s', ...more });
const over = (aggregate: string, more: JsonObject): JsonObject => ({
  aggregate,
  field: 'payload.v',
  within: '60s',
  ...more,
});

describe('threshold_reached over a window', () => {
  test.each<[string, JsonObject, string, string[]]>([
    [
      'slides: it neither starts anew at full minutes nor forgets to drop',
      count({ at_least: 5 }),
      '0 v · 58 v · 59 v · 61 v · 62 v · 63 v',
      ['63s value 5: e1 e2 e3 e4 e5'],
    ],
    ['excludes its beginning', count({ at_least: 2 }), '0 v · 60 v', []],
    ['includes what is a moment younger', count({ at_least: 2 }), '0.001 v · 60 v', ['60s value 2: e0 e1']],
    [
      'empties on firing',
      count({ at_least: 2 }),
      '0 v · 1 v · 2 v · 3 v · 4 v',
      ['1s value 2: e0 e1', '3s value 2: e2 e3'],
    ],
    [
      'is kept with keep, and fires again only after the test has failed',
      count({ at_least: 2, keep: true }),
      '0 v · 1 v · 2 v · 70 v · 71 v · 72 v',
      ['1s value 2: e0 e1', '71s value 2: e3 e4'],
    ],
    ['is kept for each group', count({ at_least: 2 }), '0 a v · 1 b v · 2 b v', ['2s value 2: e1 e2']],
    [
      'takes a late event that happened inside of it, at its place in time',
      count({ at_least: 3 }),
      '0 v · 100 v · 101@99 v · 102@50 v',
      ['102s value 3: e3 e2 e1'],
    ],
    [
      'does not take one that happened before it',
      count({ at_least: 2 }),
      '100 v · 101@40 v · 102@41 v',
      ['102s value 2: e2 e0'],
    ],
    [
      'still ends at the latest event after it has fired',
      count({ at_least: 2 }),
      '100 v · 101 v · 102@41 v · 103@42 v · 104@43 v',
      ['101s value 2: e0 e1', '104s value 2: e3 e4'],
    ],
    [
      'takes a timestamp in the future as now',
      count({ at_least: 2 }),
      '0@999 v · 30 v',
      ['30s value 2: e0 e1'],
    ],
    ['counts events of one instant', count({ at_least: 3 }), '5 v · 5 v · 5 v', ['5s value 3: e0 e1 e2']],
    ['sums', over('sum', { greater_than: 10 }), '0 v4 · 1 v6 · 2 v0.5', ['2s value 10.5: e0 e1 e2']],
    [
      'averages once there are enough events',
      over('average', { at_least: 5, minimum_events: 3 }),
      '0 v9 · 1 v5 · 2 v1',
      ['2s value 5: e0 e1 e2'],
    ],
    ['finds the minimum', over('minimum', { less_than: 2 }), '0 v9 · 1 v1 · 2 v5', ['1s value 1: e0 e1']],
    [
      'lets the minimum leave',
      over('minimum', { at_least: 5, minimum_events: 2 }),
      '0 v1 · 30 v9 · 59 v5 · 60 v5',
      ['60s value 5: e1 e2 e3'],
    ],
    ['finds the maximum', over('maximum', { equal: 9 }), '0 v1 · 1 v9', ['1s value 9: e0 e1']],
    [
      'counts distinct values, not events',
      over('distinct', { at_least: 3 }),
      '0 vx · 1 v5 · 2 vx · 3 v5 · 4 vy',
      ['4s value 3: e0 e1 e2 e3 e4'],
    ],
    [
      'lets distinct values leave',
      over('distinct', { at_least: 2 }),
      '0 vx · 60 vy · 61 vy · 62 vz',
      ['62s value 2: e1 e2 e3'],
    ],
    ['takes equal numbers for one value', over('distinct', { between: [2, 2] }), '0 v5 · 1 v5.0', []],
    [
      'tells the number 5 from the text 5',
      over('distinct', { between: [2, 2] }),
      '0 v5 · 1 v"5"',
      ['1s value 2: e0 e1'],
    ],
    [
      'skips what is no number',
      over('sum', { at_least: 5 }),
      '0 v4 · 1 vx · 2 v · 3 v1',
      ['3s value 5: e0 e3'],
    ],
    ['is not asked by an event without a value', over('sum', { less_than: 5 }), '0 v9 · 70 v', []],
    ['knows not_equal', over('sum', { not_equal: 4 }), '0 v4 · 1 v1', ['1s value 5: e0 e1']],
    ['knows at_most', over('sum', { at_most: -1 }), '0 v4 · 1 v-5', ['1s value -1: e0 e1']],
  ])('%s', (_name, settings, script, expected) => {
    expect(fires(settings, script)).toEqual(expected);
  });

  test('counts late and skipped events', () => {
    const run = runReducer({
      ...planOf(thresholdReached, over('sum', { at_least: 100 })),
      arrivals: timeline('100 v1 · 101@40 v1 · 102@40 v · 103 v · 104 vx', 1000, read),
    });
    expect(run.counters).toEqual({ late_events: 2, skipped_events: 2 });
  });

  test('keeps its sum a number that JSON can carry', () => {
    const big = Number.MAX_VALUE;
    const arrivals = timeline('0 v · 1 v · 2 v', 1000, () => ({ roles: ['match'], payload: { v: big } }));
    const run = runReducer({
      ...planOf(thresholdReached, over('sum', { greater_than: 1, minimum_events: 3 })),
      arrivals,
    });
    expect(run.fires.map(({ value }) => value)).toEqual([big]);
  });

  test(`keeps ${MAX_WINDOW_EVENTS} events, drops the oldest and counts them`, () => {
    const arrivals: Arrival[] = [];
    for (let i = 0; i < MAX_WINDOW_EVENTS + 7; i++)
      arrivals.push({ id: `e${i}`, group: '', arrivedAt: i, at: i, roles: ['match'], payload: { v: i } });
    const run = runReducer({
      ...planOf(thresholdReached, over('distinct', { greater_than: MAX_WINDOW_EVENTS, within: '1d' })),
      arrivals,
    });
    expect(run.fires).toEqual([]);
    expect(run.counters).toEqual({ capped_events: 7 });
    const { window } = run.slices.get('') as {
      window: { events: unknown[]; values: unknown[]; tally: object };
    };
    expect([window.events.length, window.values.length, Object.keys(window.tally).length]).toEqual([
      MAX_WINDOW_EVENTS,
      MAX_WINDOW_EVENTS,
      MAX_WINDOW_EVENTS,
    ]);
    expect(window.values[0]).toBe('7');
  });

  test.each<[JsonObject, string, number, string]>([
    [count({ at_least: 5 }), '0 v · 10 v · 20 v', 20, '3 of 5 in the window, the oldest leaves in 40s'],
    [count({ at_least: 5 }), '0 v · 10 v · 20 v', 65, '2 of 5 in the window, the oldest leaves in 5s'],
    [count({ at_least: 5 }), '0 v', 60, 'the window is empty'],
    [
      count({ at_least: 2, keep: true }),
      '0 v · 1 v',
      1,
      '2 of 2 in the window, the oldest leaves in 59s, reported already',
    ],
    [
      over('average', { greater_than: 8, minimum_events: 3 }),
      '0 v9 · 1 v11',
      1.5,
      'average is 10 over 2 in the window, greater_than 8 wanted (3 events needed), the oldest leaves in 58s500ms',
    ],
    [
      over('distinct', { between: [3, 4] }),
      '0 vx · 1 vx · 50 vy',
      60.5,
      'distinct is 2 over 2 in the window, between 3 and 4 wanted, the oldest leaves in 500ms',
    ],
  ])('tells of %j after %s at %ss: %s', (settings, script, nowSeconds, expected) => {
    const run = runReducer({ ...planOf(thresholdReached, settings), arrivals: timeline(script, 1000, read) });
    expect(run.describe('', nowSeconds * 1000)).toBe(expected);
  });
});

const WITHIN_MS = 60;
const arrivals = streams({
  words: ['v0.1', 'v1', 'v2', 'v3', 'v-2', 'v', 'vx'],
  read,
  maxLength: 40,
  maxPauseMs: 25,
  maxDelayMs: 90,
});
const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  at_least: (value, bound) => value >= bound,
  greater_than: (value, bound) => value > bound,
  less_than: (value, bound) => value < bound,
  at_most: (value, bound) => value <= bound,
  equal: (value, bound) => value === bound,
  not_equal: (value, bound) => value !== bound,
};
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const aggregates: Readonly<Record<string, (values: readonly number[]) => number>> = {
  count: (values) => values.length,
  sum: total,
  average: (values) => total(values) / values.length,
  minimum: (values) => Math.min(...values),
  maximum: (values) => Math.max(...values),
  distinct: (values) => new Set(values).size,
};

interface Drawn {
  readonly arrivals: readonly Arrival[];
  readonly aggregate: string;
  readonly comparison: string;
  readonly bound: number;
  readonly minimum_events: number;
  readonly keep: boolean;
}

const drawn: fc.Arbitrary<Drawn> = fc
  .record({
    arrivals,
    aggregate: fc.constantFrom(...Object.keys(aggregates)),
    comparison: fc.constantFrom(...Object.keys(comparisons)),
    bound: fc.integer({ min: 1, max: 5 }),
    minimum_events: fc.integer({ min: 1, max: 3 }),
    keep: fc.boolean(),
  })
  // A count that is less than something is refused.
  .filter(
    ({ aggregate, comparison }) => aggregate !== 'count' || !['less_than', 'at_most'].includes(comparison),
  );

/** Runs the reducer and the oracle; `change` plants a bug. */
function compare(
  { arrivals, aggregate, comparison, bound, minimum_events, keep }: Drawn,
  change: (plan: ReducerPlan) => ReducerPlan = (plan) => plan,
): void {
  const { reducer, plan } = planOf(thresholdReached, {
    aggregate,
    ...(aggregate === 'count' ? {} : { field: 'payload.v' }),
    [comparison]: bound,
    within: `${WITHIN_MS}ms`,
    minimum_events,
    keep,
  });
  const run = { reducer, plan: change(plan), arrivals };
  const result = runReducer(run);
  const rule: WindowRule = {
    withinMs: WITHIN_MS,
    minimumEvents: minimum_events,
    keep,
    value({ payload }) {
      const value = payload?.['v'];
      if (aggregate === 'count') return 0;
      if (aggregate === 'distinct' && value === 'x') return Number.NaN;
      return typeof value === 'number' ? value : undefined;
    },
    aggregate: aggregates[aggregate] as WindowRule['aggregate'],
    passes: (value) => (comparisons[comparison] as (value: number, bound: number) => boolean)(value, bound),
  };
  for (const group of GROUPS) {
    const found = result.fires
      .filter((fire) => fire.group === group)
      .map(({ at, event, events, value }) => ({ at, event, events, value }));
    expect(found).toEqual(expectedWindows(ofGroup(arrivals, group), rule));
  }
}

describe('threshold_reached against windows taken anew from the whole history', () => {
  test('decides alike', () => {
    fc.assert(
      fc.property(drawn, (one) => compare(one)),
      propertyRuns(0.3),
    );
  });

  test('keeps plain data, a group at a time', () => {
    fc.assert(
      fc.property(arrivals, fc.constantFrom('sum', 'distinct'), fc.boolean(), (stream, aggregate, keep) =>
        expectPlainAndApart({
          ...planOf(thresholdReached, over(aggregate, { at_least: 3, within: `${WITHIN_MS}ms`, keep })),
          arrivals: stream,
        }),
      ),
      propertyRuns(0.05),
    );
  });

  const settings = (plan: ReducerPlan, more: JsonObject): ReducerPlan => ({
    ...plan,
    settings: { ...plan.settings, ...more },
  });
  test.each<[string, (plan: ReducerPlan) => ReducerPlan]>([
    ['forgets to drop', (plan) => settings(plan, { withinMs: 1e12 })],
    ['includes its beginning', (plan) => settings(plan, { withinMs: WITHIN_MS + 1 })],
    ['is always kept', (plan) => settings(plan, { keep: true })],
    ['never waits for enough events', (plan) => settings(plan, { minimumEvents: 1 })],
  ])('would notice a window that %s', (_name, change) => {
    const check = fc.check(
      fc.property(drawn, (one) => compare(one, change)),
      { numRuns: 500, seed: 1 },
    );
    expect(check.failed).toBe(true);
  });
});
