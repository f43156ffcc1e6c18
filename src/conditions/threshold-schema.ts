import type { Json } from '../kernel/json.js';
import { AGGREGATES, type Aggregate } from './aggregate.js';
import type { Comparison } from './comparison.js';
import { durationSchema } from './duration-setting.js';
import { MAX_WINDOW_EVENTS } from './window.js';

/** Settings of `threshold_reached` as its schema lets them through. */
export type ThresholdInput = {
  readonly aggregate?: Aggregate;
  readonly field?: string;
  readonly within?: string;
  readonly minimum_events?: number;
  readonly keep?: boolean;
} & { readonly [comparison in Comparison]?: Json };

const operand = { type: ['number', 'string', 'object'] } as const;

/** Schema of `threshold_reached`. */
export const thresholdSchema = {
  title: 'threshold_reached',
  description:
    'Fires when a field passes a comparison; with aggregate, when that aggregate over the last `within` of matching events does.',
  type: 'object',
  additionalProperties: false,
  properties: {
    aggregate: {
      description:
        'What is computed over the window. distinct counts the distinct values of the field; without aggregate each event is compared on its own.',
      enum: AGGREGATES,
    },
    field: {
      description:
        'Path of the field that is compared or aggregated; not for a count. Events without it, or (but for distinct) with no number in it, are skipped.',
      type: 'string',
      minLength: 1,
      examples: ['payload.duration_ms'],
    },
    equal: { description: 'The value is this.' },
    not_equal: { description: 'The value is there and is not this.' },
    greater_than: { description: 'The value is more than this.', ...operand },
    at_least: { description: 'The value is this or more.', ...operand },
    less_than: { description: 'The value is less than this.', ...operand },
    at_most: { description: 'The value is this or less.', ...operand },
    between: {
      description: 'The value is one of the two or in between.',
      type: 'array',
      minItems: 2,
      maxItems: 2,
      items: operand,
    },
    within: durationSchema('Length of the sliding window.', '60s', '1h'),
    minimum_events: {
      description: 'Fewer events in the window than this never fire.',
      type: 'integer',
      minimum: 1,
      maximum: MAX_WINDOW_EVENTS,
      default: 1,
    },
    keep: {
      description:
        'Firing empties the window. With keep it does not, and the condition fires again only after the comparison has failed.',
      type: 'boolean',
      default: false,
    },
  },
  dependentRequired: {
    aggregate: ['within'],
    within: ['aggregate'],
    minimum_events: ['aggregate'],
    keep: ['aggregate'],
  },
  examples: [
    { aggregate: 'count', at_least: 5, within: '60s' },
    { field: 'payload.order.total', greater_than: 1000 },
  ],
} as const;

/** Schema of its `parameters` in the classic form. */
export const classicThresholdSchema = {
  title: 'threshold_reached parameters',
  description:
    'Fires when a number of the payload passes the comparison. A missing field is compared as 0; what is no number does not pass.',
  type: 'object',
  additionalProperties: false,
  required: ['threshold_field'],
  properties: {
    threshold_field: {
      description: 'Path of the field inside the payload.',
      type: 'string',
      minLength: 1,
      examples: ['concurrent_workflows', 'queue.depth'],
    },
    threshold_value: { description: 'What it is compared with.', type: 'number', default: 0 },
    comparison: {
      description: 'How it is compared.',
      enum: ['greater_than', 'less_than', 'equal'],
      default: 'greater_than',
    },
  },
  examples: [{ threshold_field: 'concurrent_workflows', threshold_value: 50, comparison: 'greater_than' }],
} as const;
