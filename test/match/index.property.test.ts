import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileRuleset } from '../../src/compile/ruleset.js';
import { coversType } from '../../src/kernel/event-type.js';
import type { Json } from '../../src/kernel/json.js';
import { isPathProblem, parsePath, readSteps } from '../../src/kernel/path.js';
import { createMatcher } from '../../src/match/matcher.js';
import type { Event } from '../../src/model/event.js';
import type { Listener, Ruleset } from '../../src/model/ruleset.js';
import type { Matcher } from '../../src/ports/matcher.js';
import { propertyRuns } from '../support/property-runs.js';
import { makeSource } from '../support/trigger.js';
import { anyEvent, anyTriggers, crowdedTriggers } from './arbitraries.js';

/** Every listener asked of every event: what the index must not change. */
function tryAll(ruleset: Ruleset, matcher: Matcher, event: Event): readonly [number, number][] {
  return ruleset.listeners
    .filter(({ event_types }) => event_types.some((type) => coversType(type, event.event_type)))
    .flatMap((listener) =>
      elementsOf(ruleset, listener, event)
        .filter(([item]) => matcher.holds(listener.conditions, event, item))
        .map(([, index]): [number, number] => [listener.ordinal, index]),
    );
}

function elementsOf(ruleset: Ruleset, { trigger }: Listener, event: Event): readonly [Json, number][] {
  const path = ruleset.triggers[trigger]?.trigger.for_each ?? null;
  if (path === null) return [[null, -1]];
  const steps = parsePath(path);
  const elements = isPathProblem(steps) ? undefined : readSteps(event as unknown as Json, steps);
  return Array.isArray(elements) ? elements.map((item: Json, index) => [item, index]) : [];
}

test.each([
  ['of every kind', anyTriggers, 0.05],
  ['that crowd', crowdedTriggers, 0.05],
])(
  'the index lets every event through to every rule that holds, in order and once: rules %s',
  (_name, arbitrary, share) => {
    let hits = 0;
    let tries = 0;
    fc.assert(
      fc.property(arbitrary, fc.array(anyEvent, { minLength: 5, maxLength: 10 }), (triggers, events) => {
        const ruleset = compileRuleset(makeSource(triggers));
        const matcher = createMatcher(ruleset);
        for (const event of events) {
          const found = matcher.match(event).map(({ listener, index }) => [listener.ordinal, index]);
          expect(found).toEqual(tryAll(ruleset, matcher, event));
          hits += found.length;
          tries += ruleset.listeners.length;
        }
        expect(matcher.match(events[0] as Event)).toEqual(matcher.match(events[0] as Event));
      }),
      propertyRuns(share),
    );
    // Rules that never hold would prove nothing, nor would rules that always do.
    expect(hits / tries).toBeGreaterThan(0.01);
    expect(hits / tries).toBeLessThan(0.5);
  },
);
