import type { JsonSchema } from '../ports/condition-kind.js';
import { textOrSecretSchema } from './secret-schema.js';

/** Header name → value. */
export const headersSchema = {
  description: 'Headers: name to text (which may hold templates) or secret.',
  type: 'object',
  propertyNames: { pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" },
  additionalProperties: textOrSecretSchema,
  examples: [
    { 'X-Team': 'checkout', Authorization: { secret: { env: 'TRACKER_TOKEN' }, prefix: 'Bearer ' } },
  ],
} as const satisfies JsonSchema;

/** Where an HTTP request goes; the scheme is checked where the text does not begin with a template. */
export const urlSchema = {
  ...textOrSecretSchema,
  title: 'url',
  description: 'URL with http or https; it may hold templates, or be a secret.',
  pattern: '^(?:https?://|\\{\\{)',
  examples: ['https://tracker.internal/api/incidents'],
} as const satisfies JsonSchema;

/** Whether requests may go to addresses that are not public. */
export const allowPrivateSchema = {
  description:
    'Whether the address may be a private or loopback one. Link-local and cloud metadata addresses are refused all the same.',
  type: 'boolean',
  default: false,
} as const satisfies JsonSchema;

/** One text or several. */
export function oneOrMore(description: string, examples: readonly unknown[]): JsonSchema {
  return {
    description,
    type: ['string', 'array'],
    minLength: 1,
    minItems: 1,
    items: { type: 'string', minLength: 1 },
    examples,
  };
}
