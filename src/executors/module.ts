import type { ExecutorKind } from '../ports/executor-kind.js';

/** Definition of the executor that calls a function of a JavaScript file: what its `with` may hold. */
export const module: ExecutorKind = {
  name: 'module',
  summary: 'Calls a function of a JavaScript or TypeScript file, in a process of its own.',
  load: async () => (await import('./module/execute.js')).executeModule,
  schema: {
    title: 'module settings',
    description:
      'The function to call; it gets the input and the launch. The daemon runs modules only from the folders that its own settings allow.',
    type: 'object',
    additionalProperties: false,
    required: ['file'],
    properties: {
      file: {
        description: 'The file, relative to the rule folder or absolute.',
        type: 'string',
        pattern: '\\.[cm]?[jt]s$',
        examples: ['workflows/open-incident.mjs'],
      },
      export: {
        description: 'Name of the exported function.',
        type: 'string',
        pattern: '^[A-Za-z_$][A-Za-z0-9_$]*$',
        default: 'default',
      },
    },
    examples: [{ file: 'workflows/open-incident.mjs', export: 'openIncident' }],
  },
  examples: [
    {
      executor: 'module',
      with: { file: 'workflows/open-incident.mjs', export: 'openIncident' },
      timeout: '1m',
    },
  ],
};
