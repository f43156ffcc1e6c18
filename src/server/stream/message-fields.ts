import type { JsonObject } from '../../kernel/json.js';
import { CURSOR_PATTERN } from './cursor.js';

/** A whole number, 0 or more. */
export const count = (description: string): JsonObject => ({ type: 'integer', minimum: 0, description });
/** A list of texts. */
export const texts = (description: string): JsonObject => ({
  type: 'array',
  items: { type: 'string' },
  description,
});
/** A place in the journal as it is written: `12`, or `12/2`. */
export const cursor = (description: string): JsonObject => ({
  type: 'string',
  pattern: CURSOR_PATTERN,
  description,
});
/** What the schema of an HTTP answer describes. */
export const refTo = (path: string, description: string): JsonObject => ({
  $ref: `#/components/schemas/${path}`,
  description,
});
/** Which subscription a message comes for. */
export const SUBSCRIPTION_ID = {
  type: 'string',
  pattern: '^sub_',
  description: 'The subscription it comes for; with several, each has its own copy.',
};
/** Where its event stands. */
export const POSITION = count('Position of the event in the journal; resume from it with `from`.');
