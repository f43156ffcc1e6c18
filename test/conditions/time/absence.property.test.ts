import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { timeBased } from '../../../src/conditions/time-based.js';
import type { Json } from '../../../src/kernel/json.js';
import type { Reducer } from '../../../src/ports/condition-kind.js';
import { propertyRuns } from '../../support/property-runs.js';
import type { Arrival } from '../../support/reducer-harness.js';
import { GROUPS, ofGroup, streams } from '../../support/streams.js';
import { runTime, type TimeRun } from '../../support/timer-harness.js';
import {
  foretellAbsences,
  foretellDeadlines,
  foretellDelays,
  foretellSilences,
  type Foretold,
} from './absence-oracles.js';
import { readWord } from './words.js';

/** Longer than any delay of what is foretold. */
const LATENESS_MS = 1_001;
const FOR_MS = 2_000;
const FOREVER = 10_000_000;
const UNLESS = { event_types: ['order.paid'] };
const GROUPED = { groupBy: ['payload.id'] };

/** Random streams around a duration of 2 s and a lateness of 1 s; steps of 500 ms make equal times and edges common. */
function coarse(words: readonly string[], maxDelayMs: number): fc.Arbitrary<readonly Arrival[]> {
  return streams({ words, read: readWord, maxLength: 14, maxPauseMs: 6, maxDelayMs }).map((arrivals) =>
    arrivals.map((arrival) => ({ ...arrival, arrivedAt: arrival.arrivedAt * 500, at: arrival.at * 500 })),
  );
}

/** Openers arrive at once, `unless` events late. */
function onTime(arrivals: readonly Arrival[]): readonly Arrival[] {
  return arrivals.map((arrival) =>
    arrival.roles.includes('match') ? { ...arrival, at: arrival.arrivedAt } : arrival,
  );
}

function firesOf(settings: Json, arrivals: readonly Arrival[], extra: Partial<TimeRun> = {}) {
  const run = { settings, context: GROUPED, arrivals, until: FOREVER, latenessMs: LATENESS_MS, ...extra };
  return runTime(run).fires;
}

function holdsAgainst(
  settings: Json,
  arrivals: readonly Arrival[],
  oracle: (own: readonly Arrival[]) => readonly Foretold[],
  extra: Partial<TimeRun> = {},
): void {
  const fires = firesOf(settings, arrivals, extra);
  for (const group of GROUPS) {
    const found = fires
      .filter((fire) => fire.group === group)
      .map(({ at, event }) => ({ at, event: event ?? '' }));
    const byTime = (a: Foretold, b: Foretold): number => a.at - b.at;
    expect(found.sort(byTime)).toEqual([...oracle(ofGroup(arrivals, group))].sort(byTime));
  }
}

const words = ['m', 'm', 'u', 'b'];

describe('against an oracle that knows the whole history', () => {
  test('deadlines, whose unless events arrive out of order', () => {
    fc.assert(
      fc.property(coarse(words, 2).map(onTime), (arrivals) => {
        holdsAgainst({ after: '2s', unless: UNLESS }, arrivals, (own) =>
          foretellDeadlines(own, FOR_MS, false),
        );
      }),
      propertyRuns(0.15),
    );
  });

  test('deadlines that restart, all of whose events arrive out of order', () => {
    fc.assert(
      fc.property(coarse(words, 2), (arrivals) => {
        const settings = { after: '2s', unless: UNLESS, restart: true };
        holdsAgainst(settings, arrivals, (own) => foretellDeadlines(own, FOR_MS, true));
      }),
      propertyRuns(0.15),
    );
  });

  test('silences, all of whose events arrive out of order', () => {
    fc.assert(
      fc.property(coarse(words, 2), (arrivals) => {
        const settings = { no_event_for: '2s', unless: UNLESS };
        holdsAgainst(settings, arrivals, (own) => foretellSilences(own, FOR_MS));
      }),
      propertyRuns(0.15),
    );
  });

  test('silences, by the millisecond and with a lateness longer than the silence', () => {
    const shape = { words, read: readWord, maxLength: 14, maxPauseMs: 30, maxDelayMs: 39 };
    fc.assert(
      fc.property(streams(shape), (arrivals) => {
        const settings = { no_event_for: '20ms', unless: UNLESS };
        holdsAgainst(settings, arrivals, (own) => foretellSilences(own, 20), { latenessMs: 40 });
      }),
      propertyRuns(0.15),
    );
  });

  test('plain delays', () => {
    fc.assert(
      fc.property(coarse(['m'], 0), (arrivals) => {
        holdsAgainst({ after: '2s' }, arrivals, (own) => foretellDelays(own, FOR_MS));
      }),
      propertyRuns(0.05),
    );
  });

  test('times of day', () => {
    const zone = 'Europe/Berlin';
    const start = Date.parse('2026-03-26T00:00:00Z');
    const times = [26, 27, 28, 29, 30].map((day) => Date.UTC(2026, 2, day, day < 29 ? 8 : 7));
    const hour = 3_600_000;
    const shape = { words: ['m'], read: readWord, maxLength: 6, maxPauseMs: 40, maxDelayMs: 3 };
    fc.assert(
      fc.property(streams(shape), (stream) => {
        const arrivals = stream
          .map((one) => ({
            ...one,
            group: '',
            arrivedAt: start + (one.arrivedAt - 100) * hour,
            at: start + (one.at - 100) * hour,
          }))
          .filter(({ arrivedAt }) => arrivedAt < Date.UTC(2026, 2, 30, 12));
        const { fires } = runTime({
          settings: { expected_by: '09:00', timezone: zone },
          arrivals,
          start,
          until: Date.UTC(2026, 2, 30, 20),
          latenessMs: 4 * hour,
        });
        const own = arrivals.map((one) => ({ ...one, at: Math.min(one.at, one.arrivedAt) }));
        expect(fires.map(({ at }) => at)).toEqual(foretellAbsences(own, times));
      }),
      propertyRuns(0.1),
    );
  });
});

