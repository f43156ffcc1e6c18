import type { ExecutorKind } from '../ports/executor-kind.js';
import { secretSchema } from './secret-schema.js';
import { allowPrivateSchema, headersSchema, urlSchema } from './value-schemas.js';

/** Definition of the executor that sends an HTTP request: what its `with` may hold. */
export const http: ExecutorKind = {
  name: 'http',
  summary: 'Sends an HTTP request.',
  load: async () => (await import('./http/execute.js')).executeHttp,
  schema: {
    title: 'http settings',
    description:
      'The request to send. It carries an Idempotency-Key header with the launch id; a Retry-After header in the answer is honoured.',
    type: 'object',
    additionalProperties: false,
    required: ['url'],
    properties: {
      url: urlSchema,
      method: {
        description: 'Request method.',
        enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
        default: 'POST',
      },
      headers: headersSchema,
      body: {
        description:
          'The body: a text is sent as it is, anything else as JSON; both may hold templates. Default: the whole input as JSON, and nothing for GET and HEAD.',
        examples: [{ title: 'Checkout fails in {{ input.region }}', key: '{{ launch.id }}' }],
      },
      success: {
        description: 'Statuses that mean success; default: 200 to 299.',
        type: 'array',
        minItems: 1,
        uniqueItems: true,
        items: { type: 'integer', minimum: 100, maximum: 599 },
        examples: [[200, 201, 409]],
      },
      allow_private: allowPrivateSchema,
      follow_redirects: {
        description: 'How many redirects are followed; 0 makes a redirect a failure.',
        type: 'integer',
        minimum: 0,
        maximum: 10,
        default: 0,
      },
      sign: {
        ...secretSchema,
        description: 'Signs the request as Standard Webhooks does, with this secret.',
        examples: [{ secret: { env: 'TRACKER_SIGNING_SECRET' } }],
      },
    },
    examples: [{ url: 'https://tracker.internal/api/incidents', allow_private: true }],
  },
  examples: [
    {
      description: 'Opens an incident in the tracker.',
      executor: 'http',
      with: {
        url: 'https://tracker.example.com/api/incidents',
        method: 'POST',
        headers: { Authorization: { secret: { env: 'TRACKER_TOKEN' }, prefix: 'Bearer ' } },
        body: {
          title: 'Checkout fails in {{ input.region }}',
          details: '{{ launch.workflow_input }}',
          key: '{{ launch.id }}',
        },
        success: [200, 201, 409],
      },
      timeout: '30s',
      retry: { attempts: 5, initial: '1s', factor: 2, max: '5m', jitter: true },
    },
  ],
};
