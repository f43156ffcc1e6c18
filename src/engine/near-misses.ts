import type { TopLevelCondition } from 'json-rules-engine';
import { coversType } from '../kernel/event-type.js';
import { preview, type Json } from '../kernel/json.js';
import type { Event } from '../model/event.js';
import type { NearMiss } from '../model/report.js';
import type { Listener, Ruleset } from '../model/ruleset.js';
import type { Matcher } from '../ports/matcher.js';
import type { Places } from './rule-folder.js';
import { decidingTest, whyNode } from './why.js';

/** Tests asked for near misses over a whole run: past it they are no longer counted, so that a long run stays fast. */
const BUDGET = 3_000_000;
/** How many near misses a report names. */
const REPORTED = 20;

interface Suspect {
  readonly listener: Listener;
  /** The listener's own tests, each as a tree of its own. */
  readonly tests: readonly TopLevelCondition[];
  readonly counts: number[];
  readonly latest: (Event | undefined)[];
}

/** Counts, per trigger, the events that failed exactly one of its tests: the first place to look at a silent rule. */
export interface NearMisses {
  see(event: Event): void;
  /** Most frequent first. */
  report(): readonly NearMiss[];
  /** Events seen after the budget was used up. */
  readonly unseen: number;
}

export function createNearMisses(ruleset: Ruleset, matcher: Matcher, places: Places): NearMisses {
  const suspects: Suspect[] = [];
  for (const { trigger, listeners } of ruleset.triggers) {
    if (trigger.for_each !== null) continue;
    for (const listener of listeners) {
      if (listener.role !== 'match') continue;
      const tests = ownTests(listener.conditions);
      suspects.push({ listener, tests, counts: tests.map(() => 0), latest: tests.map(() => undefined) });
    }
  }
  const byType = new Map<string, readonly Suspect[]>();
  let budget = BUDGET;
  let unseen = 0;

  const suspectsOf = (eventType: string): readonly Suspect[] => {
    let found = byType.get(eventType);
    if (found === undefined) {
      found = suspects.filter(
        (suspect) =>
          suspect.tests.length > 0 &&
          suspect.listener.event_types.some((type) => coversType(type, eventType)),
      );
      if (byType.size < 10_000) byType.set(eventType, found);
    }
    return found;
  };

  return {
    see(event) {
      if (budget <= 0) {
        unseen++;
        return;
      }
      for (const suspect of suspectsOf(event.event_type)) {
        let failed = -1;
        let failures = 0;
        for (let i = 0; i < suspect.tests.length && failures < 2; i++) {
          budget--;
          if (matcher.holds(suspect.tests[i] as TopLevelCondition, event, null)) continue;
          failed = i;
          failures++;
        }
        if (failures !== 1) continue;
        suspect.counts[failed] = (suspect.counts[failed] ?? 0) + 1;
        suspect.latest[failed] = event;
      }
    },
    report() {
      const misses: NearMiss[] = [];
      for (const { listener, tests, counts, latest } of suspects) {
        const compiled = ruleset.triggers[listener.trigger];
        tests.forEach((test, i) => {
          const event = latest[i];
          if (event === undefined || compiled === undefined) return;
          const node = decidingTest(
            whyNode(matcher.explain(test, event, null), compiled.trigger.origin, places),
          );
          misses.push({
            trigger_id: compiled.trigger.trigger_id,
            count: counts[i] ?? 0,
            test: node === null ? 'a test' : `${node.path} ${node.operator} ${preview(node.wanted as Json)}`,
            place: node?.place ?? null,
            found: node?.missing ? 'nothing' : preview(node?.found),
          });
        });
      }
      return misses.sort((a, b) => b.count - a.count).slice(0, REPORTED);
    },
    get unseen() {
      return unseen;
    },
  };
}

/** The members of the root `all`, nested `all` opened, each wrapped as a tree of its own. */
function ownTests(conditions: TopLevelCondition): readonly TopLevelCondition[] {
  if (!('all' in conditions)) return [conditions];
  return conditions.all.flatMap((member) => ('all' in member ? ownTests(member) : [{ all: [member] }]));
}
