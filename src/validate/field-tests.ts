import type { Json } from '../kernel/json.js';
import type { Operator } from '../model/test.js';

/** What an operator is compared with: decides its schema, and how the validator reads it. */
export type OperandShape =
  | 'any'
  | 'list'
  | 'order'
  | 'range'
  | 'regex'
  | 'text'
  | 'member'
  | 'boolean'
  | 'type'
  | 'test'
  | 'map'
  | 'network'
  | 'hours'
  | 'duration';

/** One operator of a field test, as a person writes and reads about it. */
export interface FieldTestEntry {
  readonly name: Operator | 'not';
  /** When it holds, in one sentence. */
  readonly summary: string;
  readonly shape: OperandShape;
  /** A whole entry of a field-test map: path and test. */
  readonly example: { readonly [path: string]: Json };
  /** Whether `ignore_case` means something beside it. */
  readonly ignoresCase: boolean;
  /** Whether `as` means something beside it. */
  readonly converts: boolean;
  /** Whether its operand may be another field. */
  readonly takesField: boolean;
}

type Flag = 'case' | 'as' | 'field';

function entry(
  name: FieldTestEntry['name'],
  shape: OperandShape,
  flags: readonly Flag[],
  summary: string,
  example: FieldTestEntry['example'],
): FieldTestEntry {
  return {
    name,
    shape,
    summary,
    example,
    ignoresCase: flags.includes('case'),
    converts: flags.includes('as'),
    takesField: flags.includes('field'),
  };
}

/** Every operator of a field test, in the order of the reference. Schema and reference pages are made from it. */
// biome-ignore format: a table.
export const FIELD_TESTS: readonly FieldTestEntry[] = [
  entry('equal', 'any', ['case', 'as', 'field'], 'The value equals this one, JSON type included; objects and lists are compared deeply.', { 'payload.state': { equal: 'open' } }),
  entry('not_equal', 'any', ['case', 'as', 'field'], 'The value is there and differs from this one.', { 'payload.state': { not_equal: 'closed' } }),
  entry('in', 'list', ['case', 'as', 'field'], 'The value equals one of these.', { 'payload.region': { in: ['eu', 'us'] } }),
  entry('not_in', 'list', ['case', 'as', 'field'], 'The value is there and equals none of these.', { 'payload.region': { not_in: ['test', 'staging'] } }),
  entry('greater_than', 'order', ['as', 'field'], 'The value is more than this: two numbers, two times, or two priorities.', { 'payload.amount': { greater_than: 1000 } }),
  entry('at_least', 'order', ['as', 'field'], 'The value is this or more: two numbers, two times, or two priorities.', { priority: { at_least: 'high' } }),
  entry('less_than', 'order', ['as', 'field'], 'The value is less than this: two numbers, two times, or two priorities.', { 'payload.free_percent': { less_than: 10 } }),
  entry('at_most', 'order', ['as', 'field'], 'The value is this or less: two numbers, two times, or two priorities.', { 'payload.attempt': { at_most: 3 } }),
  entry('between', 'range', ['as'], 'The value is one of the two or in between.', { 'payload.status': { between: [500, 599] } }),
  entry('matches', 'regex', ['case', 'as'], 'The regular expression (RE2 syntax) finds a match in the text; of a list, one of them does.', { 'payload.error': { matches: 'timed? ?out' } }),
  entry('not_matches', 'regex', ['case', 'as'], 'The field is there and the regular expression finds no match; of a list, none of them does.', { 'payload.path': { not_matches: '^/(health|ready)$' } }),
  entry('starts_with', 'text', ['case', 'as', 'field'], 'The text begins with this; of a list, with one of them.', { source: { starts_with: 'checkout/' } }),
  entry('ends_with', 'text', ['case', 'as', 'field'], 'The text ends with this; of a list, with one of them.', { 'payload.file': { ends_with: ['.pem', '.key'] } }),
  entry('wildcard', 'text', ['case', 'as'], 'The whole text fits the pattern, in which * stands for any characters and \\* for a star; of a list, one of them.', { 'payload.path': { wildcard: 'edge/routes/*' } }),
  entry('contains', 'member', ['case', 'as', 'field'], 'The text has this in it, or the list has it as an element; of a list, one of them.', { 'payload.labels': { contains: 'urgent' } }),
  entry('not_contains', 'member', ['case', 'as', 'field'], 'The field is there and does not contain this; of a list, none of them.', { 'payload.labels': { not_contains: 'wontfix' } }),
  entry('exists', 'boolean', [], 'The field is there (true; null counts as there), or is not (false).', { 'payload.ticket': { exists: false } }),
  entry('type', 'type', [], 'The value has this JSON type, or one of these.', { 'payload.country': { type: 'string' } }),
  entry('size', 'test', [], 'The test holds for the length of the text or list, or for the number of keys.', { 'payload.items': { size: { at_least: 3 } } }),
  entry('some', 'map', [], 'One element of the list passes the whole map; its paths start from the element, and . is the element itself.', { 'payload.items': { some: { state: 'broken', weight: { at_least: 20 } } } }),
  entry('every', 'map', [], 'Each element of the list passes the whole map; holds for an empty list.', { 'payload.checks': { every: { passed: true } } }),
  entry('no', 'map', [], 'No element of the list passes the whole map; holds for an empty list.', { 'payload.checks': { no: { state: ['failed', 'cancelled'] } } }),
  entry('in_cidr', 'network', [], 'The IPv4 or IPv6 address lies in the network, or in one of them.', { 'payload.ip': { in_cidr: ['10.0.0.0/8', '2001:db8::/32'] } }),
  entry('during', 'hours', [], 'The RFC 3339 time lies in these hours; from is included, to is not.', { timestamp: { during: { days: ['mon-fri'], from: '08:00', to: '18:00', timezone: 'Europe/Berlin' } } }),
  entry('newer_than', 'duration', [], 'The RFC 3339 time lies less than this before the event.', { 'payload.created_at': { newer_than: '1h' } }),
  entry('older_than', 'duration', [], 'The RFC 3339 time lies more than this before the event.', { 'payload.rotated_at': { older_than: '90d' } }),
  entry('not', 'test', [], 'The field is there and the test fails.', { 'payload.ip': { not: { in_cidr: '10.0.0.0/8' } } }),
];

/** Keys that stand beside an operator and change how it reads. */
export const FIELD_TEST_MODIFIERS = {
  ignore_case:
    'Upper and lower case count as the same, for texts: beside equal, in, matches, contains and the like.',
  as: 'Converts the value first: number, string or time. What cannot be converted fails the test.',
} as const;

/** Keys of a field-test map that are no paths, and hold a list of such maps. */
export const FIELD_TEST_GROUPS = {
  all: 'Every one of these maps holds.',
  any: 'At least one of these maps holds.',
  none: 'None of these maps holds; it is the negation that also holds for what is missing.',
} as const;
export type FieldTestGroup = keyof typeof FIELD_TEST_GROUPS;

/** How deep `all`, `any` and `none` may nest. */
export const FIELD_TEST_MAX_NESTING = 8;
