import type { JsonObject } from '../kernel/json.js';
import type { Reading, Test } from '../model/test.js';
import type { ConditionKind } from '../ports/condition-kind.js';
import { payloadPath } from './payload-path.js';

const REGEX_DESCRIPTION =
  'Regular expression in RE2 syntax (no look-around, no back-references). It may match anywhere in the text: anchor it with ^ and $ to match the whole.';

const schema = {
  title: 'pattern_matched',
  description: 'Fires when a regular expression finds a match in a string field.',
  type: 'object',
  additionalProperties: false,
  required: ['field', 'regex'],
  properties: {
    field: {
      description:
        'Path of the field, from an event field. A field that is missing or not a string does not match.',
      type: 'string',
      minLength: 1,
      examples: ['payload.error', 'source'],
    },
    regex: { description: REGEX_DESCRIPTION, type: 'string', examples: ['^timeout after \\d+ms$'] },
    ignore_case: {
      description: 'Whether upper and lower case are the same.',
      type: 'boolean',
      default: false,
    },
  },
  examples: [{ field: 'payload.error', regex: 'timed? ?out', ignore_case: true }],
} as const;

const classicSchema = {
  title: 'pattern_matched parameters',
  description:
    'Fires when the pattern finds a match in a payload field. A missing field is matched as the empty text, one that is no string by its JSON form.',
  type: 'object',
  additionalProperties: false,
  required: ['pattern_field', 'pattern_regex'],
  properties: {
    pattern_field: {
      description: 'Path of the field inside the payload.',
      type: 'string',
      minLength: 1,
      examples: ['error', 'order.note'],
    },
    pattern_regex: { description: REGEX_DESCRIPTION, type: 'string', examples: ['timeout'] },
  },
  examples: [{ pattern_field: 'error', pattern_regex: 'connection (failed|refused)' }],
} as const;

function matches(reading: Reading, regex: string, ignoreCase: boolean, pointer: string): Test {
  return {
    kind: 'field',
    reading,
    operator: 'matches',
    operand: { kind: 'literal', value: regex },
    ignoreCase,
    pointer,
  };
}

/** Fires when a regular expression finds a match in one field. */
export const patternMatched: ConditionKind = {
  name: 'pattern_matched',
  summary: 'Fires when a regular expression finds a match in a field.',
  schema,
  classicSchema,
  examples: [{ pattern_matched: { field: 'payload.error', regex: 'timed? ?out', ignore_case: true } }],
  build(settings, context) {
    const { field, regex, ignore_case } = settings as {
      readonly field: string;
      readonly regex: string;
      readonly ignore_case?: boolean;
    };
    const pointer = `${context.pointer}/regex`;
    context.regex(regex, pointer);
    const path = context.path(field, `${context.pointer}/field`);
    return { memory: 'none', test: matches({ path }, regex, ignore_case === true, pointer) };
  },
  buildClassic(parameters: JsonObject, context) {
    const { pattern_field, pattern_regex } = parameters as {
      readonly pattern_field: string;
      readonly pattern_regex: string;
    };
    const pointer = `${context.pointer}/pattern_regex`;
    context.regex(pattern_regex, pointer);
    const path = context.path(payloadPath(pattern_field), `${context.pointer}/pattern_field`);
    // The reference matches str(payload.get(field, "")).
    const reading: Reading = { path, absent: '', as: 'text' };
    return { memory: 'none', test: matches(reading, pattern_regex, false, pointer) };
  },
  reducer: null,
};
