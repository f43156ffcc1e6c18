import type { ExecutorKind } from '../ports/executor-kind.js';

/** Definition of the executor that writes a line to the daemon's log: what its `with` may hold. */
export const log: ExecutorKind = {
  name: 'log',
  summary: 'Writes one line to the log.',
  load: async () => (await import('./log/execute.js')).executeLog,
  schema: {
    title: 'log settings',
    description: 'What to write to the log. The launch id, the trigger and the input are fields of the line.',
    type: 'object',
    additionalProperties: false,
    properties: {
      message: {
        description: 'The line; it may hold templates.',
        type: 'string',
        minLength: 1,
        default: 'workflow launched',
        examples: ['checkout fails in {{ input.region }}'],
      },
      level: { description: 'Its level.', enum: ['debug', 'info', 'warn', 'error'], default: 'info' },
    },
    examples: [{ message: 'checkout fails in {{ input.region }}', level: 'warn' }],
  },
  examples: [
    { executor: 'log' },
    { executor: 'log', with: { message: 'checkout fails in {{ input.region }}', level: 'warn' } },
  ],
};