describe('whatever arrives, however late', () => {
  const anything = coarse(words, 12);
  const settings: fc.Arbitrary<Json> = fc.constantFrom<Json>(
    { after: '2s', unless: UNLESS },
    { after: '2s', unless: UNLESS, restart: true },
    { after: '2s' },
    { no_event_for: '2s', unless: UNLESS },
  );
  const lateness = fc.constantFrom(0, 1, 500, 1_000, 5_000);

  test('slices may go through JSON text at any point', () => {
    fc.assert(
      fc.property(settings, anything, lateness, (given, arrivals, latenessMs) => {
        const straight = firesOf(given, arrivals, { latenessMs });
        expect(firesOf(given, arrivals, { latenessMs, throughJson: true })).toEqual(straight);
      }),
      propertyRuns(0.05),
    );
  });

  test('each firing is of a matching event, at its time and the duration, decided no earlier, and only once', () => {
    fc.assert(
      fc.property(settings, anything, lateness, (given, arrivals, latenessMs) => {
        const fires = firesOf(given, arrivals, { latenessMs });
        for (const fire of fires) {
          const opener = arrivals.find(({ id }) => id === fire.event);
          expect(opener?.roles).toContain('match');
          expect(opener?.group).toBe(fire.group);
          expect(fire.at).toBe(Math.min(opener?.at ?? 0, opener?.arrivedAt ?? 0) + FOR_MS);
          expect(fire.decidedAt).toBeGreaterThanOrEqual(Math.max(fire.at, opener?.arrivedAt ?? 0));
        }
        expect(new Set(fires.map(({ group, event }) => `${group} ${event}`)).size).toBe(fires.length);
      }),
      propertyRuns(0.05),
    );
  });

  test('nothing fires that an unless event in its time could stop before it was decided', () => {
    const stoppable = { after: '2s', unless: UNLESS };
    fc.assert(
      fc.property(coarse(['m', 'u'], 12), lateness, (arrivals, latenessMs) => {
        for (const fire of firesOf(stoppable, arrivals, { latenessMs })) {
          const openedAt = fire.at - FOR_MS;
          const opener = arrivals.findIndex(({ id }) => id === fire.event);
          const stopping = arrivals.filter(
            ({ group, roles, at, arrivedAt }, index) =>
              index > opener &&
              group === fire.group &&
              roles.includes('unless') &&
              Math.min(at, arrivedAt) >= openedAt &&
              Math.min(at, arrivedAt) <= fire.at &&
              arrivedAt < fire.decidedAt,
          );
          expect(stopping).toEqual([]);
        }
      }),
      propertyRuns(0.1),
    );
  });

  test('what is remembered ends with what can still happen', () => {
    fc.assert(
      fc.property(anything, (arrivals) => {
        const run = { context: GROUPED, arrivals, until: FOREVER, latenessMs: LATENESS_MS };
        expect(runTime({ ...run, settings: { after: '2s', unless: UNLESS } }).groups).toEqual([]);
      }),
      propertyRuns(0.05),
    );
  });
});

describe('the oracles find a planted fault', () => {
  const own = timeBased.reducer as Reducer;
  const withoutLateness: Reducer = {
    ...own,
    onEvent: (slice, roles, occurrence, plan, context) =>
      own.onEvent(slice, roles, occurrence, plan, { ...context, latenessMs: 0 }),
  };
  const openingFirst: Reducer = {
    ...own,
    onEvent: (slice, roles, occurrence, plan, context) =>
      [...roles].sort().reduce((kept, role) => own.onEvent(kept, [role], occurrence, plan, context), slice),
  };

  test.each([
    ['that decides without lateness', withoutLateness],
    ['that opens before it cancels', openingFirst],
  ])('in a deadline %s', (_what, reducer) => {
    const found = fc.check(
      fc.property(coarse(words, 2).map(onTime), (arrivals) => {
        const oracle = (history: readonly Arrival[]) => foretellDeadlines(history, FOR_MS, false);
        holdsAgainst({ after: '2s', unless: UNLESS }, arrivals, oracle, { reducer });
      }),
      { numRuns: 200, seed: 1 },
    );
    expect(found.failed).toBe(true);
  });

  test('in a silence that decides without lateness', () => {
    const found = fc.check(
      fc.property(coarse(words, 2), (arrivals) => {
        const oracle = (history: readonly Arrival[]) => foretellSilences(history, FOR_MS);
        holdsAgainst({ no_event_for: '2s', unless: UNLESS }, arrivals, oracle, { reducer: withoutLateness });
      }),
      { numRuns: 200, seed: 1 },
    );
    expect(found.failed).toBe(true);
  });
});
