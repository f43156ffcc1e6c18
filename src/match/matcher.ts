import type { TopLevelCondition } from 'json-rules-engine';
import type { Json } from '../kernel/json.js';
import { readSteps, type PathSteps } from '../kernel/path.js';
import type { Event } from '../model/event.js';
import type { Listener, Ruleset } from '../model/ruleset.js';
import type { Hit, Matcher } from '../ports/matcher.js';
import { createEventIndex } from './event-index.js';
import { compileExplanation, type Explanation } from './explain.js';
import { compileConditions, createRule, type Program } from './program.js';
import { pathSteps } from './reading.js';

/** A listener's rule, built when an event first needs it. */
interface Built {
  readonly program: Program;
  /** The path of its elements; null without for_each. */
  readonly forEach: PathSteps | null;
  /** What a hit without for_each is: always the same. */
  readonly hit: Hit;
}

const NO_HITS: readonly Hit[] = Object.freeze([]);

/**
 * The index and the rules of a ruleset. The index is built here and now; each rule at its first event, so that a hundred
 * thousand triggers do not cost as many rules up front.
 */
export function createMatcher(ruleset: Ruleset): Matcher {
  const { listeners } = ruleset;
  const index = createEventIndex(listeners);
  const built: (Built | undefined)[] = Array.from({ length: listeners.length });
  const programs = new WeakMap<TopLevelCondition, Program>();
  const explanations = new WeakMap<TopLevelCondition, Explanation>();
  let candidates = 0;

  const build = (listener: Listener): Built => {
    const trigger = ruleset.triggers[listener.trigger]?.trigger;
    const name = `${trigger?.trigger_id ?? ''} ${listener.role}`;
    const rule = createRule(listener.conditions, name);
    const forEach = trigger?.for_each ?? null;
    return {
      program: compileConditions(rule.conditions, 'event'),
      forEach: forEach === null ? null : pathSteps(forEach),
      hit: { listener, trigger: listener.trigger, item: null, index: -1 },
    };
  };

  const programOf = (conditions: TopLevelCondition): Program => {
    let program = programs.get(conditions);
    if (program === undefined) {
      program = compileConditions(createRule(conditions, 'asked').conditions, 'event');
      programs.set(conditions, program);
    }
    return program;
  };

  return {
    match(event) {
      const found = index.find(event);
      if (found === 0) return NO_HITS;
      candidates += found;
      const { ordinals } = index;
      const root = event as unknown as Json;
      const scope = { event, item: null };
      let hits: Hit[] | undefined;
      for (let i = 0; i < found; i++) {
        const ordinal = ordinals[i] as number;
        const rule = (built[ordinal] ??= build(listeners[ordinal] as Listener));
        if (rule.forEach !== null) {
          const passed = hitsOfElements(rule, rule.forEach, event);
          if (passed.length > 0) hits = hits === undefined ? passed : hits.concat(passed);
        } else if (rule.program(root, scope)) {
          if (hits === undefined) hits = [rule.hit];
          else hits.push(rule.hit);
        }
      }
      return hits ?? NO_HITS;
    },
    holds(conditions, event, item) {
      return programOf(conditions)(event as unknown as Json, { event, item });
    },
    explain(conditions, event, item) {
      let explanation = explanations.get(conditions);
      if (explanation === undefined) {
        explanation = compileExplanation(conditions);
        explanations.set(conditions, explanation);
      }
      return explanation({ event, item });
    },
    get candidates() {
      return candidates;
    },
  };
}

/** One hit for each element that passes; none when the path leads to no array. */
function hitsOfElements({ program, hit }: Built, steps: PathSteps, event: Event): Hit[] {
  const hits: Hit[] = [];
  const elements = readSteps(event as unknown as Json, steps);
  if (!Array.isArray(elements)) return hits;
  elements.forEach((item: Json, index) => {
    if (program(event as unknown as Json, { event, item })) hits.push({ ...hit, item, index });
  });
  return hits;
}
