import type { JsonObject } from '../kernel/json.js';
import { SCHEMA_PARTS } from '../ports/schema-parts.js';
import { durationSchema } from './duration-setting.js';
import { eventTypesSchema, groupBySchema, unlessSchema, type UnlessInput } from './unless-listener.js';

const MAX_STEPS = 16;

/** One step as its schema lets it through. */
export interface StepInput {
  readonly name?: string;
  readonly event_types: readonly string[];
  readonly filters?: JsonObject;
  readonly group_by?: readonly string[];
}

/** Settings of `event_sequence` as its schema lets them through. */
export interface SequenceInput {
  readonly steps: readonly StepInput[];
  readonly within: string;
  readonly order?: 'given' | 'any';
  readonly require?: number;
  readonly unless?: UnlessInput;
  readonly fires?: 'completed' | 'incomplete';
}

const stepSchema = {
  title: 'step',
  description: "One event of the sequence. The trigger's own filters apply to it too.",
  type: 'object',
  additionalProperties: false,
  required: ['event_types'],
  properties: {
    name: {
      description: 'Name that templates read it by: {{ steps.<name> }}; step_1, step_2 … when left out.',
      type: 'string',
      pattern: '^[A-Za-z][A-Za-z0-9_-]{0,63}$',
      examples: ['placed'],
    },
    event_types: eventTypesSchema('Types of the event.'),
    filters: SCHEMA_PARTS.fieldTests,
    group_by: groupBySchema,
  },
  examples: [{ name: 'paid', event_types: ['order.paid'] }],
} as const;

/** Schema of `event_sequence`. */
export const sequenceSchema = {
  title: 'event_sequence',
  description:
    'Fires when each of its steps has come within a time, or with fires: incomplete when the first has and the rest has not. Other events may stand in between; one event never fills two steps.',
  type: 'object',
  additionalProperties: false,
  required: ['steps', 'within'],
  properties: {
    steps: {
      description: 'The steps, at least two.',
      type: 'array',
      minItems: 2,
      maxItems: MAX_STEPS,
      items: stepSchema,
    },
    within: durationSchema(
      'Time from the first event to the last, by event time; both ends included.',
      '10m',
      '1d',
    ),
    order: {
      description:
        'given: the steps come in their order of arrival. any: they may come in any order, as from sources that race.',
      enum: ['given', 'any'],
      default: 'given',
    },
    require: {
      description: 'How many of the steps are enough; with order: any only. All, when left out.',
      type: 'integer',
      minimum: 2,
      maximum: MAX_STEPS,
    },
    unless: unlessSchema,
    fires: {
      description:
        'completed: with the last step. incomplete: when the first step has come and `within` has passed without the rest.',
      enum: ['completed', 'incomplete'],
      default: 'completed',
    },
  },
  examples: [
    {
      steps: [
        { name: 'placed', event_types: ['order.placed'] },
        { name: 'paid', event_types: ['order.paid'] },
      ],
      within: '30m',
    },
  ],
} as const;
