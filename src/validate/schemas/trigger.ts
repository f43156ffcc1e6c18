import type { ConditionKind, JsonSchema } from '../../ports/condition-kind.js';
import {
  durationSchema,
  eventTypesSchema,
  NAME_PATTERN,
  pathSchema,
  pathsSchema,
  TRIGGER_ID_PATTERN,
} from './common.js';
import { classicRules } from './condition.js';

/** How many groups a trigger keeps unless it says otherwise. */
export const DEFAULT_MAX_GROUPS = 100_000;

const workflowName = {
  title: 'workflow_name',
  description: 'Workflow to launch, as defined under workflows:.',
  type: 'string',
  minLength: 1,
  maxLength: 128,
  examples: ['open-incident'],
} as const;

const workflowInput = {
  title: 'workflow_input',
  description:
    'Input of the launch. Texts may hold templates over event, events, steps, trigger, group, value, vars, now and item.',
  type: 'object',
  examples: [{ region: '{{ event.payload.region }}', failures: '{{ events.size }}' }],
} as const;

const scope = (description: string, byDefault: string) =>
  ({
    title: 'scope',
    description,
    enum: ['group', 'trigger'],
    default: byDefault,
    examples: ['trigger'],
  }) as const;

const controls = {
  cooldown: {
    ...durationSchema(
      'cooldown',
      'After a launch the same group is not launched again for this long.',
      '30m',
    ),
    type: ['string', 'object'],
    required: ['for'],
    additionalProperties: false,
    properties: {
      for: durationSchema('for', 'How long nothing is launched after a launch.', '30m'),
      scope: scope('Whether a launch closes its own group only, or the whole trigger.', 'group'),
      trailing: {
        title: 'trailing',
        description: 'Launch once at the end of the cooldown, with the last event it suppressed.',
        type: 'boolean',
        default: false,
        examples: [true],
      },
    },
    examples: ['30m', { for: '10m', trailing: true }],
  },
  debounce: durationSchema(
    'debounce',
    'Wait until the group has been quiet for this long, then launch once with all its events.',
    '2m',
  ),
  collect: {
    title: 'collect',
    description: 'Gather firings and launch once with all their events, after a time or at a number.',
    type: 'object',
    required: ['for'],
    additionalProperties: false,
    properties: {
      for: durationSchema('for', 'How long after its first firing a collection is closed.', '1h'),
      max: {
        title: 'max',
        description: 'At so many firings it is closed at once.',
        type: 'integer',
        minimum: 1,
        maximum: 10_000,
        examples: [50],
      },
      group_by: pathsSchema(
        'group_by',
        'Paths by which firings are gathered, instead of the trigger’s group; [] gathers all of the trigger.',
        [],
        ['payload.region'],
      ),
    },
    examples: [{ for: '1h', max: 50, group_by: [] }],
  },
  once_per: pathsSchema('once_per', 'Launch once per distinct value of these paths, within seven days.', [
    'payload.order_id',
  ]),
  max_executions: {
    title: 'max_executions',
    description: 'How many launches there may be: ever, or with per in any period of that length.',
    type: ['integer', 'object', 'null'],
    minimum: 1,
    required: ['count'],
    additionalProperties: false,
    properties: {
      count: {
        title: 'count',
        description: 'So many launches.',
        type: 'integer',
        minimum: 1,
        examples: [20],
      },
      per: durationSchema('per', 'In any period of this length; left out, ever.', '1d'),
      scope: scope('Whether each group has its own count, or all share the trigger’s.', 'trigger'),
    },
    default: null,
    examples: [{ count: 20, per: '1d' }, 5, null],
  },
  first_of: {
    title: 'first_of',
    description: 'Of the triggers of a set that fire on an event, only the one with the lowest rank goes on.',
    type: 'object',
    required: ['set', 'rank'],
    additionalProperties: false,
    properties: {
      set: {
        title: 'set',
        description: 'Name of the set.',
        type: 'string',
        pattern: NAME_PATTERN,
        examples: ['checkout'],
      },
      rank: {
        title: 'rank',
        description: 'Its place in the set; lower goes first.',
        type: 'integer',
        examples: [10],
      },
    },
    examples: [{ set: 'checkout', rank: 10 }],
  },
} as const satisfies Readonly<Record<string, JsonSchema>>;

