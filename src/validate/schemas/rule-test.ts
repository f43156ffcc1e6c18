import { GATES } from '../../model/decision.js';
import type { JsonSchema } from '../../ports/condition-kind.js';
import { durationSchema } from './common.js';
import { eventFieldSchemas, timeSchema } from './event.js';

const triggerId = {
  title: 'trigger_id',
  description: 'The trigger it is about.',
  type: 'string',
  minLength: 1,
  examples: ['checkout-error-burst'],
} as const;

const at = durationSchema('at', 'When, counted from the start of the test.', '0s', '13s');

const { title, description, examples } = eventFieldSchemas.event_type;
const eventTypeField = { title, description, type: 'string', minLength: 1, examples } as const;

/** Schema of one rule test. */
export const ruleTestSchema: JsonSchema = {
  title: 'rule test',
  description: 'Events on a virtual clock, and the complete list of launches they must lead to.',
  type: 'object',
  required: ['name', 'events', 'expect'],
  additionalProperties: false,
  properties: {
    name: {
      title: 'name',
      description: 'What it shows, as a sentence.',
      type: 'string',
      minLength: 1,
      examples: ['a burst opens one incident, a second burst inside the cooldown none'],
    },
    triggers: {
      title: 'triggers',
      description: 'Triggers for which the expectation is complete. Default: all of the rule folder.',
      type: 'array',
      minItems: 1,
      items: { type: 'string', minLength: 1 },
      examples: [['checkout-error-burst']],
    },
    start: {
      ...timeSchema,
      title: 'start',
      description: 'Where the virtual clock starts.',
      default: '2000-01-01T00:00:00Z',
    },
    variables: {
      title: 'variables',
      description: 'Values of variables for this test.',
      type: 'object',
      examples: [{ max_load: 10 }],
    },
    events: {
      title: 'events',
      description: 'Events that happen, each at its time.',
      type: 'array',
      maxItems: 10_000,
      items: {
        title: 'test event',
        description: 'An event, with the time at which it arrives.',
        type: 'object',
        additionalProperties: false,
        properties: {
          at: { ...at, default: '0s' },
          repeat: {
            title: 'repeat',
            description: 'So many of them, at this distance.',
            type: 'object',
            required: ['times', 'every'],
            additionalProperties: false,
            properties: {
              times: {
                title: 'times',
                description: 'How many there are, the first included.',
                type: 'integer',
                minimum: 1,
                maximum: 100_000,
                examples: [4],
              },
              every: durationSchema('every', 'Time between two of them.', '1s'),
            },
            examples: [{ times: 4, every: '1s' }],
          },
          ...eventFieldSchemas,
          // Its form is checked with words of its own.
          event_type: eventTypeField,
        },
        examples: [{ at: '0s', event_type: 'workflow.failed', payload: { workflow_name: 'checkout' } }],
      },
      examples: [[{ at: '0s', event_type: 'workflow.failed' }]],
    },
    until: durationSchema(
      'until',
      'Run the clock on to here, so that timers fire. Default: the last event.',
      '10m',
    ),
    expect: {
      title: 'expect',
      description: 'The complete list of launches, in order; [] = nothing may launch.',
      type: 'array',
      maxItems: 10_000,
      items: {
        title: 'expected launch',
        description: 'What is known of a launch; what is left out may be anything.',
        type: 'object',
        additionalProperties: false,
        properties: {
          at,
          trigger_id: triggerId,
          workflow_name: {
            title: 'workflow_name',
            description: 'The workflow that is launched.',
            type: 'string',
            minLength: 1,
            examples: ['open-incident'],
          },
          mode: {
            title: 'mode',
            description: 'observe for a trigger that only observes.',
            enum: ['launch', 'observe'],
            examples: ['observe'],
          },
          group: {
            title: 'group',
            description: 'Path to value; those it names must be equal.',
            type: 'object',
            examples: [{ 'payload.region': 'eu' }],
          },
          input: {
            title: 'input',
            description: 'Keys of the input that must be equal; others may be there.',
            type: 'object',
            examples: [{ region: 'eu', failures: 5 }],
          },
        },
        examples: [{ at: '13s', trigger_id: 'checkout-error-burst', input: { region: 'eu' } }],
      },
      examples: [[], [{ at: '13s' }]],
    },
    suppressed: {
      title: 'suppressed',
      description: 'When given: the complete list of what gates held back.',
      type: 'array',
      maxItems: 10_000,
      items: {
        title: 'expected suppression',
        description: 'What is known of it; what is left out may be anything.',
        type: 'object',
        additionalProperties: false,
        properties: {
          at,
          trigger_id: triggerId,
          gate: {
            title: 'gate',
            description: 'The gate that held it back.',
            enum: GATES,
            examples: ['cooldown'],
          },
        },
        examples: [{ at: '64s', trigger_id: 'checkout-error-burst', gate: 'cooldown' }],
      },
      examples: [[{ at: '64s', gate: 'cooldown' }]],
    },
  },
  examples: [
    {
      name: 'a failed checkout opens an incident',
      events: [{ at: '0s', event_type: 'workflow.failed', payload: { workflow_name: 'checkout' } }],
      expect: [{ at: '0s', workflow_name: 'open-incident' }],
    },
  ],
};
