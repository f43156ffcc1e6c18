import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventSequence } from '../../src/conditions/event-sequence.js';
import type { JsonObject } from '../../src/kernel/json.js';
import type { Occurrence } from '../../src/model/event.js';
import type { Reducer } from '../../src/ports/condition-kind.js';
import { expectPlainAndApart } from '../support/metamorphic.js';
import { planOf } from '../support/plan.js';
import { propertyRuns } from '../support/property-runs.js';
import { runReducer, type Arrival, type Fire } from '../support/reducer-harness.js';
import { GROUPS, ofGroup, streams } from '../support/streams.js';
import { expectedAbsences, type IncompleteRule } from './oracles/incomplete.js';
import {
  allChains,
  canFill,
  canFillFromLatest,
  completions,
  isStep,
  madeBy,
  type AnyRule,
} from './oracles/sequence.js';

const WITHIN_MS = 40;
const LATENESS_MS = 15;

// Each word lists the steps an event matches, `u` for unless; single steps are the most frequent.
const WORDS = ['0', '0', '0', '1', '1', '1', '2', '2', '2', '01', '12', '012', 'u', '0u', ''];
const read = (word: string): { roles: readonly string[] } => ({
  roles: [...word].map((letter) => (letter === 'u' ? 'unless' : `step:${letter}`)),
});
const streamOf = (maxDelayMs: number, maxLength: number): fc.Arbitrary<readonly Arrival[]> =>
  streams({ words: WORDS, read, maxLength, maxPauseMs: 18, maxDelayMs });
const inOrder = streamOf(0, 30);
const outOfOrder = streamOf(60, 24);
const stepCount = fc.constantFrom(2, 3);

function settings(steps: number, more: JsonObject): JsonObject {
  return {
    steps: Array.from({ length: steps }, () => ({ event_types: ['vector.any'] })),
    unless: { event_types: ['vector.unless'] },
    within: `${WITHIN_MS}ms`,
    ...more,
  };
}

/** Roles of steps that the sequence does not have are none of its own. */
function withSteps(arrivals: readonly Arrival[], steps: number): readonly Arrival[] {
  return arrivals.map((arrival) => ({
    ...arrival,
    roles: arrival.roles.filter((role) => role === 'unless' || Number(role.slice(5)) < steps),
  }));
}

type Plant = (reducer: Reducer) => Reducer;
const asItIs: Plant = (reducer) => reducer;

function firesOf(
  steps: number,
  more: JsonObject,
  arrivals: readonly Arrival[],
  plant: Plant = asItIs,
): readonly Fire[] {
  const { reducer, plan } = planOf(eventSequence, settings(steps, more));
  return runReducer({ reducer: plant(reducer), plan, arrivals, latenessMs: LATENESS_MS }).fires;
}

/** For each group: what was fired, and what the oracle says of the group's history. */
function eachGroup(
  arrivals: readonly Arrival[],
  fires: readonly Fire[],
  check: (found: readonly Fire[], history: readonly Arrival[]) => void,
): void {
  for (const group of GROUPS)
    check(
      fires.filter((fire) => fire.group === group),
      ofGroup(arrivals, group),
    );
}

function pick(history: readonly Arrival[], ids: readonly string[]): readonly Arrival[] {
  return ids.map((id) => history.find((arrival) => arrival.id === id) as Arrival);
}

/** In the order of their happening any chain that exists must fire, and the chain reported is one that starts latest. */
function compareGiven(stream: readonly Arrival[], steps: number, plant?: Plant): void {
  const arrivals = withSteps(stream, steps);
  const rule = { steps, withinMs: WITHIN_MS };
  eachGroup(arrivals, firesOf(steps, {}, arrivals, plant), (found, history) => {
    const expected = completions(history, (since) => allChains(since, rule).length > 0);
    expect(found.map(({ event }) => event)).toEqual(expected.map(({ index }) => history[index]?.id));
    found.forEach((fire, i) => {
      const chains = allChains(expected[i]!.since, rule);
      const ids = chains.map((chain) => chain.map(({ id }) => id));
      expect(ids).toContainEqual(fire.events);
      const latest = Math.max(...chains.map((chain) => chain[0]!.at));
      expect(pick(history, fire.events)[0]?.at).toBe(latest);
      expect(Object.values(fire.steps)).toEqual(fire.events);
    });
  });
}

