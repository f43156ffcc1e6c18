import type { ExecutorKind } from '../ports/executor-kind.js';
import { textOrSecretSchema } from './secret-schema.js';

/** Definition of the executor that runs a program on the daemon's machine: what its `with` may hold. */
export const command: ExecutorKind = {
  name: 'command',
  summary: 'Runs a program, without a shell.',
  load: async () => (await import('./command/execute.js')).executeCommand,
  schema: {
    title: 'command settings',
    description:
      'The program to run. It gets the input as JSON on its standard input and TRIGGERD_* variables; exit status 0 is success. The daemon runs commands only when its own settings allow them.',
    type: 'object',
    additionalProperties: false,
    required: ['argv'],
    properties: {
      argv: {
        description:
          'The program and its arguments, each passed on as one argument. Arguments may hold templates; the program is taken as written.',
        type: 'array',
        minItems: 1,
        maxItems: 256,
        items: { type: 'string' },
        examples: [['/usr/local/bin/restart-service', '--region', '{{ input.region }}']],
      },
      env: {
        description:
          'Environment variables: name to text (which may hold templates) or secret. Nothing else is passed on but PATH, HOME, LANG and TZ.',
        type: 'object',
        propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
        additionalProperties: textOrSecretSchema,
        examples: [{ API_TOKEN: { secret: { env: 'TRACKER_TOKEN' } } }],
      },
      cwd: {
        description: 'Working directory; default: the directory of the daemon.',
        type: 'string',
        minLength: 1,
      },
    },
    examples: [{ argv: ['/usr/local/bin/restart-service', '--region', '{{ input.region }}'], cwd: '/srv' }],
  },
  examples: [
    {
      description: 'Restarts the checkout service.',
      executor: 'command',
      with: {
        argv: ['/usr/local/bin/restart-service', '--region', '{{ input.region }}'],
        env: { API_TOKEN: { secret: { file: '/run/secrets/api-token' } } },
      },
      timeout: '2m',
    },
  ],
};
