import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/kernel/json.js';
import { PRIORITIES, type Event } from '../../src/model/event.js';
import { type FieldTest, type Operand, type Operator, OPERATORS, type Test } from '../../src/model/test.js';
import type { Trigger } from '../../src/model/trigger.js';
import { fieldTest, makeTrigger } from '../support/trigger.js';

/** Few values, so that they meet: words that contain each other, numbers that are almost the same, empty things. */
const words = [
  '',
  'a',
  'ab',
  'abc',
  'abcd',
  'abcde',
  'xabcdex',
  'ABCDE',
  'timeout',
  'timeout after 5s',
  'read timeout after 5s: timeouts',
  'aaaaaaaa',
  'aaaab',
  'straße',
  'STRASSE',
  '😀',
  'x😀y',
  '\ud83d',
  '5',
  'high',
  '10.1.2.3',
  '::ffff:10.1.2.3',
  '2026-01-01T00:00:00Z',
  '2026-01-01T01:00:00+01:00',
  '2026-01-05T23:30:00Z',
  '__proto__',
] as const;
const numbers = [0, -0, 1, 1.5, 2, 3, -1, 5, 1e21, 5e-324, 1_767_225_600_000] as const;

const word = fc.constantFrom(...words);
const number = fc.constantFrom(...numbers);
export const scalar: fc.Arbitrary<string | number | boolean | null> = fc.oneof(
  { weight: 4, arbitrary: word },
  { weight: 3, arbitrary: number },
  { weight: 1, arbitrary: fc.constantFrom(true, false, null) },
);

/** Values up to a few levels deep, `__proto__` and friends among the keys. */
export const json: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 5, arbitrary: scalar },
    { weight: 1, arbitrary: fc.array(tie('json'), { maxLength: 4 }) },
    {
      weight: 1,
      arbitrary: fc.dictionary(
        fc.constantFrom('a', 'b', 'x', 'fact', 'literal', 'constructor'),
        tie('json'),
        {
          maxKeys: 3,
          noNullPrototype: true,
        },
      ),
    },
  ),
})).json;

const payload: fc.Arbitrary<JsonObject> = fc
  .record({
    a: json,
    b: scalar,
    c: scalar,
    'a.b': scalar,
    length: scalar,
    list: fc.array(fc.oneof(scalar, json), { maxLength: 4 }),
    obj: fc.dictionary(fc.constantFrom('x', 'y', 'k0', 'k1', 'k2', 'k9'), scalar, {
      maxKeys: 4,
      noNullPrototype: true,
    }),
    items: fc.array(fc.dictionary(fc.constantFrom('x', 'y'), scalar, { maxKeys: 2, noNullPrototype: true }), {
      maxLength: 3,
    }),
  })
  .chain((full) =>
    fc
      .subarray(Object.keys(full))
      .map(
        (keys): JsonObject => Object.fromEntries(keys.map((key) => [key, (full as JsonObject)[key] as Json])),
      ),
  );

export const eventType = fc.constantFrom('a.b', 'a.b.c', 'a', 'ab', 'c', 'unheard');
const pattern = fc.constantFrom('a.b', 'a.*', 'a.b.*', '*', 'c', 'a', 'ab.*');

export const anyEvent: fc.Arbitrary<Event> = fc.record({
  event_id: fc.constantFrom('e1', 'e2'),
  event_type: eventType,
  source: word,
  target: fc.oneof(word, fc.constant(null)),
  payload,
  metadata: fc.constant({}),
  timestamp: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-05T23:45:00+01:00'),
  priority: fc.constantFrom(...PRIORITIES),
  correlation_id: fc.constant(null),
  session_id: fc.constant(null),
  user_id: fc.oneof(word, fc.constant(null)),
  channel: fc.constant(null),
  retryable: fc.boolean(),
  max_retries: fc.constant(3),
  retry_count: fc.nat(2),
});

