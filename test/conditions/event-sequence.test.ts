import { describe, expect, test } from 'vitest';
import { eventSequence } from '../../src/conditions/event-sequence.js';
import type { Json, JsonObject } from '../../src/kernel/json.js';
import { planOf } from '../support/plan.js';
import { runReducer, type RunResult } from '../support/reducer-harness.js';
import { timeline } from '../support/timeline.js';

const LATENESS_MS = 5_000;

/** A sequence whose steps are told by letters (`A A B`) in minutes. */
function run(steps: string, more: JsonObject, script: string): RunResult {
  const letters = steps.split(' ');
  const settings: Json = {
    steps: letters.map(() => ({ event_types: ['vector.any'] })),
    within: '10m',
    ...more,
  };
  // `U` is an unless event, `AU` both; `AB` matches the steps of both letters.
  const read = (word: string): { roles: readonly string[] } => ({
    roles: [
      ...letters.flatMap((letter, step) => (word.includes(letter) ? [`step:${step}`] : [])),
      ...(word.includes('U') ? ['unless'] : []),
    ],
  });
  return runReducer({
    ...planOf(eventSequence, settings),
    arrivals: timeline(script, 60_000, read),
    latenessMs: LATENESS_MS,
  });
}

function firesOf({ fires }: RunResult): string[] {
  return fires.map(({ at, events }) => `${at / 60_000}: ${events.join(' ')}`);
}

type Row = [script: string, expected: string[]];

describe('event_sequence in the order given', () => {
  test.each<Row>([
    ['0 s1 A · 5 s1 B', ['5: e0 e1']],
    ['0 s1 A · 1 s2 B', []],
    ['0 s1 A · 8 s1 A · 15 s1 B', ['15: e1 e2']],
    ['0 s1 B · 1 s1 A · 2 s1 B', ['2: e1 e2']],
    ['0 s1 A · 1 s1 A · 2 s1 B · 3 s1 B', ['2: e1 e2']],
    ['0 s1 A · 10 s1 B', ['10: e0 e1']],
    ['0 s1 A · 11 s1 B', []],
    ['0 s1 A · 5 s1 X · 6 s1 B', ['6: e0 e2']],
    ['0 s1 A · 1 s1 B · 2 s1 A · 3 s1 B', ['1: e0 e1', '3: e2 e3']],
    // By arrival for the order, by event time for the rest.
    ['5 s1 B · 6@4 s1 A', []],
    ['5 s1 A · 6@4 s1 B', []],
    ['5 s1 A · 6@5 s1 B', ['6: e0 e1']],
    ['0 s1 A · 12@10 s1 B', ['12: e0 e1']],
    ['5 s1 A · 6@1 s1 A · 15 s1 B', ['15: e0 e2']],
  ])('A, B: %s', (script, expected) => {
    expect(firesOf(run('A B', {}, script))).toEqual(expected);
  });

  test.each<Row>([
    ['0 A', []],
    ['0 A · 1 A', ['1: e0 e1']],
    ['0 A · 0 A', ['0: e0 e1']],
    ['0 A · 1 A · 2 A · 3 A', ['1: e0 e1', '3: e2 e3']],
    ['0 A · 11 A · 12 A', ['12: e1 e2']],
  ])('A, A needs two events: %s', (script, expected) => {
    expect(firesOf(run('A A', {}, script))).toEqual(expected);
  });

  test.each<Row>([
    ['0 A · 5 A · 11 A · 12 B', ['12: e1 e2 e3']],
    ['0 A · 5 A · 12 B', []],
    ['0 A · 5 A · 10 B', ['10: e0 e1 e2']],
    ['0 A · 1 AB · 2 B', ['2: e0 e1 e2']],
    ['0 A · 1 A · 2 AB', ['2: e0 e1 e2']],
  ])('A, A, B: %s', (script, expected) => {
    expect(firesOf(run('A A B', {}, script))).toEqual(expected);
  });

  test.each<Row>([
    ['0 A · 1 U · 2 B · 3 A · 4 B', ['4: e3 e4']],
    ['0 s1 A · 1 s2 U · 2 s1 B', ['2: e0 e2']],
    ['0 A · 1 AU · 2 B', ['2: e1 e2']],
    ['0 A · 1 BU · 2 B', []],
  ])('A, B unless U: %s', (script, expected) => {
    expect(firesOf(run('A B', { unless: { event_types: ['vector.u'] } }, script))).toEqual(expected);
  });

  test('hands out its steps by name, step_1 and so on by default', () => {
    const settings = { steps: [{ name: 'begun', event_types: ['a'] }, { event_types: ['b'] }], within: '1m' };
    const arrivals = timeline('0 A · 1 B', 1, (word) => ({ roles: [word === 'A' ? 'step:0' : 'step:1'] }));
    const [fire] = runReducer({ ...planOf(eventSequence, settings), arrivals }).fires;
    expect([fire?.event, fire?.steps]).toEqual(['e1', { begun: 'e0', step_2: 'e1' }]);
  });

  test('remembers nothing of a group once it has fired, or was cancelled', () => {
    expect(run('A B', {}, '0 A · 1 B').slices.size).toBe(0);
    expect(run('A B', { unless: { event_types: ['u'] } }, '0 A · 1 U').slices.size).toBe(0);
    expect(run('A B', {}, '0 B · 1 B').slices.size).toBe(0);
  });

  test('keeps no more than one chain for each prefix', () => {
    const script = Array.from({ length: 200 }, (_, i) => `${i / 100} ${i % 3 === 0 ? 'A' : 'AB'}`).join(
      ' · ',
    );
    const chains = run('A B B C', {}, script).slices.get('') as unknown[][];
    expect(chains.map((chain) => chain.length)).toEqual([1, 2, 3]);
  });

  test.each([
    ['0 A · 2 B', 3, '2 of 3 steps there (step_1, step_2), 7m left'],
    ['0 A', 10, '1 of 3 steps there (step_1), 0s left'],
    ['0 A', 11, 'no step there of what fits into the last 10m'],
    ['0 A · 2 B · 9 A', 11, '1 of 3 steps there (step_1), 8m left'],
  ])('tells after %s at minute %d: %s', (script, now, expected) => {
    expect(run('A B C', {}, script).describe('', now * 60_000)).toBe(expected);
  });
});

