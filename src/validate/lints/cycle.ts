import { coversType } from '../../kernel/event-type.js';
import type { Trigger, Workflow } from '../../model/trigger.js';
import type { Finding } from './finding.js';
import { conjunctions, members } from './trigger-tests.js';
import { eventsOf, LIFECYCLE, mayHold, read, type KnownEvent } from './known-event.js';

/** So many triggers and workflows are followed; a folder with more is not searched for longer circles. */
const MAX_STEPS = 200_000;

/**
 * Finds triggers that are set off by events of what they launch, directly or around several workflows. What their tests
 * exclude is left out: the fields of a lifecycle event are known.
 */
export function cycle(triggers: readonly Trigger[], workflows: readonly Workflow[]): readonly Finding[] {
  const byName = new Map(workflows.map((workflow) => [workflow.workflow_name, workflow]));
  const listening = triggers.filter(
    (trigger) => trigger.active && !trigger.allow_loop && trigger.mode === 'launch',
  );
  const names = new Set(
    listening.flatMap(({ launches }) => launches.map(({ workflow_name }) => workflow_name)),
  );
  const next = followers([...names], byName, listening);
  const findings: Finding[] = [];
  for (const trigger of listening) {
    for (const { workflow_name } of trigger.launches) {
      const way = wayBack(workflow_name, trigger, next);
      if (way === undefined) continue;
      findings.push({
        code: 'cycle',
        origin: trigger.origin,
        pointer: `${trigger.origin.pointer}/trigger_id`,
        message: `${trigger.trigger_id} launches ${way.join(', whose events launch ')}, whose events set it off again`,
        hint: 'exclude them, for example filters: { payload.workflow_name: { not_equal: … } }, or say allow_loop: true',
      });
      break;
    }
  }
  return findings;
}

type Followers = (workflowName: string) => readonly Trigger[];

/** Which triggers the events of a workflow's launches may set off. */
function followers(
  names: readonly string[],
  workflows: ReadonlyMap<string, Workflow>,
  triggers: readonly Trigger[],
): Followers {
  // Lifecycle events of all workflows have the same types, so only these few triggers are asked about each.
  const lifecycle = triggers.filter((trigger) =>
    conjunctions(trigger).some(({ eventTypes }) =>
      eventTypes.some((pattern) => LIFECYCLE.some((type) => coversType(pattern, type))),
    ),
  );
  const cache = new Map<string, readonly Trigger[]>();
  let budget = MAX_STEPS;
  return (workflowName) => {
    const cached = cache.get(workflowName);
    if (cached !== undefined) return cached;
    const events = eventsOf(workflowName, workflows.get(workflowName));
    const emitted = events.some(({ type }) => !(LIFECYCLE as readonly string[]).includes(type));
    const asked = emitted ? triggers : lifecycle;
    budget -= asked.length;
    const found =
      budget < 0 || !names.includes(workflowName)
        ? []
        : asked.filter((trigger) => events.some((event) => maySetOff(trigger, event)));
    cache.set(workflowName, found);
    return found;
  };
}

/** The workflows on the shortest way from one of them back to a trigger; undefined when there is none. */
function wayBack(start: string, trigger: Trigger, next: Followers): readonly string[] | undefined {
  const cameFrom = new Map<string, string | null>([[start, null]]);
  const queue = [start];
  for (const name of queue) {
    for (const follower of next(name)) {
      if (follower === trigger) return wayTo(name, cameFrom);
      for (const { workflow_name } of follower.launches) {
        if (cameFrom.has(workflow_name)) continue;
        cameFrom.set(workflow_name, name);
        queue.push(workflow_name);
      }
    }
  }
  return undefined;
}

function wayTo(name: string, cameFrom: ReadonlyMap<string, string | null>): readonly string[] {
  const way: string[] = [];
  for (let at: string | null = name; at !== null; at = cameFrom.get(at) ?? null) way.unshift(at);
  return way;
}

function maySetOff(trigger: Trigger, event: KnownEvent): boolean {
  if (trigger.for_each !== null) return read(event, trigger.for_each).kind === 'unknown';
  return conjunctions(trigger).some(
    ({ role, eventTypes, tests }) =>
      // An event that cancels sets nothing off.
      role !== 'unless' &&
      role !== 'completion' &&
      eventTypes.some((pattern) => coversType(pattern, event.type)) &&
      members(tests).every((test) => mayHold(test, event)) &&
      trigger.group_by.every((path) => read(event, path).kind !== 'missing'),
  );
}