const eventPath = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('payload.a', 'payload.b', 'payload.c') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'payload["a.b"]',
      'payload["a"]',
      'payload.list',
      'payload.list[0]',
      'payload.list.0',
      'payload.list[-1]',
      'payload.a.x',
      'payload.length',
      'payload.constructor',
      'payload.items',
      'payload.missing',
    ),
  },
  { weight: 2, arbitrary: fc.nat(9).map((n) => `payload.obj.k${n}`) },
  { weight: 1, arbitrary: fc.constantFrom('priority', 'source', 'target', 'timestamp', 'retry_count') },
);
const itemPath = fc.constantFrom('item', 'item.x', 'item[0]');
const elementPath = fc.constantFrom('.', 'x', 'y', 'a', 'length', '{x}');

const regex = fc.constantFrom(
  'abc',
  '^a',
  'a+b',
  'time.?out',
  'x(abcde)?x',
  '\\d+s',
  'a|b',
  '(?i)ABC',
  '',
  '[',
  '.😀',
);
const wildcards = fc.constantFrom('*', 'a*', '*e', 'a*e', '*abc*', '\\*', 'time*5s', 'abc', 'a*b*c*');
const hours = fc.record({
  days: fc.subarray(['mon', 'thu', 'sun'] as const),
  fromMinute: fc.constantFrom(0, 540, 1380),
  toMinute: fc.constantFrom(60, 1080, 1440),
  timezone: fc.constantFrom('UTC', 'Europe/Berlin'),
  except: fc.subarray(['2026-01-01']),
});

const orList = <T extends Json>(one: fc.Arbitrary<T>): fc.Arbitrary<Json> =>
  fc.oneof({ weight: 3, arbitrary: one }, { weight: 1, arbitrary: fc.array(one, { maxLength: 3 }) });
const bound: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: number },
  { weight: 1, arbitrary: fc.constantFrom(...PRIORITIES, '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z') },
);

/** A literal that makes sense for the operator. */
function fitting(operator: Operator): fc.Arbitrary<Json> {
  switch (operator) {
    case 'in':
    case 'not_in':
      return fc.array(scalar, { maxLength: 4 });
    case 'greater_than':
    case 'at_least':
    case 'less_than':
    case 'at_most':
      return bound;
    case 'between':
      return fc.tuple(bound, bound).map((pair) => [...pair]);
    case 'matches':
    case 'not_matches':
      return orList(regex);
    case 'wildcard':
      return orList(wildcards);
    case 'starts_with':
    case 'ends_with':
      return orList(word);
    case 'contains':
    case 'not_contains':
      return orList(scalar);
    case 'exists':
      return fc.boolean();
    case 'type':
      return orList(fc.constantFrom('string', 'number', 'null', 'array', 'object', 'boolean'));
    case 'in_cidr':
      return orList(fc.constantFrom('10.0.0.0/8', '2001:db8::/32', '10.1.2.3', 'nonsense'));
    default:
      return fc.oneof(scalar, json);
  }
}

const NESTED: readonly Operator[] = ['size', 'some', 'every', 'no'];

function operandFor(operator: Operator, nested: fc.Arbitrary<Test>): fc.Arbitrary<Operand> {
  if (NESTED.includes(operator)) return nested.map((test): Operand => ({ kind: 'test', test }));
  if (operator === 'during') return hours.map((one): Operand => ({ kind: 'hours', hours: one }));
  if (operator === 'newer_than' || operator === 'older_than')
    return fc
      .constantFrom(0, 3_600_000, 604_800_000)
      .map((durationMs): Operand => ({ kind: 'durationMs', durationMs }));
  return fc.oneof(
    { weight: 8, arbitrary: fitting(operator).map((value): Operand => ({ kind: 'literal', value })) },
    { weight: 1, arbitrary: json.map((value): Operand => ({ kind: 'literal', value })) },
    { weight: 1, arbitrary: eventPath.map((path): Operand => ({ kind: 'field', path })) },
  );
}

/** Operators an index can use, more often than the others. */
const operator: fc.Arbitrary<Operator> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Operator>('equal', 'in') },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Operator>('greater_than', 'at_least', 'less_than', 'at_most', 'between'),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Operator>('matches', 'contains', 'starts_with', 'ends_with', 'wildcard'),
  },
  { weight: 3, arbitrary: fc.constantFrom(...OPERATORS) },
);