describe('event_sequence in any order', () => {
  test.each<[string, JsonObject, string, string[]]>([
    ['A B', {}, '0 B · 1 A', ['1: e0 e1']],
    ['A B', {}, '0 A · 1 A · 2 B', ['2: e1 e2']],
    ['A B', {}, '0 A · 10 B', ['10: e0 e1']],
    ['A B', {}, '0 A · 11 B', []],
    ['A B', {}, '0 s1 A · 1 s2 B', []],
    ['A B', {}, '0 A · 1 B · 2 A · 3 B', ['1: e0 e1', '3: e2 e3']],
    // One event never fills two steps.
    ['A B', {}, '0 AB', []],
    ['A B', {}, '0 AB · 1 A', ['1: e0 e1']],
    ['A A', {}, '0 A', []],
    ['A A', {}, '0 A · 1 A', ['1: e0 e1']],
    ['A A B', {}, '0 B · 1 A · 2 A', ['2: e0 e1 e2']],
    ['A B C', {}, '0 ABC · 1 AB · 2 A', ['2: e0 e1 e2']],
    ['A B C', { require: 2 }, '0 C · 1 C · 2 A', ['2: e1 e2']],
    ['A B C', { require: 2 }, '0 C · 11 A · 12 B', ['12: e1 e2']],
    // A late event counts by when it happened.
    ['A B', {}, '15 A · 16@4 B', []],
    ['A B', {}, '15 A · 16@5 B', ['16: e1 e0']],
    ['A B', {}, '0 A · 20 A · 21@9 B', ['21: e0 e2']],
    ['A B', { unless: { event_types: ['u'] } }, '0 A · 1 U · 2 B', []],
    ['A B', { unless: { event_types: ['u'] } }, '0 A · 1 AU · 2 B', ['2: e1 e2']],
  ])('%s %j: %s', (steps, more, script, expected) => {
    expect(firesOf(run(steps, { order: 'any', ...more }, script))).toEqual(expected);
  });

  test('hands out the steps that are filled', () => {
    const [fire] = run('A B C', { order: 'any', require: 2 }, '0 C · 1 A').fires;
    expect(fire?.steps).toEqual({ step_1: 'e1', step_3: 'e0' });
  });

  test('keeps the latest events of each step, as many as there are steps', () => {
    const script = Array.from({ length: 50 }, (_, i) => `${i / 100} ${i % 2 === 0 ? 'A' : 'B'}`).join(' · ');
    const pool = run('A B C', { order: 'any' }, script).slices.get('') as { steps: number[] }[];
    const held = (step: number): number => pool.filter(({ steps }) => steps.includes(step)).length;
    expect([held(0), held(1), held(2), pool.length]).toEqual([3, 3, 0, 6]);
  });

  test.each([
    ['0 C · 2 A', 3, '2 of 3 steps there (step_1, step_3), 7m left'],
    ['0 C · 2 A', 11, '1 of 3 steps there (step_1), 1m left'],
    ['0 C · 2 A', 13, 'no step there within the last 10m'],
  ])('tells after %s at minute %d: %s', (script, now, expected) => {
    expect(run('A B C', { order: 'any' }, script).describe('', now * 60_000)).toBe(expected);
  });
});

