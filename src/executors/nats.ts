import type { ExecutorKind } from '../ports/executor-kind.js';
import { secretSchema } from './secret-schema.js';
import { headersSchema, oneOrMore } from './value-schemas.js';

/** Definition of the executor that publishes to NATS: what its `with` may hold. */
export const nats: ExecutorKind = {
  name: 'nats',
  summary: 'Publishes a message to a NATS subject.',
  load: async () => (await import('./nats/execute.js')).executeNats,
  schema: {
    title: 'nats settings',
    description:
      'The message to publish. Its Nats-Msg-Id is the launch id, by which JetStream drops a repetition.',
    type: 'object',
    additionalProperties: false,
    required: ['servers', 'subject'],
    properties: {
      servers: oneOrMore(
        'Servers, of which the first that can be reached is taken; tls:// asks for encryption. Taken as they are written, without templates.',
        ['nats://localhost:4222', ['tls://a:4222', 'tls://b:4222']],
      ),
      subject: {
        description: 'Subject, without wildcards; it may hold templates.',
        type: 'string',
        minLength: 1,
        not: { pattern: '(?:^|\\.)[*>](?:\\.|$)' },
        examples: ['incidents.{{ input.region }}'],
      },
      payload: {
        description:
          'A text is sent as it is, anything else as JSON; both may hold templates. Default: the whole input.',
        examples: [{ region: '{{ input.region }}' }],
      },
      headers: headersSchema,
      jetstream: {
        description: 'Whether a stream must acknowledge the message for the launch to succeed.',
        type: 'boolean',
        default: false,
      },
      user: { description: 'User name to log in with.', type: 'string', minLength: 1 },
      password: { ...secretSchema, description: 'Password to log in with, a secret by reference.' },
      token: { ...secretSchema, description: 'Token to log in with, a secret by reference.' },
      credentials: { ...secretSchema, description: 'Content of a .creds file, a secret by reference.' },
    },
    dependentRequired: { user: ['password'], password: ['user'] },
    examples: [{ servers: 'nats://localhost:4222', subject: 'incidents.{{ input.region }}' }],
  },
  examples: [
    {
      executor: 'nats',
      with: {
        servers: ['tls://nats.example.com:4222'],
        subject: 'incidents.{{ input.region }}',
        payload: { key: '{{ launch.id }}', input: '{{ launch.workflow_input }}' },
        headers: { 'X-Team': 'checkout' },
        jetstream: true,
        credentials: { secret: { file: '/run/secrets/nats.creds' } },
      },
    },
  ],
};
