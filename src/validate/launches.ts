import type { JsonObject } from '../kernel/json.js';
import { suggest } from '../kernel/suggest.js';
import type { LaunchPlan } from '../model/trigger.js';
import type { TriggerScope } from './build-context.js';
import type { RawTrigger } from './raw-rules.js';
import { checkInputTemplates } from './template-check.js';
import type { TemplateNames } from './template-names.js';

/** Keys of a launch's input that the engine sets itself. */
const RESERVED = ['trigger_event', 'trigger_id', 'triggered_at'] as const;

/** Reads what a trigger launches, in either form. */
export function readLaunches(
  raw: RawTrigger,
  pointer: string,
  names: TemplateNames,
  scope: TriggerScope,
): readonly LaunchPlan[] {
  checkForms(raw, pointer, scope);
  const plans =
    raw.launches === undefined
      ? [singleLaunch(raw, pointer)]
      : raw.launches.map(({ workflow_name, workflow_input }, index): LaunchPlan => {
          const at = `${pointer}/launches/${index}`;
          return {
            workflow_name,
            workflow_input: workflow_input ?? {},
            pointer: workflow_input === undefined ? at : `${at}/workflow_input`,
          };
        });
  plans.forEach((plan, index) => {
    const nameAt =
      raw.launches === undefined ? `${pointer}/workflow_name` : `${pointer}/launches/${index}/workflow_name`;
    checkName(plan.workflow_name, nameAt, scope);
    checkInput(plan.workflow_input, plan.pointer, names, scope);
  });
  return plans;
}

/** One way to say what is launched, not two at once. */
function checkForms(raw: RawTrigger, pointer: string, { reporter }: TriggerScope): void {
  const { parameters, condition } = raw;
  if (raw.launches !== undefined) {
    for (const key of ['workflow_name', 'workflow_input'] as const) {
      if (raw[key] === undefined) continue;
      reporter.error(
        'control-combination',
        `${pointer}/${key}`,
        `${key} and launches exclude each other`,
        'put it into the list: launches: [{ workflow_name: …, workflow_input: { … } }]',
        'key',
      );
    }
  }
  if (parameters === undefined) return;
  if (typeof condition !== 'string') {
    reporter.error(
      'wrong-value',
      `${pointer}/parameters`,
      'parameters belongs to the classic form, in which condition is a bare name',
      condition === undefined
        ? 'add a condition such as event_occurred, or write workflow_input at the top'
        : 'put its settings into the condition, and workflow_input beside it',
      'key',
    );
  } else if (Object.hasOwn(parameters, 'workflow_input') && raw.workflow_input !== undefined) {
    reporter.error(
      'control-combination',
      `${pointer}/workflow_input`,
      'workflow_input stands under parameters already',
      'keep one of the two',
      'key',
    );
  }
}

function singleLaunch(raw: RawTrigger, pointer: string): LaunchPlan {
  const classic = raw.parameters?.['workflow_input'] as JsonObject | undefined;
  const own = raw.workflow_input ?? classic;
  const at = raw.workflow_input === undefined ? 'parameters/workflow_input' : 'workflow_input';
  return {
    workflow_name: raw.workflow_name ?? '',
    workflow_input: own ?? {},
    pointer: `${pointer}/${own === undefined ? 'workflow_name' : at}`,
  };
}

function checkName(workflowName: string, pointer: string, { folder, reporter }: TriggerScope): void {
  if (workflowName === '' || folder.workflows.size === 0 || folder.workflows.has(workflowName)) return;
  const near = suggest(workflowName, folder.workflows.keys());
  reporter.error(
    'unknown-workflow',
    pointer,
    `there is no workflow ${JSON.stringify(workflowName)}`,
    near === undefined
      ? `define it: workflows: { ${workflowName}: { executor: … } }`
      : `did you mean ${near}?`,
  );
}

function checkInput(
  input: JsonObject,
  pointer: string,
  names: TemplateNames,
  { folder, reporter }: TriggerScope,
): void {
  for (const key of RESERVED) {
    if (!Object.hasOwn(input, key)) continue;
    reporter.error(
      'reserved-input',
      `${pointer}/${key}`,
      `workflow_input cannot set ${key}: every launch has it already`,
      'leave it out, or choose another name',
      'key',
    );
  }
  checkInputTemplates(input, pointer, names, folder, reporter);
}