/** Out of that order the chain with the latest start decides, and what fires is a chain all the same. */
function compareLatestStart(stream: readonly Arrival[], steps: number, plant?: Plant): void {
  const arrivals = withSteps(stream, steps);
  const rule = { steps, withinMs: WITHIN_MS };
  eachGroup(arrivals, firesOf(steps, {}, arrivals, plant), (found, history) => {
    const made = (since: readonly Arrival[]): readonly Arrival[] | null =>
      madeBy(since.at(-1) as Arrival, since.slice(0, -1), steps, rule);
    const expected = completions(history, (since) => made(since) !== null);
    expect(found.map(({ events }) => events)).toEqual(
      expected.map(({ since }) => made(since)?.map(({ id }) => id)),
    );
    for (const [i, { since }] of expected.entries()) {
      const ids = allChains(since, rule).map((chain) => chain.map(({ id }) => id));
      expect(ids).toContainEqual(found[i]?.events);
    }
  });
}

function compareAny(
  stream: readonly Arrival[],
  rule: AnyRule,
  canComplete: (since: readonly Arrival[], rule: AnyRule) => boolean,
  plant?: Plant,
): void {
  const arrivals = withSteps(stream, rule.steps);
  const fires = firesOf(rule.steps, { order: 'any', require: rule.require }, arrivals, plant);
  eachGroup(arrivals, fires, (found, history) => {
    const expected = completions(history, (since) => canComplete(since, rule));
    expect(found.map(({ event }) => event)).toEqual(expected.map(({ index }) => history[index]?.id));
    found.forEach((fire, i) => expectFilling(fire, expected[i]!.since, rule));
  });
}

/** What fired fills enough steps with distinct events of the time, the completing one among them. */
function expectFilling(fire: Fire, since: readonly Arrival[], rule: AnyRule): void {
  const events = pick(since, fire.events);
  const times = events.map(({ at }) => at);
  expect(new Set(fire.events).size).toBe(rule.require);
  expect(fire.events).toContain(fire.event);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect((times.at(-1) as number) - (times[0] as number)).toBeLessThanOrEqual(rule.withinMs);
  expect(Object.values(fire.steps).sort()).toEqual([...fire.events].sort());
  for (const [name, id] of Object.entries(fire.steps))
    expect(isStep(pick(since, [id])[0] as Arrival, Number(name.slice('step_'.length)) - 1)).toBe(true);
}

function compareIncomplete(stream: readonly Arrival[], rule: IncompleteRule, plant?: Plant): void {
  const arrivals = withSteps(stream, rule.steps);
  const more = {
    fires: 'incomplete',
    ...(rule.order === 'any' ? { order: 'any', require: rule.require } : {}),
  };
  eachGroup(arrivals, firesOf(rule.steps, more, arrivals, plant), (found, history) => {
    expect(found.map(({ event, at, decidedAt }) => ({ event, at, decidedAt }))).toEqual(
      expectedAbsences(history, rule),
    );
    for (const fire of found) {
      expect(fire.events).toContain(fire.event);
      expect(Object.values(fire.steps).sort()).toEqual([...fire.events].sort());
      expect(fire.events.length).toBeLessThan(rule.require);
    }
  });
}

const anyRule: fc.Arbitrary<AnyRule> = fc.constantFrom(
  { steps: 2, require: 2, withinMs: WITHIN_MS },
  { steps: 3, require: 2, withinMs: WITHIN_MS },
  { steps: 3, require: 3, withinMs: WITHIN_MS },
);
const incompleteRule: fc.Arbitrary<IncompleteRule> = fc.oneof(
  stepCount.map((steps) => ({
    steps,
    require: steps,
    withinMs: WITHIN_MS,
    order: 'given' as const,
    latenessMs: LATENESS_MS,
  })),
  anyRule.map((rule) => ({ ...rule, order: 'any' as const, latenessMs: LATENESS_MS })),
);

describe('event_sequence against all chains of the whole history', () => {
  test('fires at every arrival that completes a chain, when events arrive as they happen', () => {
    fc.assert(
      fc.property(inOrder, stepCount, (stream, steps) => compareGiven(stream, steps)),
      propertyRuns(0.15),
    );
  });

  test('keeps the chain with the latest start, whatever arrives when', () => {
    fc.assert(
      fc.property(outOfOrder, stepCount, (stream, steps) => compareLatestStart(stream, steps)),
      propertyRuns(0.1),
    );
  });

  test('fires in any order when enough steps can be filled, when events arrive as they happen', () => {
    fc.assert(
      fc.property(inOrder, anyRule, (stream, rule) => compareAny(stream, rule, canFill)),
      propertyRuns(0.08),
    );
  });

  test('fires in any order when they can be filled with the latest events, whatever arrives when', () => {
    fc.assert(
      fc.property(outOfOrder, anyRule, (stream, rule) => compareAny(stream, rule, canFillFromLatest)),
      propertyRuns(0.08),
    );
  });

  test('fires for every opener whose rest stayed away, whatever arrives when', () => {
    fc.assert(
      fc.property(fc.oneof(inOrder, outOfOrder), incompleteRule, (stream, rule) =>
        compareIncomplete(stream, rule),
      ),
      propertyRuns(0.12),
    );
  });

  test.each<[string, JsonObject]>([
    ['in the order given', {}],
    ['in any order', { order: 'any', require: 2 }],
    ['incomplete', { fires: 'incomplete' }],
    ['incomplete in any order', { fires: 'incomplete', order: 'any' }],
  ])('%s keeps plain data, a group at a time', (_name, more) => {
    fc.assert(
      fc.property(outOfOrder, (stream) =>
        expectPlainAndApart({
          ...planOf(eventSequence, settings(3, more)),
          arrivals: stream,
          latenessMs: LATENESS_MS,
        }),
      ),
      propertyRuns(0.01),
    );
  });
});

