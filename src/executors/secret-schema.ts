import type { JsonSchema } from '../ports/condition-kind.js';

/** Where a secret comes from: `{ env: NAME }` or `{ file: PATH }`. */
export const secretSourceSchema = {
  title: 'secret source',
  description: 'Where the secret is read from at launch: one environment variable or one file.',
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  properties: {
    env: {
      description: 'Name of the environment variable.',
      type: 'string',
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
    },
    file: {
      description: 'Path of the file; a line break at its end is not part of the secret.',
      type: 'string',
      minLength: 1,
    },
  },
  examples: [{ env: 'TRACKER_TOKEN' }, { file: '/run/secrets/tracker' }],
} as const satisfies JsonSchema;

const referenceProperties = {
  secret: secretSourceSchema,
  prefix: { description: 'Text put before the secret.', type: 'string', examples: ['Bearer '] },
} as const;

/**
 * A value that must be a secret, written by reference: `{ secret: { env: NAME }, prefix: "Bearer " }`. Resolved at launch;
 * never stored, logged or shown.
 */
export const secretSchema = {
  title: 'secret',
  description: 'A secret, written by reference. It is read at launch, and never stored, logged or shown.',
  type: 'object',
  additionalProperties: false,
  required: ['secret'],
  properties: referenceProperties,
  examples: [{ secret: { env: 'TRACKER_TOKEN' }, prefix: 'Bearer ' }],
} as const satisfies JsonSchema;

/**
 * A text (with templates) or a secret by reference: wherever a credential may stand in a text. One schema with two types
 * instead of a choice of two, so that a mistake gives one error that fits it.
 */
export const textOrSecretSchema = {
  title: 'text or secret',
  description: 'A text, which may hold templates, or a secret by reference.',
  type: ['string', 'object'],
  additionalProperties: false,
  required: ['secret'],
  properties: referenceProperties,
} as const satisfies JsonSchema;