function field(path: fc.Arbitrary<string>, nested: fc.Arbitrary<Test>): fc.Arbitrary<FieldTest> {
  const plain = { absent: undefined, as: undefined, ignoreCase: false };
  const modified = fc.record({
    absent: fc.oneof(fc.constant(undefined), scalar),
    as: fc.constantFrom(undefined, 'number' as const, 'string' as const, 'time' as const, 'text' as const),
    ignoreCase: fc.boolean(),
  });
  return fc
    .tuple(
      path,
      operator.chain((name) => operandFor(name, nested).map((operand) => ({ name, operand }))),
      fc.oneof({ weight: 4, arbitrary: fc.constant(plain) }, { weight: 1, arbitrary: modified }),
    )
    .map(
      ([at, { name, operand }, { absent, as, ignoreCase }]): FieldTest => ({
        kind: 'field',
        reading: {
          path: at,
          ...(absent === undefined ? {} : { absent }),
          ...(as === undefined ? {} : { as }),
        },
        operator: name,
        operand,
        ignoreCase,
        pointer: `/filters/${at}`,
      }),
    );
}

function tree(leaf: fc.Arbitrary<Test>, depth: number): fc.Arbitrary<Test> {
  if (depth === 0) return leaf;
  const member = tree(leaf, depth - 1);
  const members = fc.array(member, { maxLength: 3 });
  return fc.oneof(
    { weight: 4, arbitrary: leaf },
    { weight: 3, arbitrary: members.map((tests): Test => ({ kind: 'all', tests, pointer: '/all' })) },
    { weight: 2, arbitrary: members.map((tests): Test => ({ kind: 'any', tests, pointer: '/any' })) },
    { weight: 1, arbitrary: member.map((test): Test => ({ kind: 'not', test, pointer: '/not' })) },
  );
}

const innermost = field(elementPath, fc.constant<Test>({ kind: 'all', tests: [], pointer: '' }));
const nestedTest = tree(field(elementPath, innermost), 1);

/** Tests of an event and its item. */
export const anyTest: fc.Arbitrary<Test> = tree(
  field(fc.oneof({ weight: 9, arbitrary: eventPath }, { weight: 1, arbitrary: itemPath }), nestedTest),
  2,
);

/** Triggers as a folder may hold them: one test or several, one type or several, some with for_each. */
export const anyTriggers: fc.Arbitrary<readonly Trigger[]> = fc
  .array(
    fc.record({
      event_types: fc.array(pattern, { minLength: 1, maxLength: 3 }),
      filters: anyTest,
      condition: fc.oneof(
        { weight: 2, arbitrary: fc.constant<Test>({ kind: 'all', tests: [], pointer: '' }) },
        { weight: 1, arbitrary: anyTest },
      ),
      for_each: fc.constantFrom(null, null, null, null, 'payload.list', 'payload.items', 'payload.b'),
      active: fc.constantFrom(true, true, true, true, false),
    }),
    { minLength: 1, maxLength: 60, size: 'max' },
  )
  .map((all) => all.map((fields, i) => makeTrigger({ trigger_id: `t${i}`, ...fields })));

/** Triggers of one type that ask few fields, each test one that an index can use: most of them meet in one branch. */
export const crowdedTriggers: fc.Arbitrary<readonly Trigger[]> = fc
  .array(
    fc.array(
      fc.tuple(
        fc.oneof(
          { weight: 4, arbitrary: fc.constantFrom('payload.a', 'payload.b', 'payload.list') },
          { weight: 1, arbitrary: fc.nat(40).map((n) => `payload.obj.k${n}`) },
          {
            weight: 1,
            arbitrary: fc.constantFrom('payload.list[0]', 'payload.list.1', 'payload.length', 'priority'),
          },
        ),
        fc
          .constantFrom<Operator>(
            'equal',
            'in',
            'at_least',
            'less_than',
            'between',
            'contains',
            'matches',
            'ends_with',
          )
          .chain((name) => fitting(name).map((value) => ({ name, value }))),
      ),
      { minLength: 1, maxLength: 2 },
    ),
    { minLength: 30, maxLength: 80, size: 'max' },
  )
  .map((all) =>
    all.map((tests, i) =>
      makeTrigger({
        trigger_id: `t${i}`,
        event_types: ['*'],
        filters: {
          kind: i % 5 === 0 ? 'any' : 'all',
          pointer: '/filters',
          tests: tests.map(([path, { name, value }]) => fieldTest(path, name, value)),
        },
      }),
    ),
  );