/** A reducer whose slice is tampered with before each event. */
function tampered(
  change: (slice: unknown, roles: readonly string[], occurrence: Occurrence) => unknown,
): Plant {
  return (reducer) => ({
    ...reducer,
    onEvent: (slice, roles, occurrence, plan, context) =>
      reducer.onEvent(change(slice, roles, occurrence), roles, occurrence, plan, context),
  });
}
/** A reducer that hears other roles than it should. */
function deafened(roles: (roles: readonly string[], slice: unknown) => readonly string[]): Plant {
  return (reducer) => ({
    ...reducer,
    onEvent: (slice, heard, occurrence, plan, context) =>
      reducer.onEvent(slice, roles(heard, slice), occurrence, plan, context),
  });
}
const deafToUnless = deafened((roles) => roles.filter((role) => role !== 'unless'));
const longer: Plant = (reducer) => ({
  ...reducer,
  onEvent: (slice, roles, occurrence, plan, context) =>
    reducer.onEvent(
      slice,
      roles,
      occurrence,
      { ...plan, settings: { ...plan.settings, withinMs: WITHIN_MS + 1 } },
      context,
    ),
});
const impatient: Plant = (reducer) => ({
  ...reducer,
  onEvent: (slice, roles, occurrence, plan, context) =>
    reducer.onEvent(slice, roles, occurrence, plan, { ...context, latenessMs: 0 }),
});

interface Bug {
  readonly name: string;
  /** Whether the property that holds for the reducer fails for the wrong one. */
  isNoticed(): boolean;
}

function fails<T>(property: fc.IProperty<T>): boolean {
  return fc.check(property, { numRuns: 1_500, seed: 1, endOnFailure: true }).failed;
}

const given = (name: string, plant: Plant): Bug => ({
  name: `given: ${name}`,
  isNoticed: () =>
    fails(fc.property(inOrder, stepCount, (stream, steps) => compareGiven(stream, steps, plant))),
});
const any = (name: string, plant: Plant): Bug => ({
  name: `any: ${name}`,
  isNoticed: () =>
    fails(fc.property(inOrder, anyRule, (stream, rule) => compareAny(stream, rule, canFill, plant))),
});
const incomplete = (name: string, plant: Plant): Bug => ({
  name: `incomplete: ${name}`,
  isNoticed: () =>
    fails(fc.property(outOfOrder, incompleteRule, (stream, rule) => compareIncomplete(stream, rule, plant))),
});

const BUGS: readonly Bug[] = [
  given(
    'keeps the earliest start',
    deafened((roles, slice) =>
      Array.isArray(slice) && slice[0] ? roles.filter((role) => role !== 'step:0') : roles,
    ),
  ),
  given('takes an event a moment after its time', longer),
  given('hears no unless', deafToUnless),
  given(
    'forgets its chains of two',
    tampered((slice) => (Array.isArray(slice) ? [slice[0], null] : slice)),
  ),
  any('keeps one event of each step', tampered(oneOfEachStep)),
  any('takes an event a moment after its time', longer),
  any('hears no unless', deafToUnless),
  incomplete('takes an event a moment after its time', longer),
  incomplete('hears no unless', deafToUnless),
  incomplete('does not wait for late arrivals', impatient),
  incomplete(
    'remembers no unless',
    tampered((slice) => (slice === undefined ? slice : { ...(slice as object), unless: [] })),
  ),
  incomplete(
    'lets nobody stand behind',
    tampered((slice) => (slice === undefined ? slice : { ...(slice as object), spare: [] })),
  ),
];

function oneOfEachStep(slice: unknown): unknown {
  if (!Array.isArray(slice)) return slice;
  const seen = new Set<number>();
  return [...(slice as { occurrence: unknown; steps: number[] }[])]
    .reverse()
    .map(({ occurrence, steps }) => ({
      occurrence,
      steps: steps.filter((step) => !seen.has(step) && seen.add(step)),
    }))
    .filter(({ steps }) => steps.length > 0)
    .reverse();
}

describe('these properties', () => {
  test.each(BUGS)('would notice a sequence that is wrong, $name', ({ isNoticed }) => {
    expect(isNoticed()).toBe(true);
  });
});
