import { describe, expect, test } from 'vitest';
import type { Daemon } from '../../../src/engine/daemon.js';
import { createIntake } from '../../../src/engine/live/intake.js';
import type { Incoming } from '../../../src/ports/source.js';
import { createManualClock } from '../../support/manual-clock.js';
import { START } from './harness.js';

function intake() {
  const taken: Incoming[] = [];
  let rejected = 0;
  const daemon = {
    submit: (events: readonly Incoming[]) => {
      taken.push(...events);
      return Promise.resolve([]);
    },
    rejected: (count: number) => void (rejected += count),
  } as unknown as Daemon;
  return {
    json: createIntake(daemon, createManualClock(START), () => 'made').json,
    taken,
    rejected: () => rejected,
  };
}

describe('a line of a source', () => {
  test('becomes an event, a CloudEvent by its specversion', async () => {
    const { json, taken } = intake();
    await json('{"event_type":"order.paid","unknown":1}');
    await json('{"specversion":"1.0","id":"c","source":"/shop","type":"order.paid","data":{"n":1}}');
    expect(taken.map(({ event, at }) => [event.event_id, event.event_type, at])).toEqual([
      ['made', 'order.paid', START],
      ['c', 'order.paid', START],
    ]);
  });

  test('without an id has the one beside it, else a new one', async () => {
    const { json, taken } = intake();
    await json('{}', { eventId: 'beside' });
    await json('{"event_id":"own"}', { eventId: 'beside' });
    await json('{"specversion":"1.0","id":"c","source":"/shop","type":"order.paid"}', { eventId: 'beside' });
    await json('{}', {});
    expect(taken.map(({ event }) => event.event_id)).toEqual(['beside', 'own', 'c', 'made']);
  });

  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  test.each<[what: string, metadata: object, tracestate: string | null, found: object]>([
    ['is in its metadata', {}, 'a=b', { traceparent, tracestate: 'a=b' }],
    ['is beside what is there', { team: 'x' }, null, { team: 'x', traceparent }],
    ['is not, when it names one itself', { traceparent: 'own' }, 'a=b', { traceparent: 'own' }],
    ['replaces a state without a trace', { tracestate: 'c=d' }, null, { traceparent }],
  ])('the trace it came in %s', async (_what, metadata, tracestate, found) => {
    const { json, taken } = intake();
    await json(JSON.stringify({ metadata }), { trace: { traceparent, tracestate } });
    await json(JSON.stringify({ metadata }), { trace: null });
    expect(taken.map(({ event }) => event.metadata)).toEqual([found, metadata]);
  });

  test.each([
    ['no JSON', '{'],
    ['no object', '[1]'],
    ['a wrong field', '{"event_type":7}'],
    ['deep in a known field', `{"event_type":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
    ['deep in the payload', `{"payload":{"a":${'['.repeat(100)}${']'.repeat(100)}}}`],
    ['brackets without end', '['.repeat(1_000_000)],
    ['a number beyond all', '{"payload":{"n":1e999}}'],
    ['too large', JSON.stringify({ payload: { text: 'x'.repeat(1_100_000) } })],
    ['a bad CloudEvent', '{"specversion":"0.3","id":"c","source":"/shop","type":"order.paid"}'],
  ])('that never will be one is refused and counted: %s', async (_, text) => {
    const { json, taken, rejected } = intake();
    await expect(json(text)).rejects.toMatchObject({ code: 'event-invalid' });
    expect([taken.length, rejected()]).toEqual([0, 1]);
  });
});
