import type { ExecutorKind } from '../ports/executor-kind.js';
import { secretSourceSchema } from './secret-schema.js';
import { allowPrivateSchema, headersSchema, urlSchema } from './value-schemas.js';

/** Definition of the executor that sends a signed webhook: what its `with` may hold. */
export const webhook: ExecutorKind = {
  name: 'webhook',
  load: async () => (await import('./webhook/execute.js')).executeWebhook,
  summary: 'Posts JSON to a URL, signed as Standard Webhooks does.',
  schema: {
    title: 'webhook settings',
    description:
      'The webhook to send. Its webhook-id is the launch id, so that a receiver can drop a repetition.',
    type: 'object',
    additionalProperties: false,
    required: ['url', 'secret'],
    properties: {
      url: urlSchema,
      secret: {
        ...secretSourceSchema,
        description: 'Where the signing secret is read from at launch: whsec_ and base64.',
        examples: [{ env: 'WEBHOOK_SECRET' }],
      },
      headers: headersSchema,
      payload: {
        description: 'What to send, as JSON; texts in it may hold templates. Default: the whole input.',
        examples: [{ region: '{{ input.region }}' }],
      },
      allow_private: allowPrivateSchema,
    },
    examples: [{ url: 'https://hooks.example.com/incidents', secret: { env: 'WEBHOOK_SECRET' } }],
  },
  examples: [
    {
      executor: 'webhook',
      with: {
        url: 'https://hooks.example.com/incidents',
        secret: { file: '/run/secrets/webhook' },
        payload: { type: 'incident.opened', data: '{{ launch.workflow_input }}' },
      },
    },
  ],
};
