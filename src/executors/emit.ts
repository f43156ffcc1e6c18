import type { ExecutorKind } from '../ports/executor-kind.js';

const TEMPLATE = '\\{\\{.*\\}\\}';
const nullableText = (description: string): Readonly<Record<string, unknown>> => ({
  description: `${description}; it may hold templates.`,
  type: ['string', 'null'],
});
const dataSchema = (
  description: string,
  examples: readonly unknown[],
): Readonly<Record<string, unknown>> => ({
  description: `${description}: a map, in which texts may hold templates, or one template that gives a map.`,
  type: ['object', 'string'],
  pattern: `^${TEMPLATE}$`,
  default: {},
  examples,
});

/** Definition of the executor that publishes an event: what its `with` may hold. Dry-run and rule tests follow it. */
export const emit: ExecutorKind = {
  name: 'emit',
  load: null,
  summary: 'Publishes an event, which other triggers may hear.',
  schema: {
    title: 'emit settings',
    description:
      'The event to publish. Its event_id comes from the launch, its timestamp is the time of the launch, and metadata.triggerd tells which triggers led to it.',
    type: 'object',
    additionalProperties: false,
    required: ['event_type'],
    properties: {
      event_type: {
        description: 'Type of the event; it may hold templates.',
        type: 'string',
        pattern: `^(?:[A-Za-z0-9_:-]+(?:\\.[A-Za-z0-9_:-]+)*|.*${TEMPLATE}.*)$`,
        maxLength: 1_000,
        examples: ['incident.opened'],
      },
      source: { description: 'Who says so; it may hold templates.', type: 'string', default: '' },
      target: nullableText('Whom it is for'),
      payload: dataSchema('The domain data', [
        { region: '{{ input.region }}' },
        '{{ launch.workflow_input }}',
      ]),
      metadata: dataSchema('Data about the event', [{ runbook: 'https://wiki.example.com/checkout' }]),
      priority: {
        description: 'low, normal, high or critical, or a template that gives one.',
        type: 'string',
        pattern: `^(?:low|normal|high|critical|${TEMPLATE})$`,
        default: 'normal',
      },
      correlation_id: nullableText('Default: that of the event that led to the launch, or its event_id'),
      session_id: nullableText('Session it belongs to'),
      user_id: nullableText('User it belongs to'),
      channel: nullableText('Channel it belongs to'),
      retryable: {
        description: 'Whether launches caused by it may be retried.',
        type: 'boolean',
        default: true,
      },
      max_retries: {
        description: 'Attempts after the first of launches caused by it.',
        type: 'integer',
        minimum: 0,
        maximum: 100,
        default: 3,
      },
    },
    examples: [{ event_type: 'incident.opened', payload: { region: '{{ input.region }}' } }],
  },
  examples: [
    {
      description: 'Tells everyone that an incident was opened.',
      executor: 'emit',
      with: {
        event_type: 'incident.opened',
        source: 'triggerd',
        priority: 'high',
        payload: { region: '{{ input.region }}', key: '{{ launch.id }}' },
      },
    },
  ],
};
