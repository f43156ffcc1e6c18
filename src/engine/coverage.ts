import { coversType } from '../kernel/event-type.js';
import { EVENT_FIELDS, type Event } from '../model/event.js';
import type { CoverageReport } from '../model/report.js';
import type { CompiledTrigger } from '../model/ruleset.js';
import { isPathProblem, parsePath, readSteps } from '../kernel/path.js';
import type { Json } from '../kernel/json.js';
import type { Matcher, Trace } from '../ports/matcher.js';
import type { Places } from './rule-folder.js';

/** One side of a test: a branch is covered when it was seen both to hold and to fail. */
interface Branch {
  readonly trigger_id: string;
  readonly label: string;
  readonly pointer: string;
  held: boolean;
  failed: boolean;
}

/** Records which triggers fired and which condition branches were seen on both sides while rule tests ran. */
export interface Coverage {
  see(event: Event, matcher: Matcher, triggers: readonly CompiledTrigger[]): void;
  fired(triggerId: string): void;
  report(triggers: readonly CompiledTrigger[], places: Places): CoverageReport;
}

export function createCoverage(): Coverage {
  const fired = new Set<string>();
  const branches = new Map<string, Branch>();

  const record = (trigger: CompiledTrigger, trace: Trace): void => {
    if (trace.kind !== 'field') {
      for (const test of trace.tests) record(trigger, test);
      return;
    }
    // An event always has its fifteen fields: the `exists` that `not:` implies can never fail there.
    if (trace.operator === 'exists' && (EVENT_FIELDS as readonly string[]).includes(trace.path)) return;
    const { trigger_id } = trigger.trigger;
    const key = `${trigger_id} ${trace.pointer} ${trace.operator} ${trace.path}`;
    let branch = branches.get(key);
    if (branch === undefined) {
      branch = {
        trigger_id,
        label: `${trace.path} ${trace.operator}`,
        pointer: trace.pointer,
        held: false,
        failed: false,
      };
      branches.set(key, branch);
    }
    if (trace.holds) branch.held = true;
    else branch.failed = true;
  };

  return {
    see(event, matcher, triggers) {
      for (const compiled of triggers) {
        for (const listener of compiled.listeners) {
          if (!listener.event_types.some((type) => coversType(type, event.event_type))) continue;
          for (const item of elementsOf(compiled, event)) {
            record(compiled, matcher.explain(listener.conditions, event, item));
            if (compiled.completion !== null)
              record(compiled, matcher.explain(compiled.completion, event, item));
          }
        }
      }
    },
    fired(triggerId) {
      fired.add(triggerId);
    },
    report(triggers, places) {
      const active = triggers.filter(({ trigger }) => trigger.active);
      const silent = active.filter(({ trigger }) => !fired.has(trigger.trigger_id));
      const oneSided = [...branches.values()].filter((branch) => !(branch.held && branch.failed));
      const originOf = new Map(triggers.map(({ trigger }) => [trigger.trigger_id, trigger.origin]));
      const percent = (covered: number, all: number): number =>
        all === 0 ? 100 : Math.floor((covered / all) * 1_000) / 10;
      return {
        triggers: percent(active.length - silent.length, active.length),
        branches: percent(branches.size - oneSided.length, branches.size),
        uncovered: [
          ...silent.map(({ trigger }) => ({
            trigger_id: trigger.trigger_id,
            what: 'never fired in a test',
            place: places(trigger.origin, `${trigger.origin.pointer}/trigger_id`),
          })),
          ...oneSided.map((branch) => {
            const origin = originOf.get(branch.trigger_id);
            return {
              trigger_id: branch.trigger_id,
              what: `${branch.label} never ${branch.held ? 'failed' : 'held'} in a test`,
              place: origin === undefined ? null : places(origin, branch.pointer),
            };
          }),
        ],
      };
    },
  };
}

function elementsOf(compiled: CompiledTrigger, event: Event): readonly Json[] {
  const { for_each } = compiled.trigger;
  if (for_each === null) return [null];
  const steps = parsePath(for_each);
  const elements = isPathProblem(steps) ? undefined : readSteps(event as unknown as Json, steps);
  return Array.isArray(elements) ? (elements as readonly Json[]) : [];
}
