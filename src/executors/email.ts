import type { ExecutorKind } from '../ports/executor-kind.js';
import { secretSchema } from './secret-schema.js';
import { oneOrMore } from './value-schemas.js';

const smtpSchema = {
  title: 'smtp',
  description:
    'The mail server, taken as it is written, without templates. Default: the one of smtp_url in the settings of the daemon.',
  type: 'object',
  additionalProperties: false,
  required: ['host'],
  properties: {
    host: { description: 'Its name or address.', type: 'string', minLength: 1 },
    port: {
      description: 'Its port; default: 587, with tls 465.',
      type: 'integer',
      minimum: 1,
      maximum: 65_535,
    },
    security: {
      description:
        'starttls requires encryption after connecting, tls from the start; none is for a local server.',
      enum: ['starttls', 'tls', 'none'],
      default: 'starttls',
    },
    user: { description: 'User name to log in with.', type: 'string', minLength: 1 },
    password: { ...secretSchema, description: 'Password to log in with, a secret by reference.' },
  },
  dependentRequired: { user: ['password'], password: ['user'] },
} as const;

/** Definition of the executor that sends a mail: what its `with` may hold. */
export const email: ExecutorKind = {
  name: 'email',
  summary: 'Sends a mail over SMTP.',
  load: async () => (await import('./email/execute.js')).executeEmail,
  schema: {
    title: 'email settings',
    description:
      'The mail to send. Its Message-ID comes from the launch id, so that a repeated launch is recognised.',
    type: 'object',
    additionalProperties: false,
    required: ['to', 'from', 'subject', 'text'],
    properties: {
      to: oneOrMore('Recipients; they may hold templates.', [
        'oncall@example.com',
        ['a@example.com', 'b@example.com'],
      ]),
      cc: oneOrMore('Recipients of a copy.', ['team@example.com']),
      bcc: oneOrMore('Recipients that the others do not see.', ['archive@example.com']),
      default_domain: {
        description:
          'Domain of recipients that are named without one, such as users; taken as it is written. With it, a recipient that is no mailbox is left out: the mail goes to the others, and the launch fails naming it. Default: none; every recipient must be a mailbox.',
        type: 'string',
        minLength: 1,
        pattern: '^[^\\s@:/]+$',
        examples: ['example.com'],
      },
      from: {
        description: 'Sender.',
        type: 'string',
        minLength: 1,
        examples: ['triggerd <triggerd@example.com>'],
      },
      reply_to: { description: 'Where answers go; default: from.', type: 'string', minLength: 1 },
      subject: {
        description: 'Subject; it may hold templates.',
        type: 'string',
        minLength: 1,
        examples: ['Checkout fails in {{ input.region }}'],
      },
      text: { description: 'The mail as plain text; it may hold templates.', type: 'string', minLength: 1 },
      html: {
        description: 'The mail as HTML too; use the filter escape on what comes from events.',
        type: 'string',
      },
      smtp: smtpSchema,
    },
    examples: [
      {
        to: 'oncall@example.com',
        from: 'triggerd@example.com',
        subject: 'Checkout fails in {{ input.region }}',
        text: '{{ input.failures }} failures in a minute.',
        smtp: { host: 'localhost', port: 25, security: 'none' },
      },
    ],
  },
  examples: [
    {
      description: 'Mails whoever is on call.',
      executor: 'email',
      with: {
        to: ['oncall@example.com'],
        cc: 'team@example.com',
        from: 'triggerd <triggerd@example.com>',
        subject: 'Checkout fails in {{ input.region }}',
        text: '{{ input.failures }} failures in a minute.\n',
        html: '<p>{{ input.failures }} failures in <b>{{ input.region | escape }}</b></p>',
        smtp: { host: 'smtp.example.com', user: 'triggerd', password: { secret: { env: 'SMTP_PASSWORD' } } },
      },
    },
  ],
};