describe('event_sequence that stays incomplete', () => {
  const SECOND = 1 / 60;
  const at = (minutes: number, seconds: number): string => String(minutes + seconds * SECOND);

  test.each<[string, string, string[]]>([
    ['fires when its time has passed', '0 A', ['10: e0']],
    ['does not when the rest has come', '0 A · 9 B', []],
    ['does not when the rest came at the deadline', '0 A · 10 B', []],
    ['does when the rest came after the deadline', `0 A · ${at(10, 1)} B`, ['10: e0']],
    ['does not when the rest happened in time and arrives within the lateness', `0 A · ${at(10, 4)}@9 B`, []],
    ['does when the rest arrives later than that', `0 A · ${at(10, 6)}@9 B`, ['10: e0']],
    ['does when the rest came before the first', '0 B · 1 A', ['11: e1']],
    ['fires once, whatever opens in between', '0 A · 5 A', ['10: e0']],
    ['begins anew after it has fired', '0 A · 11 A', ['10: e0', '21: e1']],
    ['begins anew at its deadline', '0 A · 10 A', ['10: e0', '20: e1']],
    ['begins anew after it was completed', '0 A · 1 B · 2 A', ['12: e2']],
    [
      'goes on with an opener that stood behind one that is cancelled late, but happened after',
      `0 A · ${at(0, 2)} A · ${at(0, 3)}@${at(0, 1)} U`,
      [`${10 + 2 * SECOND}: e1`],
    ],
    [
      'goes on with one that happened after what completed the first',
      `0 A · ${at(0, 3)} A · ${at(0, 4)}@${at(0, 2)} B`,
      [`${10 + 3 * SECOND}: e1`],
    ],
    ['cancels both with an unless that happened after both', `0 A · 1 A · 2 U`, []],
    [
      'begins the next when an opener happened after a deadline that is not decided yet',
      `0 A · ${at(10, 2)} A`,
      ['10: e0', `${10 + 10 + 2 * SECOND}: e1`],
    ],
    ['waits for the lateness when the opener was long on its way', '30@0 A · 30.05@5 B', []],
    ['and fires for the time it was due', '30@0 A', ['10: e0']],
    ['is kept for each group', '0 s1 A · 1 s2 B', ['10: e0']],
    ['is cancelled by unless', '0 A · 5 U', []],
    ['is cancelled by unless exactly at the deadline', '0 A · 10 U', []],
    ['is not by unless after the deadline', `0 A · ${at(10, 1)} U`, ['10: e0']],
    ['is by unless that happened in time and arrives within the lateness', `0 A · ${at(10, 4)}@9 U`, []],
    ['is not by unless that arrives later than that', `0 A · ${at(10, 6)}@9 U`, ['10: e0']],
    ['is not by unless that happened before it', '5 A · 6@4 U', ['15: e0']],
    ['is by unless that arrived before it and happened no earlier', `0 U · ${at(0, 3)}@0 A`, []],
    ['is not when that was forgotten', `0 U · ${at(0, 6)}@0 A`, ['10: e1']],
    ['is not when that happened before it', `0 U · ${at(0, 3)} A`, [`${10 + 3 * SECOND}: e1`]],
    ['is not when that happened after its deadline', `30 U · ${at(30, 1)}@0 A`, ['10: e1']],
    ['is cancelled, then opened by an event that is both', '0 A · 5 AU', ['15: e1']],
    ['and that event does not cancel itself', '0 AU', ['10: e0']],
    ['but does cancel another that happened no later', `0 AU · ${at(0, 1)}@0 A · 5 B`, []],
  ])('%s: %s', (_name, script, expected) => {
    const result = run('A B', { fires: 'incomplete', unless: { event_types: ['u'] } }, script);
    expect(firesOf(result)).toEqual(expected);
    expect(result.timers).toEqual([]);
  });

  test('is decided at the deadline and the lateness, and says when it was due', () => {
    const [fire] = run('A B C', { fires: 'incomplete' }, '0 A · 3 B').fires;
    expect(fire).toEqual({
      group: '',
      at: 600_000,
      decidedAt: 600_000 + LATENESS_MS,
      event: 'e0',
      events: ['e0', 'e1'],
      steps: { step_1: 'e0', step_2: 'e1' },
      value: null,
    });
  });

  test.each<Row>([
    ['0 A · 1 A · 2 B', []],
    ['0 A · 5 A · 12 B', ['10: e0 e1']],
    ['0 A · 5 B', ['10: e0']],
    ['0 A · 5 A · 6@3 A · 7@4 B', []],
  ])('A, A, B: %s', (script, expected) => {
    expect(firesOf(run('A A B', { fires: 'incomplete' }, script))).toEqual(expected);
  });

  test.each<[JsonObject, string, string[]]>([
    [{}, '0 B · 1 A · 2 C', []],
    [{}, '0 B · 1 A', ['10: e0 e1']],
    [{}, '5 B · 6@4 A · 7 C', []],
    [{}, '5 B · 6@4 A · 14.9 C', ['15: e1 e0']],
    [{ require: 2 }, '0 C · 9 C · 10 B', []],
    [{ require: 2 }, '0 C · 9 C · 11 B', ['10: e0', '21: e2']],
    [{ require: 2 }, '10 A · 18 A · 19 A · 20@5 B', []],
  ])('in any order %j: %s', (more, script, expected) => {
    const result = run('A B C', { fires: 'incomplete', order: 'any', ...more }, script);
    expect(firesOf(result)).toEqual(expected);
  });

  test('lets at most a hundred of one group wait, and counts what it gave up', () => {
    const script = Array.from({ length: 105 }, (_, i) => `100000@${i * 11} A`).join(' · ');
    const result = run('A B', { fires: 'incomplete' }, script);
    expect(result.counters).toEqual({ capped_events: 5 });
    expect(firesOf(result)).toHaveLength(100);
    expect(firesOf(result)[0]).toBe('65: e5');
  });

  test.each([
    ['0 A', 3, '1 of 2 steps there (step_1), 7m left'],
    ['0 A', 10.01, '1 of 2 steps there (step_1), its time is over, late arrivals are waited for'],
  ])('tells after %s at minute %d: %s', (script, now, expected) => {
    const { reducer, plan } = planOf(eventSequence, {
      steps: [{ event_types: ['a'] }, { event_types: ['b'] }],
      within: '10m',
      fires: 'incomplete',
    });
    const arrivals = timeline(script, 60_000, () => ({ roles: ['step:0'] }));
    const result = runReducer({ reducer, plan, arrivals, until: now * 60_000 });
    expect(result.describe('', now * 60_000)).toBe(expected);
  });
});
