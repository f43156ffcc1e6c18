import type { ExecutorKind } from '../../ports/executor-kind.js';
import type { JsonSchema } from '../../ports/condition-kind.js';
import { durationSchema } from './common.js';

function definition(kind: ExecutorKind): string {
  return `with_${kind.name}`;
}

/** Schemas of `with:`, by their names under `$defs`. */
export function executorDefinitions(kinds: readonly ExecutorKind[]): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(kinds.map((kind) => [definition(kind), kind.schema]));
}

/** Schema of a workflow: how a name is launched. */
export function workflowSchema(kinds: readonly ExecutorKind[]): JsonSchema {
  return {
    title: 'workflow',
    description: 'How a workflow is launched.',
    type: 'object',
    required: ['executor'],
    additionalProperties: false,
    properties: {
      description: {
        title: 'description',
        description: 'What it does, in a sentence.',
        type: 'string',
        examples: ['Opens an incident in the tracker.'],
      },
      executor: {
        title: 'executor',
        description: kinds.map((kind) => `${kind.name}: ${kind.summary}`).join(' '),
        enum: kinds.map((kind) => kind.name),
        examples: kinds.slice(0, 1).map((kind) => kind.name),
      },
      with: {
        title: 'with',
        description: 'Settings of the executor; texts may hold templates over input and launch.',
        type: 'object',
        examples: kinds.flatMap((kind) => kind.examples.slice(0, 1).map((example) => example['with'] ?? {})),
      },
      timeout: durationSchema('timeout', 'How long one attempt may take. Default: 30s.', '30s'),
      retry: {
        title: 'retry',
        description:
          'How a failed launch is tried again. Left out, the event’s max_retries decides how often.',
        type: ['object', 'null'],
        additionalProperties: false,
        properties: {
          attempts: {
            title: 'attempts',
            description: 'Attempts in all, the first included.',
            type: 'integer',
            minimum: 1,
            maximum: 1_000,
            default: 4,
            examples: [5],
          },
          initial: durationSchema('initial', 'Wait before the second attempt. Default: 1s.', '1s'),
          factor: {
            title: 'factor',
            description: 'Each wait is so many times the one before.',
            type: 'number',
            minimum: 1,
            maximum: 100,
            default: 2,
            examples: [2],
          },
          max: durationSchema('max', 'No wait is longer. Default: 5m.', '5m'),
          jitter: {
            title: 'jitter',
            description: 'Wait a random part of the time, so that many launches do not retry at once.',
            type: 'boolean',
            default: true,
            examples: [true],
          },
        },
        examples: [{ attempts: 5, initial: '1s', factor: 2, max: '5m', jitter: true }],
      },
      concurrency: {
        title: 'concurrency',
        description: 'How many launches of it may run at once.',
        type: ['object', 'null'],
        required: ['limit'],
        additionalProperties: false,
        properties: {
          limit: {
            title: 'limit',
            description: 'So many at once.',
            type: 'integer',
            minimum: 1,
            maximum: 10_000,
            examples: [4],
          },
          key: {
            title: 'key',
            description: 'Counted apart for each value of this template.',
            type: 'string',
            minLength: 1,
            examples: ['{{ input.region }}'],
          },
          when_full: {
            title: 'when_full',
            description: 'Whether further launches wait, or are left out.',
            enum: ['queue', 'skip'],
            default: 'queue',
            examples: ['skip'],
          },
        },
        examples: [{ limit: 4, key: '{{ input.region }}', when_full: 'queue' }],
      },
    },
    allOf: kinds.map((kind) => {
      const required = ((kind.schema['required'] ?? []) as readonly string[]).length > 0;
      return {
        if: { type: 'object', required: ['executor'], properties: { executor: { const: kind.name } } },
        then: {
          type: 'object',
          properties: {
            with: { $ref: `#/$defs/${definition(kind)}`, examples: kind.schema['examples'] ?? [] },
          },
          ...(required ? { required: ['with'] } : {}),
        },
      };
    }),
    examples: kinds.flatMap((kind) => kind.examples.slice(0, 1)),
  };
}