/** Schema of a trigger, in either form. */
export function triggerSchema(kinds: readonly ConditionKind[]): JsonSchema {
  return {
    title: 'trigger',
    description: 'When something happens, launch something.',
    type: 'object',
    required: ['trigger_id'],
    additionalProperties: false,
    properties: {
      trigger_id: {
        title: 'trigger_id',
        description: 'Name of the trigger, unique in the rule folder.',
        type: 'string',
        pattern: TRIGGER_ID_PATTERN,
        patternErrorMessage:
          'A trigger_id is up to 128 letters, digits, _ . and -, beginning with a letter or digit.',
        examples: ['checkout-error-burst'],
      },
      description: {
        title: 'description',
        description: 'What it is for, in a sentence.',
        type: 'string',
        examples: ['Five failed checkouts in a minute open one incident per region.'],
      },
      event_types: eventTypesSchema(
        'event_types',
        'Event types it hears; a final * stands for one or more whole segments. Required, unless the condition brings its own.',
      ),
      filters: { $ref: '#/$defs/fieldTests', title: 'filters' },
      group_by: pathsSchema(
        'group_by',
        'Everything remembered is kept apart for each distinct combination of these values.',
        ['payload.region'],
        ['payload.host', 'payload.mount'],
      ),
      condition: { $ref: '#/$defs/condition' },
      parameters: {
        title: 'parameters',
        description: 'Classic form: settings of the bare condition, and workflow_input.',
        type: 'object',
        examples: [{ threshold_field: 'concurrent_workflows', threshold_value: 50, workflow_input: {} }],
      },
      workflow_name: workflowName,
      workflow_input: workflowInput,
      launches: {
        title: 'launches',
        description: 'Several workflows to launch at once, instead of workflow_name.',
        type: 'array',
        minItems: 1,
        maxItems: 100,
        items: {
          title: 'launch',
          description: 'One workflow to launch.',
          type: 'object',
          required: ['workflow_name'],
          additionalProperties: false,
          properties: { workflow_name: workflowName, workflow_input: workflowInput },
          examples: [{ workflow_name: 'open-incident', workflow_input: {} }],
        },
        examples: [[{ workflow_name: 'lock-account' }, { workflow_name: 'page-oncall' }]],
      },
      ...controls,
      active: {
        title: 'active',
        description: 'false switches it off.',
        type: 'boolean',
        default: true,
        examples: [false],
      },
      mode: {
        title: 'mode',
        description: 'observe decides and records, and launches nothing.',
        enum: ['launch', 'observe'],
        default: 'launch',
        examples: ['observe'],
      },
      for_each: pathSchema(
        'for_each',
        'Consider the trigger once per element of this list, which is item in paths and templates.',
        'payload.alerts',
      ),
      lateness: durationSchema(
        'lateness',
        'How late an event may arrive and still cancel a deadline. Default: 5s.',
        '1m',
      ),
      max_groups: {
        title: 'max_groups',
        description: 'Groups kept at most; past it the one that was idle longest is forgotten.',
        type: 'integer',
        minimum: 1,
        maximum: 10_000_000,
        default: DEFAULT_MAX_GROUPS,
        examples: [20_000],
      },
      allow_loop: {
        title: 'allow_loop',
        description: 'Let it fire on events that its own launches led to.',
        type: 'boolean',
        default: false,
        examples: [true],
      },
      tags: {
        title: 'tags',
        description: 'Words to find it by.',
        type: 'array',
        maxItems: 100,
        items: { type: 'string', minLength: 1 },
        examples: [['checkout', 'oncall']],
      },
    },
    if: { not: { type: 'object', required: ['launches'], properties: { launches: true } } },
    then: { type: 'object', required: ['workflow_name'], properties: { workflow_name: workflowName } },
    allOf: classicRules(kinds),
    examples: [
      {
        trigger_id: 'checkout-error-burst',
        event_types: ['workflow.failed'],
        filters: { priority: { at_least: 'high' }, 'payload.workflow_name': 'checkout' },
        group_by: ['payload.region'],
        condition: { threshold_reached: { aggregate: 'count', at_least: 5, within: '60s' } },
        workflow_name: 'open-incident',
        workflow_input: { region: '{{ event.payload.region }}' },
        cooldown: '30m',
      },
      {
        trigger_id: 'high_volume_trigger',
        workflow_name: 'scale-up-workflow',
        condition: 'threshold_reached',
        event_types: ['workflow.started'],
        filters: {},
        parameters: {
          threshold_field: 'concurrent_workflows',
          threshold_value: 50,
          comparison: 'greater_than',
          workflow_input: { scale_factor: 2, target_instances: 10 },
        },
        active: true,
        max_executions: null,
      },
    ],
  };
}
