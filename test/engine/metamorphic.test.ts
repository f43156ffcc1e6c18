import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDecider, type Decider } from '../../src/decide/decider.js';
import { formatTime } from '../../src/kernel/time.js';
import { event, folder, record, rules } from '../support/rules.js';
import type { Event } from '../../src/model/event.js';

const START = Date.UTC(2026, 0, 1);
const RUNS = Number(process.env['TRIGGERD_PROPERTY_RUNS'] ?? 150);
const vectors = await folder('test/vectors');

interface Arrival {
  readonly event: Event;
  readonly at: number;
  readonly arrivedAt: number;
}

const types = [
  'hit',
  'kept',
  'login',
  'state',
  'temperature',
  'a',
  'b',
  'c',
  'check',
  'begun',
  'finished',
  'beat',
  'wait',
  'ring',
  'type',
  'mail',
  'order',
  'echo',
];

/** Streams of the vectors' event types: out of order, late, with equal times and repeated ids. */
const stream = fc
  .array(
    fc.record({
      type: fc.constantFrom(...types),
      gapMs: fc.constantFrom(0, 0, 1, 1_000, 5_000, 30_000, 240_000),
      lateMs: fc.constantFrom(0, 0, 0, 1_000, 4_000, 60_000),
      who: fc.constantFrom('ann', 'bob'),
      n: fc.nat(3),
      id: fc.nat(400),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let now = START;
    return steps.map(({ type, gapMs, lateMs, who, n, id }): Arrival => {
      now += gapMs;
      const at = now - lateMs;
      const payload = {
        n,
        id: n,
        host: who,
        state: n > 1 ? 'up' : n > 0 ? 'down' : 'firing',
        celsius: 70 + n * 10,
        kind: n > 1 ? 'lint' : 'unit',
        order: n,
      };
      return {
        event: event({
          event_id: `e${id}`,
          event_type: `vector.${type}`,
          timestamp: formatTime(at),
          user_id: who,
          session_id: who,
          payload,
        }),
        at,
        arrivedAt: now,
      };
    });
  });

const byKey = ([a]: readonly [string, string], [b]: readonly [string, string]): number =>
  a < b ? -1 : a > b ? 1 : 0;

function runAll(arrivals: readonly Arrival[], compiled = vectors) {
  const recorder = record(compiled);
  recorder.run.start(START);
  for (const { event: one, at, arrivedAt } of arrivals) recorder.run.event(one, at, arrivedAt);
  recorder.run.runUntil((arrivals.at(-1)?.arrivedAt ?? START) + 3_600_000);
  return recorder;
}

describe('what changes nothing', () => {
  test('running twice: byte for byte the same', () => {
    fc.assert(
      fc.property(stream, (arrivals) => {
        const [first, second] = [runAll(arrivals), runAll(arrivals)];
        expect(JSON.stringify([second.launches, second.suppressions])).toBe(
          JSON.stringify([first.launches, first.suppressions]),
        );
      }),
      { numRuns: RUNS },
    );
  });

  test('saving the state as text and going on from it, at any point', () => {
    fc.assert(
      fc.property(stream, fc.nat(60), (arrivals, cut) => {
        const whole = runAll(arrivals);
        const before = record(vectors);
        before.run.start(START);
        for (const { event: one, at, arrivedAt } of arrivals.slice(0, cut))
          before.run.event(one, at, arrivedAt);
        const seen = new Set(arrivals.slice(0, cut).map(({ event: one }) => one.event_id));
        const saved = JSON.parse(JSON.stringify(before.run.decider.snapshot()));
        const after = record(vectors, saved);
        after.run.start(saved.now ?? START);
        // Which ids were seen is the intake's to remember, not the decider's.
        for (const { event: one, at, arrivedAt } of arrivals.slice(cut)) {
          if (!seen.has(one.event_id)) after.run.event(one, at, arrivedAt);
          else after.run.runUntil(Math.max(after.run.decider.now, arrivedAt));
        }
        after.run.runUntil((arrivals.at(-1)?.arrivedAt ?? START) + 3_600_000);
        expect([...before.launches, ...after.launches]).toEqual(whole.launches);
        expect([...before.suppressions, ...after.suppressions]).toEqual(whole.suppressions);
      }),
      { numRuns: RUNS },
    );
  });

  test.each([
    ['whole', 1_000_000],
    ['in parts', 0],
    ['in parts when they are large', 1_000],
  ])('keeping the state row by row, %s, and going on from the rows at any point', (_how, inlineMaxChars) => {
    fc.assert(
      fc.property(stream, fc.nat(60), (arrivals, cut) => {
        const { ruleset, matcher, reducers } = vectors;
        const options = { ruleset, matcher, reducers, tracking: true, inlineMaxChars };
        const kept = new Map<string, string>();
        const keep = (decider: Decider): void => {
          for (const { key, value } of decider.changes()) {
            if (value === null) kept.delete(key);
            else kept.set(key, value);
          }
        };
        const take = (decider: Decider, { event: one, at, arrivedAt }: Arrival): number => {
          let fired = 0;
          for (let due = decider.nextDue(); due !== null && due <= arrivedAt; due = decider.nextDue())
            fired += decider.runTimer(due).firings.length;
          return fired + decider.event(one, at, arrivedAt).firings.length;
        };
        const rowsOf = (decider: Decider) =>
          decider
            .snapshot()
            .rows.map(({ key, value }) => [key, value] as const)
            .sort(byKey);
        const first = createDecider(options);
        first.start(START);
        for (const arrival of arrivals.slice(0, cut)) {
          take(first, arrival);
          keep(first);
        }
        keep(first);
        expect([...kept].sort(byKey)).toEqual(rowsOf(first));
        // As a store gives them: in the order of their keys.
        const rows = [...kept].sort(byKey).map(([key, value]) => ({ key, value }));
        const second = createDecider({ ...options, snapshot: { now: first.now, rows } });
        expect(second.left).toEqual([]);
        expect(rowsOf(second)).toEqual(rowsOf(first));
        second.start(first.now);
        for (const arrival of arrivals.slice(cut)) {
          expect(take(second, arrival)).toBe(take(first, arrival));
          keep(second);
        }
        keep(second);
        expect([...kept].sort(byKey)).toEqual(rowsOf(second));
      }),
      { numRuns: Math.ceil(RUNS / 2) },
    );
  });

  test('events of other groups in between', () => {
    const grouped = rules(`
triggers:
  - trigger_id: window
    event_types: [x]
    group_by: [user_id]
    condition: { threshold_reached: { aggregate: count, at_least: 3, within: 60s } }
    workflow_name: note
    cooldown: 30s
  - trigger_id: sequence
    event_types: [x, y]
    group_by: [user_id]
    condition: { event_sequence: { steps: [{ event_types: [x] }, { event_types: [y] }], within: 60s } }
    workflow_name: note
  - trigger_id: silence
    event_types: [x]
    group_by: [user_id]
    condition: { time_based: { no_event_for: 60s } }
    workflow_name: note
  - trigger_id: deadline
    event_types: [x]
    group_by: [user_id]
    condition: { time_based: { after: 20s, unless: { event_types: [y] } } }
    workflow_name: note
workflows: { note: { executor: log, with: { message: noted } } }
`);
    const arrival = fc.record({
      type: fc.constantFrom('x', 'y'),
      who: fc.constantFrom('ann', 'bob', 'cid'),
      gapMs: fc.constantFrom(0, 1, 1_000, 10_000, 30_000),
    });
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 60 }), (steps) => {
        let now = START;
        const all = steps.map(({ type, who, gapMs }, i): Arrival => {
          now += gapMs;
          return {
            event: event({ event_id: `e${i}`, event_type: type, user_id: who, timestamp: formatTime(now) }),
            at: now,
            arrivedAt: now,
          };
        });
        const end = now + 600_000;
        const decidedFor = (who: string, arrivals: readonly Arrival[]) => {
          const recorder = record(grouped);
          recorder.run.start(START);
          for (const { event: one, at, arrivedAt } of arrivals) recorder.run.event(one, at, arrivedAt);
          recorder.run.runUntil(end);
          return recorder.launches.filter((launch) => launch.group['user_id'] === who);
        };
        for (const who of ['ann', 'bob']) {
          expect(decidedFor(who, all)).toEqual(
            decidedFor(
              who,
              all.filter(({ event: one }) => one.user_id === who),
            ),
          );
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('triggers that match nothing', async () => {
    const bare = `
triggers:
  - { trigger_id: a, event_types: [vector.hit], condition: { threshold_reached: { aggregate: count, at_least: 2, within: 60s } }, workflow_name: note }
  - { trigger_id: b, event_types: ['vector.*'], filters: { payload.n: 1 }, workflow_name: note, cooldown: 10s }
workflows: { note: { executor: log, with: { message: noted } } }
`;
    const idle = Array.from(
      { length: 40 },
      (_, i) =>
        `  - { trigger_id: idle-${i}, event_types: [vector.hit, vector.ring], filters: { payload.n: ${100 + i} }, workflow_name: note }`,
    ).join('\n');
    const [small, large] = [rules(bare), rules(bare.replace('workflows:', `${idle}\nworkflows:`))];
    fc.assert(
      fc.property(stream, (arrivals) => {
        expect(runAll(arrivals, large).launches).toEqual(runAll(arrivals, small).launches);
      }),
      { numRuns: RUNS },
    );
  });
});
