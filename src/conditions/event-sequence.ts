import type { ListenerPlan } from '../model/trigger.js';
import type { BuildContext, ConditionKind, ReducerPlan } from '../ports/condition-kind.js';
import { readDuration } from './duration-setting.js';
import { sequenceAny } from './sequence-any.js';
import { sequenceChains } from './sequence-chains.js';
import { sequenceDeadline } from './sequence-deadline.js';
import { sequenceSchema, type SequenceInput, type StepInput } from './sequence-schema.js';
import { stepRole, type SequenceReducer, type SequenceSettings } from './sequence-settings.js';
import { unlessListener, readGroupBy } from './unless-listener.js';

/** Fires when events come one after the other, or all of them in any order, or when the rest stays away. */
export const eventSequence: ConditionKind = {
  name: 'event_sequence',
  summary: 'Fires when several events come within a time, or when the first came and the rest did not.',
  schema: sequenceSchema,
  classicSchema: null,
  examples: [
    {
      event_sequence: {
        steps: [
          { name: 'placed', event_types: ['order.placed'] },
          { name: 'paid', event_types: ['order.paid'] },
        ],
        within: '30m',
        unless: { event_types: ['order.cancelled'] },
      },
    },
    {
      event_sequence: {
        order: 'any',
        steps: [
          { event_types: ['check.lint'], filters: { 'payload.passed': true } },
          { event_types: ['check.unit'], filters: { 'payload.passed': true } },
          { event_types: ['check.build'], filters: { 'payload.passed': true } },
        ],
        require: 2,
        within: '1h',
      },
    },
    {
      event_sequence: {
        steps: [{ event_types: ['deploy.started'] }, { event_types: ['deploy.finished'] }],
        within: '15m',
        fires: 'incomplete',
      },
    },
  ],
  build(given, context) {
    const settings = given as unknown as SequenceInput;
    const { pointer } = context;
    const steps = settings.steps.map((step, index) => stepListener(step, index, context));
    const typesOfSteps = [...new Set(steps.flatMap(({ event_types }) => event_types))];
    const unless =
      settings.unless === undefined
        ? []
        : [
            unlessListener(
              settings.unless,
              context.eventTypes.length > 0 ? context.eventTypes : typesOfSteps,
              `${pointer}/unless`,
              context,
            ),
          ];
    const ready: SequenceSettings = {
      names: readNames(settings.steps, context),
      withinMs: readDuration(settings.within, `${pointer}/within`, context),
      order: settings.order ?? 'given',
      require: readRequire(settings, context),
    };
    return {
      memory: 'group',
      variant: settings.fires ?? 'completed',
      settings: ready,
      listeners: [...steps, ...unless],
    };
  },
  reducer: {
    version: 1,
    onEvent(slice, roles, occurrence, plan, context) {
      return reducerOf(plan).onEvent(slice, roles, occurrence, plan, context);
    },
    onTimer(slice, timer, plan, context) {
      return reducerOf(plan).onTimer(slice, timer, plan, context);
    },
    afterDowntime(plan) {
      return reducerOf(plan) === sequenceDeadline ? 'wait' : 'go';
    },
    describe(slice, plan, now) {
      return reducerOf(plan).describe(slice, plan, now);
    },
  },
};

function reducerOf(plan: ReducerPlan): SequenceReducer {
  if (plan.variant === 'incomplete') return sequenceDeadline;
  return (plan.settings as unknown as SequenceSettings).order === 'any' ? sequenceAny : sequenceChains;
}

function stepListener(step: StepInput, index: number, context: BuildContext): ListenerPlan {
  const pointer = `${context.pointer}/steps/${index}`;
  const own = step.filters === undefined ? [] : [context.tests(step.filters, `${pointer}/filters`)];
  return {
    role: stepRole(index),
    event_types: context.eventTypesAt(step.event_types, `${pointer}/event_types`),
    test: { kind: 'all', tests: [context.filters, ...own], pointer },
    group_by: readGroupBy(step.group_by, `${pointer}/group_by`, context),
  };
}

function readNames(steps: readonly StepInput[], context: BuildContext): readonly string[] {
  const names = steps.map(({ name }, index) => name ?? `step_${index + 1}`);
  names.forEach((name, index) => {
    if (names.indexOf(name) === index) return;
    context.report(
      'wrong-value',
      `${context.pointer}/steps/${index}${steps[index]?.name === undefined ? '' : '/name'}`,
      `two steps are named ${name}`,
      'a step without a name is called step_1, step_2 … by its place; give each another name',
    );
  });
  return names;
}

function readRequire({ steps, order, require }: SequenceInput, context: BuildContext): number {
  if (require === undefined) return steps.length;
  const pointer = `${context.pointer}/require`;
  if (order !== 'any') {
    context.report(
      'wrong-value',
      pointer,
      'steps in the order given are all required',
      'add order: any, or leave require out',
    );
  } else if (require > steps.length) {
    context.report(
      'wrong-value',
      pointer,
      `${require} of ${steps.length} steps can never be there`,
      `at most ${steps.length}`,
    );
  }
  return require;
}
