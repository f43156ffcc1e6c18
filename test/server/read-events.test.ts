import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromCloudEvent, isCloudEvent } from '../../src/load/cloud-event.js';
import { readEvent } from '../../src/load/event.js';
import type { BodyMode } from '../../src/server/media-type.js';
import { readEvents } from '../../src/server/read-events.js';
import { Refusal } from '../../src/server/refusal.js';
import type { Site } from '../../src/server/route.js';
import { NOW } from './memory-daemon.js';

const site = {
  options: { maxEventsPerRequest: 1_000 },
  host: { newId: () => 'made', meter: { counter: () => ({ add: () => undefined }) } },
} as unknown as Site;

type Outcome = { readonly taken: unknown } | { readonly refused: readonly number[] };

function read(mode: BodyMode, text: string): Outcome {
  const call = { mode, body: Buffer.from(text), headers: {}, nowMs: NOW, path: {}, query: {} } as never;
  try {
    return { taken: readEvents(call, site) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refused: [...new Set((error.problems ?? []).map(({ index }) => index))] };
  }
}

/** What one event by itself is worth. */
function isGood(raw: unknown): boolean {
  const plain = isCloudEvent(raw) ? fromCloudEvent(raw) : { raw };
  if ('problems' in plain) return false;
  return !('problems' in readEvent(plain.raw, { mode: 'lenient', receivedAt: NOW, newId: () => 'made' }));
}

const text = fc.string({ maxLength: 8 });
const sent = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      event_id: fc.string({ minLength: 1, maxLength: 8 }),
      payload: fc.dictionary(text, fc.jsonValue({ maxDepth: 2 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record(
      { event_type: fc.oneof(text, fc.constant('a.b')), priority: fc.constantFrom('high', 'hi') },
      { requiredKeys: [] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      specversion: fc.constantFrom('1.0', '0.3'),
      id: text,
      source: fc.constant('/a'),
      type: fc.constant('a.b'),
    }),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);

describe('a list of events', () => {
  it('is taken whole, or refused by the index of each that is bad, in lines as in a list', () => {
    let taken = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.array(sent, { minLength: 1, maxLength: 6 }), (events) => {
        const asList = read('json', JSON.stringify(events));
        const asLines = read('ndjson', events.map((event) => JSON.stringify(event)).join('\n'));
        const bad = events.flatMap((event, index) => (isGood(event) ? [] : [index]));
        if (bad.length > 0) expect(asList).toEqual({ refused: bad });
        else expect(asList).toHaveProperty('taken.length', events.length);
        expect(asLines).toEqual(asList);
        if (bad.length > 0) refused++;
        else taken++;
      }),
      { numRuns: 300 },
    );
    expect(Math.min(taken, refused)).toBeGreaterThan(20);
  });

  it('is never more than refused, whatever bytes it is made of', () => {
    const modes = fc.constantFrom<BodyMode>(
      'json',
      'ndjson',
      'cloud-event',
      'cloud-events',
      'cloud-event-binary',
    );
    const pieces = fc.array(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        '"',
        ':',
        ',',
        '\\',
        '\n',
        '1e999',
        'null',
        '"event_id"',
        '"a"',
        '\ufeff',
        ' ',
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(modes, pieces, (mode, parts) => {
        expect(Object.keys(read(mode, parts.join('')))).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the trace that a request belongs to', () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const own = '00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01';
  const metadataOf = (mode: BodyMode, body: unknown, headers: Record<string, string>): unknown => {
    const call = { mode, body: Buffer.from(JSON.stringify(body)), headers, nowMs: NOW, path: {}, query: {} };
    return readEvents(call as never, site).map(({ event }) => event.metadata);
  };

  it('is that of its events, but of those that name one', () => {
    const events = [{ metadata: { a: 1, tracestate: 'lost=1' } }, { metadata: { traceparent: own } }];
    const typed = events.map((event) => ({ event_type: 'x', ...event }));
    expect(metadataOf('json', typed, { traceparent, tracestate: 'v=1' })).toEqual([
      { a: 1, traceparent, tracestate: 'v=1' },
      { traceparent: own },
    ]);
    expect(metadataOf('json', { event_type: 'x' }, { traceparent })).toEqual([{ traceparent }]);
  });

  it('is that of CloudEvents too, which may name theirs as an extension', () => {
    const cloudEvent = { specversion: '1.0', id: '1', source: '/a', type: 'x' };
    const headers = { traceparent };
    expect(metadataOf('cloud-event', cloudEvent, headers)).toEqual([{ traceparent }]);
    expect(metadataOf('cloud-event', { ...cloudEvent, traceparent: own }, headers)).toEqual([
      { traceparent: own },
    ]);
  });

  it.each([
    ['there is none', {}],
    ['it is none', { traceparent: 'hello' }],
    ['there are two', { traceparent: `${traceparent}, ${own}` }],
    ['there is only a state', { tracestate: 'v=1' }],
  ])('is nothing to its events when %s', (_what, headers) => {
    expect(metadataOf('json', { event_type: 'x' }, headers)).toEqual([{}]);
  });
});
