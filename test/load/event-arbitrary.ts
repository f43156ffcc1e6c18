import fc from 'fast-check';
import { type JsonObject } from '../../src/kernel/json.ts';
import { PRIORITIES, type Event } from '../../src/model/event.ts';

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constant(''),
);
const nullable = fc.option(text);
const segment = fc.string({ unit: fc.constantFrom(...'abzAZ019_:-'), minLength: 1, maxLength: 6 });
const name = fc.oneof(
  fc.constantFrom(
    'id',
    'type',
    'source',
    'subject',
    'priority',
    'channel',
    'specversion',
    'data',
    'dataschema',
    'triggerdextra',
  ),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'traceparent',
    'datacontenttype',
    'validate',
    'a.b',
    'Upper',
    'snake_case',
    '',
  ),
  text,
);
const object = fc.dictionary(name, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5 }) as fc.Arbitrary<JsonObject>;
const two = (max: number): fc.Arbitrary<string> =>
  fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'));
const timestamp = fc
  .tuple(
    fc.integer({ min: 1, max: 9_999 }).map((year) => String(year).padStart(4, '0')),
    fc.integer({ min: 1, max: 12 }).map((month) => String(month).padStart(2, '0')),
    fc.integer({ min: 1, max: 28 }).map((day) => String(day).padStart(2, '0')),
    fc.constantFrom('T', 't', ' '),
    two(23),
    two(59),
    two(60),
    fc.constantFrom('', '.5', '.123', '.000001'),
    fc.constantFrom('Z', 'z', '+05:30', '-11:00', '+00:00'),
  )
  .map(
    ([year, month, day, separator, hour, minute, second, fraction, zone]) =>
      `${year}-${month}-${day}${separator}${hour}:${minute}:${second}${fraction}${zone}`,
  );

/** Any valid event, the corners of every field included. */
export const eventArbitrary: fc.Arbitrary<Event> = fc.record({
  event_id: fc.string({ minLength: 1, maxLength: 40 }),
  event_type: fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('.')),
  source: fc.oneof(
    text,
    fc.constantFrom('/orders', 'https://shop.example/api', 'workflow_engine', 'a b', '//[', 'x:y:z', '%zz'),
  ),
  target: nullable,
  payload: object,
  metadata: object,
  timestamp,
  priority: fc.constantFrom(...PRIORITIES),
  correlation_id: nullable,
  session_id: nullable,
  user_id: nullable,
  channel: nullable,
  retryable: fc.boolean(),
  max_retries: fc.integer({ min: 0, max: 100 }),
  retry_count: fc.nat(),
});
