import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startStream, type StreamBench } from './stream-bench.js';

let bench: StreamBench;
beforeAll(async () => {
  bench = await startStream({ streamLimits: { maxSubscriptions: 3 } });
});
afterAll(() => bench.close());

describe('a message that is not taken is an error, and the connection stays', () => {
  test.each([
    ['a number', 5, 'a message is a JSON object with a type', 'types are subscribe, unsubscribe, get_stats'],
    ['a list', [], 'a message is a JSON object with a type', null],
    ['null', null, 'a message is a JSON object with a type', null],
    ['no type', {}, 'the message has no type', null],
    ['another type', { type: 'dance' }, 'there is no message "dance"', 'types are'],
    ['a type misspelt', { type: 'subscrib' }, 'there is no message "subscrib"', 'did you mean subscribe?'],
    ['a type that is no text', { type: { type: 'subscribe' } }, 'there is no message', null],
    ['an inherited type', { type: 'constructor' }, 'there is no message "constructor"', null],
    ['types as a text', { event_types: 'user.action' }, 'event_types must be a list of texts', null],
    ['types that are no texts', { event_types: [1] }, 'event_types must be a list of texts', null],
    [
      'a core type misspelt',
      { event_types: ['workflow.faild'] },
      'there is no core event type workflow.faild',
      'did you mean workflow.failed?',
    ],
    ['no event type', { event_types: ['a b'] }, '"a b" is not an event type', null],
    ['a star within', { event_types: ['a.*.b'] }, '"a.*.b" is not an event type', 'a * stands at the end'],
    [
      'too many types',
      { event_types: Array.from({ length: 101 }, (_, i) => `t${i}`) },
      'event_types has more than 100 types',
      null,
    ],
    ['filters as a list', { filters: [] }, 'filters must be a map of path to test', null],
    ['a filter path', { filters: { 'payload..x': 1 } }, '"payload..x" is not a path', null],
    [
      'a root misspelt',
      { filters: { sesion_id: 1 } },
      'sesion_id does not start at a field of the event',
      'did you mean session_id',
    ],
    [
      'an operator misspelt',
      { filters: { 'payload.x': { at_leats: 5 } } },
      'there is no operator "at_leats"',
      'did you mean at_least?',
    ],
    ['a bad regex', { filters: { source: { matches: '(' } } }, '', null],
    ['a variable', { filters: { source: { var: 'x' } } }, '', null],
    ['filters too long', { filters: { source: 'x'.repeat(17_000) } }, 'filters are longer than', null],
    ['filters too deep', { filters: { source: deep(40) } }, 'the message nests too deeply', null],
    ['a session that is no text', { session_id: 5 }, 'session_id must be a text', null],
    ['no kinds', { kinds: [] }, 'kinds must be a list', 'of event, decision, launch'],
    ['a kind misspelt', { kinds: ['launchs'] }, 'there is no kind "launchs"', 'did you mean launch?'],
    ['a negative position', { from: -1 }, 'from must be a position', null],
    ['half a position', { from: 1.5 }, 'from must be a position', null],
    ['a word for a position', { from: 'yesterday' }, 'from must be a position', null],
    ['a key misspelt', { filter: {} }, 'subscribe has no "filter"', 'did you mean filters?'],
  ])('%s', async (_what, message, problem, hint) => {
    const client = await bench.connect();
    await client.next('connection_established');
    const isPart = typeof message === 'object' && message !== null && !Array.isArray(message);
    const isWhole = !isPart || 'type' in message || Object.keys(message).length === 0;
    client.send(isWhole ? message : { type: 'subscribe', event_types: ['x'], ...message });
    const answer = await client.next();
    expect(answer.type).toBe('error');
    expect(answer.message).toContain(problem);
    expect(answer.message).not.toBe('');
    if (hint !== null) expect(answer.hint).toContain(hint);
    expect(answer.in_reply_to).toBe(isWhole ? undefined : 'subscribe');
    client.send({ type: 'get_stats' });
    expect((await client.next()).type).toBe('stats');
    expect(client.received.map(({ type }) => type)).not.toContain('subscription_created');
    client.destroy();
  });
});

