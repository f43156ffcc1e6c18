import type { ExecutorKind } from '../ports/executor-kind.js';
import { secretSchema } from './secret-schema.js';

/** Definition of the executor that posts to Slack: what its `with` may hold. */
export const slack: ExecutorKind = {
  name: 'slack',
  summary: 'Posts a message to Slack through an incoming webhook.',
  load: async () => (await import('./slack/execute.js')).executeSlack,
  schema: {
    title: 'slack settings',
    description: 'The message to post.',
    type: 'object',
    additionalProperties: false,
    required: ['url', 'text'],
    properties: {
      url: {
        ...secretSchema,
        description:
          'The URL of the incoming webhook. Whoever has it may post, so it is a secret by reference.',
        examples: [{ secret: { env: 'SLACK_WEBHOOK_URL' } }],
      },
      text: {
        description:
          'The message, in Slack’s mrkdwn; it may hold templates. Beside blocks: the text of notifications.',
        type: 'string',
        minLength: 1,
        examples: [':rotating_light: checkout fails in {{ input.region }}'],
      },
      channel: {
        description:
          'Another channel than the webhook’s, where Slack allows it. Quote it: # begins a comment in YAML.',
        type: 'string',
        minLength: 1,
        examples: ['#oncall'],
      },
      username: {
        description: 'Name it is posted under, where Slack allows it.',
        type: 'string',
        minLength: 1,
      },
      icon_emoji: { description: 'Its icon.', type: 'string', pattern: '^:[^:]+:$', examples: [':fire:'] },
      blocks: {
        description: 'Block Kit blocks, passed on as they are; texts in them may hold templates.',
        type: 'array',
        minItems: 1,
        maxItems: 50,
        items: { type: 'object' },
      },
    },
    examples: [
      { url: { secret: { env: 'SLACK_WEBHOOK_URL' } }, text: 'checkout fails in {{ input.region }}' },
    ],
  },
  examples: [
    {
      description: 'Tells the channel of whoever is on call.',
      executor: 'slack',
      with: {
        url: { secret: { env: 'SLACK_WEBHOOK_URL' } },
        channel: '#oncall',
        text: ':rotating_light: {{ input.failures }} failed checkouts in {{ input.region }}',
      },
    },
  ],
};
