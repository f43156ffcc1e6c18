import { PRIORITIES } from '../../model/event.js';
import type { JsonSchema } from '../../ports/condition-kind.js';
import { FIELD_TEST_GROUPS, FIELD_TEST_MODIFIERS, FIELD_TESTS, type FieldTestEntry } from '../field-tests.js';
import { DURATION_PATTERN } from './common.js';

const JSON_TYPES = ['string', 'number', 'boolean', 'object', 'array', 'null'] as const;

const variable = {
  title: 'var',
  description: 'Name of a variable whose value is meant.',
  type: 'string',
  minLength: 1,
  examples: ['max_load'],
} as const;
const field = {
  title: 'field',
  description: 'Path of another field of the event whose value is meant.',
  type: 'string',
  minLength: 1,
  examples: ['payload.limit'],
} as const;

/** What makes a map an operand: `{ var: name }`, and where it says so `{ field: path }`. */
function reference(takesField: boolean) {
  return {
    properties: takesField ? { field, var: variable } : { var: variable },
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
  } as const;
}

/** Schema of the hours of a week. */
export const hoursSchema = {
  title: 'hours',
  description: 'Hours of the week; left out are every day, all day, UTC. They may run over midnight.',
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    days: {
      title: 'days',
      description: 'Days on which the hours begin: names or ranges.',
      type: 'array',
      minItems: 1,
      maxItems: 14,
      items: { type: 'string', minLength: 1 },
      examples: [['mon-fri'], ['sat', 'sun']],
    },
    from: {
      title: 'from',
      description: 'When they begin, included.',
      type: 'string',
      minLength: 1,
      examples: ['08:00'],
    },
    to: {
      title: 'to',
      description: 'When they end, excluded.',
      type: 'string',
      minLength: 1,
      examples: ['18:00', '24:00'],
    },
    timezone: {
      title: 'timezone',
      description: 'Time zone of the IANA database.',
      type: 'string',
      minLength: 1,
      default: 'UTC',
      examples: ['Europe/Berlin'],
    },
    except: {
      title: 'except',
      description: 'Dates on which the hours do not begin.',
      type: 'array',
      maxItems: 400,
      items: { type: 'string', minLength: 1 },
      examples: [['2026-12-25']],
    },
  },
  examples: [{ days: ['mon-fri'], from: '08:00', to: '18:00', timezone: 'Europe/Berlin' }],
} as const satisfies JsonSchema;

function operandSchema(entry: FieldTestEntry): JsonSchema {
  switch (entry.shape) {
    case 'any':
    case 'member':
      return {};
    case 'list':
      return { type: ['array', 'object'], ...reference(entry.takesField) };
    case 'order':
      return { type: ['number', 'string', 'object'], ...reference(entry.takesField) };
    case 'range':
      return {
        type: 'array',
        minItems: 2,
        maxItems: 2,
        items: { type: ['number', 'string', 'object'], ...reference(true) },
      };
    case 'regex':
    case 'text':
    case 'network':
      return {
        type: ['string', 'array', 'object'],
        minItems: 1,
        items: { type: 'string' },
        ...reference(entry.takesField),
      };
    case 'boolean':
      return { type: 'boolean' };
    case 'type':
      return { type: ['string', 'array'], minItems: 1, items: { enum: JSON_TYPES } };
    case 'test':
      return { $ref: '#/$defs/fieldTest' };
    case 'map':
      return { $ref: '#/$defs/fieldTests' };
    case 'hours':
      return { $ref: '#/$defs/hours' };
    case 'duration':
      return {
        type: ['string', 'object'],
        minLength: 1,
        pattern: DURATION_PATTERN,
        ...reference(false),
      };
  }
}

function operatorSchema(entry: FieldTestEntry): JsonSchema {
  const test = Object.values(entry.example)[0] as Readonly<Record<string, unknown>>;
  return {
    ...operandSchema(entry),
    title: entry.name,
    description: entry.summary,
    examples: [test[entry.name]],
  };
}

/** Schema of what stands behind one path. Its types tell scalar, list and operators apart, without alternatives. */
export const fieldTestSchema: JsonSchema = {
  title: 'field test',
  description: 'A value it equals, a list of such values, or a map of operators that must all hold.',
  type: ['string', 'number', 'boolean', 'null', 'array', 'object'],
  minProperties: 1,
  additionalProperties: false,
  properties: {
    ...Object.fromEntries(FIELD_TESTS.map((entry) => [entry.name, operatorSchema(entry)])),
    var: {
      ...variable,
      description: 'The value equals that of this variable, or one of it when it is a list.',
    },
    field: { ...field, description: 'The value equals that of this field of the event.' },
    ignore_case: {
      title: 'ignore_case',
      description: FIELD_TEST_MODIFIERS.ignore_case,
      type: 'boolean',
      default: false,
      examples: [true],
    },
    as: {
      title: 'as',
      description: FIELD_TEST_MODIFIERS.as,
      enum: ['number', 'string', 'time'],
      examples: ['number'],
    },
  },
  examples: ['eu', ['eu', 'us'], { at_least: 1000 }, { matches: '^ord-', ignore_case: true }],
};

/** Schema of a field-test map. */
export const fieldTestsSchema: JsonSchema = {
  title: 'field tests',
  description:
    'Field path to test; every entry must hold. A path starts at an event field, such as priority or payload.amount.',
  type: 'object',
  properties: Object.fromEntries(
    Object.entries(FIELD_TEST_GROUPS).map(([name, description]) => [
      name,
      {
        title: name,
        description,
        type: 'array',
        minItems: 1,
        items: { $ref: '#/$defs/fieldTests' },
        examples: [[{ priority: PRIORITIES[3] }, { 'payload.region': 'eu' }]],
      },
    ]),
  ),
  additionalProperties: { $ref: '#/$defs/fieldTest' },
  examples: [{ priority: { at_least: 'high' }, 'payload.workflow_name': 'checkout' }],
};
