import type { JsonSchema } from '../../ports/condition-kind.js';
import { unlessSchema } from '../unless-listener.js';

const timezone = {
  description: 'Time zone of the IANA database in which the clock is read.',
  type: 'string',
  minLength: 1,
  maxLength: 64,
  default: 'UTC',
  examples: ['Europe/Berlin'],
} as const satisfies JsonSchema;

const days = {
  description: 'Days of the week, and ranges of them; left out, every day.',
  type: 'array',
  minItems: 1,
  maxItems: 7,
  items: { type: 'string', minLength: 1, maxLength: 20 },
  examples: [['mon-fri'], ['sat', 'sun']],
} as const satisfies JsonSchema;

const except = {
  description: 'Dates in the time zone on which nothing happens.',
  type: 'array',
  maxItems: 1_000,
  items: { type: 'string', minLength: 1, maxLength: 20 },
  examples: [['2026-12-25', '2027-01-01']],
} as const satisfies JsonSchema;

/** Schemas of the settings that several variants take. */
export const sharedSettings = { timezone, days, except, unless: unlessSchema } as const;

/** Schema of hours of the week. */
export const hoursSchema = {
  description: 'Hours of the week: from is included, to is not; to before from runs over midnight.',
  type: 'object',
  additionalProperties: false,
  properties: {
    days: { ...days, description: 'Days on which the hours begin; left out, every day.' },
    from: { description: 'When they begin.', type: 'string', default: '00:00', examples: ['09:00'] },
    to: { description: 'When they end; 24:00 is the end of the day.', type: 'string', default: '24:00' },
    timezone,
    except: { ...except, description: 'Dates in the time zone on which they do not begin.' },
  },
  examples: [{ days: ['mon-fri'], from: '09:00', to: '17:00', timezone: 'Europe/Berlin' }],
} as const satisfies JsonSchema;
