import { Fault } from '../kernel/fault.js';
import type { Json } from '../kernel/json.js';
import { formatTime } from '../kernel/time.js';
import type { Firing, Launch } from '../model/decision.js';
import { groupMap } from '../model/group.js';
import type { Ruleset } from '../model/ruleset.js';
import type { LaunchPlan, Trigger } from '../model/trigger.js';
import type { InputTemplate, Rendered, Templates } from '../ports/templates.js';
import { FiringScope } from './firing-scope.js';
import { launchId, launchIdPrefix, launchIdSuffix } from './launch-id.js';

/** Makes the launches of a firing: one for each entry of its trigger's launches, in their order. */
export interface Launcher {
  /** Throws a Fault (`rules-invalid`) when the output of a template is over its bound. */
  launches(firing: Firing): Launch[];
}

/** One entry of a trigger's launches, ready to render: everything a launch asks for, in one place. */
interface Preparation {
  readonly trigger: Trigger;
  readonly trigger_id: string;
  readonly mode: Trigger['mode'];
  readonly workflow_name: string;
  readonly idPrefix: string;
  readonly template: InputTemplate;
  readonly pointer: string;
}

/** A launcher for a valid ruleset: a template that does not parse here has not been validated, and is an internal Fault. */
export function createLauncher(ruleset: Ruleset, templates: Templates): Launcher {
  const prepared = ruleset.triggers.map(({ trigger }) => prepare(trigger, templates));
  return {
    launches(firing) {
      const preparations = prepared[firing.trigger] as readonly Preparation[];
      const { trigger } = preparations[0] as Preparation;
      const group = groupMap(firing.groupBy, firing.group);
      const events = eventIds(firing);
      const time = formatTime(firing.at);
      const scope = new FiringScope(firing, trigger, group, ruleset.variables, time);
      const idSuffix = launchIdSuffix(firing);
      const occurrence = firing.event;
      return preparations.map((preparation): Launch => {
        const { trigger_id } = preparation;
        const input: Record<string, Json> = { trigger_event: scope.event, trigger_id, triggered_at: time };
        const { warnings } = render(preparation, scope, input);
        return {
          launch_id: launchId(preparation.idPrefix, idSuffix),
          trigger_id,
          workflow_name: preparation.workflow_name,
          mode: preparation.mode,
          at: firing.at,
          event_id: occurrence === null ? null : occurrence.event.event_id,
          events,
          group,
          input,
          item_index: occurrence === null || occurrence.index < 0 ? null : occurrence.index,
          warnings,
        };
      });
    },
  };
}

function prepare(trigger: Trigger, templates: Templates): readonly Preparation[] {
  const seen = new Map<string, number>();
  return trigger.launches.map((plan) => {
    const repetition = seen.get(plan.workflow_name) ?? 0;
    seen.set(plan.workflow_name, repetition + 1);
    return {
      trigger,
      trigger_id: trigger.trigger_id,
      mode: trigger.mode,
      workflow_name: plan.workflow_name,
      idPrefix: launchIdPrefix(trigger.trigger_id, plan.workflow_name, repetition),
      template: parse(plan, trigger, templates),
      pointer: plan.pointer,
    };
  });
}

function parse(plan: LaunchPlan, trigger: Trigger, templates: Templates): InputTemplate {
  const parsed = templates.parse(plan.workflow_input, 'trigger');
  if ('template' in parsed) return parsed.template;
  const problems = parsed.problems.map(({ pointer, message }) => `${pointer}: ${message}`).join('; ');
  throw new Fault('internal', `trigger ${trigger.trigger_id} was not validated: ${problems}`);
}

function render(preparation: Preparation, scope: FiringScope, into: Record<string, Json>): Rendered {
  try {
    return preparation.template.render(scope, into);
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    throw new Fault(
      cause.code,
      `trigger ${preparation.trigger_id} cannot launch ${preparation.workflow_name}: ${cause.message} (workflow_input at ${preparation.pointer})`,
      { ...(cause.hint === null ? {} : { hint: cause.hint }), cause },
    );
  }
}

function eventIds({ event, events }: Firing): readonly string[] {
  // One event alone is the usual case.
  if (events.length === 1 && event !== null && events[0] === event) return [event.event.event_id];
  return events.map((occurrence) => occurrence.event.event_id);
}