function deep(levels: number): unknown {
  return levels === 0 ? 1 : { not: deep(levels - 1) };
}

test.each<[string, object, readonly string[]]>([
  ['every type', { event_types: ['*'] }, ['f-1', 'f-2', 'f-3']],
  ['types left out', {}, ['f-1', 'f-2', 'f-3']],
  ['a namespace', { event_types: ['order.*'] }, ['f-1', 'f-2']],
  ['a number', { filters: { 'payload.total': { at_least: 10 } } }, ['f-2']],
  ['a pattern', { filters: { source: { matches: '^sh' } } }, ['f-1', 'f-2']],
  ['any of', { filters: { any: [{ source: 'bank' }, { 'payload.total': 5 }] } }, ['f-1', 'f-3']],
  ['a list', { filters: { 'payload.total': [5, 12] } }, ['f-1', 'f-2']],
  ['elements', { filters: { 'payload.lines': { some: { sku: 'b' } } } }, ['f-2']],
  ['what is not there', { filters: { 'payload.total': { exists: false } } }, ['f-3']],
  ['a session and a filter', { session_id: 's', filters: { source: 'bank' } }, ['f-3']],
])('filters are those of the rule language: %s', async (_what, request, ids) => {
  const client = await bench.connect();
  await client.next('connection_established');
  client.send({ type: 'subscribe', ...request });
  await client.next('subscription_created');
  await bench.emit(
    ...[
      { event_type: 'order.paid', source: 'shop', payload: { total: 5, lines: [{ sku: 'a' }] } },
      {
        event_type: 'order.placed',
        source: 'shop',
        payload: { total: 12, lines: [{ sku: 'a' }, { sku: 'b' }] },
      },
      { event_type: 'money.moved', source: 'bank', session_id: 's' },
    ].map((fields, i) => ({ ...fields, correlation_id: `f-${i + 1}` })),
  );
  client.send({ type: 'get_stats' });
  await client.next('stats');
  const told = client.received.filter(({ type, event }) => type === 'event' && event.source !== 'triggerd');
  expect(told.map(({ event }) => event.correlation_id)).toEqual(ids);
  client.destroy();
});

test('no types, given as such, select nothing', async () => {
  const client = await bench.follow({ event_types: [], from: 'beginning' });
  expect(client.created['event_types']).toEqual([]);
  await bench.emit({ event_type: 'order.paid' });
  client.send({ type: 'get_stats' });
  expect((await client.next()).type).toBe('stats');
  client.destroy();
});

test('a client has only so many subscriptions, and may give one up for another', async () => {
  const client = await bench.follow();
  const ask = (): void => client.send({ type: 'subscribe', event_types: ['x'] });
  ask();
  ask();
  ask();
  await client.next('subscription_created');
  await client.next('subscription_created');
  expect(await client.next()).toMatchObject({
    type: 'error',
    message: 'a client has at most 3 subscriptions',
  });
  client.send({ type: 'unsubscribe', subscription_id: client.created['subscription_id'] });
  expect((await client.next()).success).toBe(true);
  ask();
  expect((await client.next()).type).toBe('subscription_created');
  client.destroy();
});

test('a subscription can be ended by its own client only', async () => {
  const [owner, other] = [await bench.follow(), await bench.connect()];
  await other.next('connection_established');
  for (const subscription_id of [owner.created['subscription_id'], undefined, 5, {}, 'constructor']) {
    other.send({ type: 'unsubscribe', subscription_id });
    expect(await other.next()).toMatchObject({ type: 'unsubscribed', success: false });
  }
  owner.send({ type: 'unsubscribe', subscription_id: owner.created['subscription_id'] });
  expect(await owner.next()).toMatchObject({ type: 'unsubscribed', success: true });
  owner.destroy();
});
