import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { formatTime } from '../../src/kernel/time.js';
import { ask, type HttpBench, startHttp } from './http-bench.js';
import { NOW, RULESET } from './memory-daemon.js';

let bench: HttpBench;
beforeAll(async () => {
  bench = await startHttp();
});
afterAll(() => bench.close());

beforeEach(async () => {
  const { daemon } = bench;
  daemon.stored.length = 0;
  daemon.records.length = 0;
  daemon.decided.length = 0;
  daemon.resets.splice(0);
  daemon.snoozedUntil = null;
  daemon.ready = true;
  await ask(bench, 'POST', '/v1/events', {
    body: [
      { event_id: 'a', event_type: 'order.paid' },
      { event_id: 'b', event_type: 'order.paid', payload: { hold: true } },
      { event_id: 'c', event_type: 'order.sent' },
      { event_id: 'd/e?f', event_type: 'user.action' },
    ],
  });
  daemon.addLaunch('dead-1', 'dead', NOW - 60_000);
  daemon.addLaunch('busy-1', 'running');
});

const ids = (items: readonly { readonly event: { readonly event_id: string } }[]): string[] =>
  items.map(({ event }) => event.event_id);
const launchIds = (items: readonly { readonly launch_id: string }[]): string[] =>
  items.map(({ launch_id }) => launch_id);

describe('what is read', () => {
  it.each([
    ['/v1/events', ['d/e?f', 'c', 'b', 'a']],
    ['/v1/events?order=oldest', ['a', 'b', 'c', 'd/e?f']],
    ['/v1/events?type=order.sent', ['c']],
    ['/v1/events?type=order.*&type=user.action&order=oldest', ['a', 'b', 'c', 'd/e?f']],
    ['/v1/events?after=2', ['d/e?f', 'c']],
    ['/v1/events?since=1h&limit=1', ['d/e?f']],
    [`/v1/events?since=${encodeURIComponent(formatTime(NOW + 1))}`, []],
    ['/v1/events?until=2026-03-01T13:00:00+01:00', []],
    ['/v1/events?until=2026-03-01T13:00:01%2B01:00&type=order.sent', ['c']],
  ])('%s', async (path, expected) => {
    const { status, body } = await ask(bench, 'GET', path);
    expect(status).toBe(200);
    expect(ids(body.items)).toEqual(expected);
  });

  it.each([
    ['/v1/launches?order=oldest', ['launch-1', 'dead-1', 'busy-1']],
    ['/v1/launches?status=dead', ['dead-1']],
    ['/v1/launches?status=dead&status=running', ['busy-1', 'dead-1']],
    ['/v1/launches?trigger=ship-order&workflow=ship&until=30s', ['dead-1']],
    ['/v1/launches?workflow=other', []],
  ])('%s', async (path, expected) => {
    const { status, body } = await ask(bench, 'GET', path);
    expect(status).toBe(200);
    expect(launchIds(body.items)).toEqual(expected);
  });

  it('/v1/decisions, with times and gates', async () => {
    const { body } = await ask(bench, 'GET', '/v1/decisions?event=b');
    expect(body).toEqual({
      items: [
        {
          position: 2,
          event_id: 'b',
          at: '2026-03-01T12:00:00Z',
          ruleset_hash: RULESET,
          launches: [],
          suppressed: [
            {
              trigger_id: 'ship-order',
              event_id: 'b',
              at: '2026-03-01T12:00:00Z',
              gate: 'cooldown',
              until: '2026-03-01T12:00:05Z',
              group: {},
            },
          ],
        },
      ],
      next: null,
    });
  });

  it('one event by its id, whatever is in it', async () => {
    const { body } = await ask(bench, 'GET', `/v1/events/${encodeURIComponent('d/e?f')}`);
    expect(body).toMatchObject({
      position: 4,
      received_at: '2026-03-01T12:00:00Z',
      event: { event_id: 'd/e?f' },
    });
  });

  it('one launch with its attempts, and nothing of its workflow’s settings', async () => {
    const { body } = await ask(bench, 'GET', '/v1/launches/dead-1');
    expect(body).toMatchObject({
      launch_id: 'dead-1',
      at: '2026-03-01T11:59:00Z',
      status: 'dead',
      executor: 'http',
      attempts: [{ number: 1, started_at: '2026-03-01T11:59:00Z', reason: 'it said 503' }],
    });
    expect(JSON.stringify(body)).not.toContain('ship.internal');
    expect(Object.keys(body)).not.toContain('workflow');
  });

  it('the triggers, by id and by what they are', async () => {
    const list = async (query: string): Promise<string[]> =>
      (await ask(bench, 'GET', `/v1/triggers${query}`)).body.items.map(
        ({ trigger_id }: { readonly trigger_id: string }) => trigger_id,
      );
    expect(await list('')).toEqual(['notify', 'ship-order', 'watch']);
    expect(await list('?order=newest&limit=1')).toEqual(['watch']);
    expect(await list('?type=order.sent')).toEqual(['watch']);
    expect(await list('?tag=mail')).toEqual(['notify']);
    expect(await list('?active=false')).toEqual(['watch']);
    expect(await list('?cursor=notify')).toEqual(['ship-order', 'watch']);
    expect(await list('?cursor=owl')).toEqual(['ship-order', 'watch']);
  });

  it('one trigger with its groups, no more than asked for', async () => {
    expect((await ask(bench, 'GET', '/v1/triggers/watch')).body.of).toHaveLength(2);
    expect((await ask(bench, 'GET', '/v1/triggers/watch?limit=1')).body).toMatchObject({
      trigger_id: 'watch',
      of: [{ group: { 'payload.region': 'eu' }, standing: '2 of 5' }],
    });
  });

  it('counts, health and figures', async () => {
    expect((await ask(bench, 'GET', '/v1/stats')).body).toMatchObject({ position: 4, events: { stored: 4 } });
    expect((await ask(bench, 'GET', '/healthz')).body).toEqual({ status: 'ok' });
    const metrics = await ask(bench, 'GET', '/metrics');
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(metrics.body).toContain('triggerd_up 1');
  });

  it('readiness with every diagnostic, as 200 or 503', async () => {
    expect(await ask(bench, 'GET', '/readyz')).toMatchObject({
      status: 200,
      body: { ready: true, diagnostics: [] },
    });
    bench.daemon.ready = false;
    expect(await ask(bench, 'GET', '/readyz')).toMatchObject({
      status: 503,
      body: {
        ready: false,
        problems: ['reload refused'],
        diagnostics: [{ code: 'unknown-key', file: 'rules/orders.yaml', line: 7 }],
      },
    });
  });

  it('is never kept by a cache, nor guessed at by a browser', async () => {
    const { headers } = await ask(bench, 'GET', '/v1/events');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('pages', () => {
  it.each(['newest', 'oldest'])('follow one another without a gap, %s first', async (order) => {
    bench.daemon.stored.length = 0;
    await ask(bench, 'POST', '/v1/events', {
      body: Array.from({ length: 257 }, (_, i) => ({ event_id: `e${i}`, event_type: 'page.test' })),
    });
    const seen: string[] = [];
    const sizes: number[] = [];
    let next: string | null = null;
    do {
      const cursor: string = next === null ? '' : `&cursor=${encodeURIComponent(next)}`;
      const { body } = await ask(bench, 'GET', `/v1/events?limit=100&order=${order}${cursor}`);
      sizes.push(body.items.length);
      seen.push(...ids(body.items));
      next = body.next;
    } while (next !== null);
    const all = Array.from({ length: 257 }, (_, i) => `e${i}`);
    expect(seen).toEqual(order === 'oldest' ? all : all.reverse());
    expect(sizes).toEqual([100, 100, 57]);
  });

  it('end early when what they hold is large, and say where to go on', async () => {
    bench.daemon.stored.length = 0;
    const payload = { text: 'x'.repeat(200_000) };
    for (let i = 0; i < 60; i++) {
      bench.daemon.stored.push({
        position: i + 1,
        received_at: NOW,
        event: {
          ...bench.daemon.stored[0]?.event,
          event_id: `e${i}`,
          event_type: 'big.one',
          payload,
        } as never,
      });
    }
    const first = await ask(bench, 'GET', '/v1/events?limit=1000&order=oldest');
    expect(first.body.items).toHaveLength(50);
    const second = await ask(bench, 'GET', `/v1/events?limit=1000&order=oldest&cursor=${first.body.next}`);
    expect(ids(second.body.items)[0]).toBe('e50');
  });

  it.each([['limit=1'], ['limit=1000']])('take %s', async (query) => {
    expect((await ask(bench, 'GET', `/v1/launches?${query}`)).status).toBe(200);
  });
});

describe('what interferes', () => {
  it('redrives a launch under its own id, with or without a body', async () => {
    expect(await ask(bench, 'POST', '/v1/launches/dead-1/redrive')).toMatchObject({
      status: 200,
      body: { launch_id: 'dead-1', status: 'pending' },
    });
    expect((await ask(bench, 'POST', '/v1/launches/dead-1/redrive', { body: {} })).status).toBe(200);
  });

  it('resets a group, or all', async () => {
    const reset = (body: unknown): ReturnType<typeof ask> =>
      ask(bench, 'POST', '/v1/triggers/ship-order/reset', { body });
    expect((await reset({ group: { 'payload.region': 'eu' } })).body).toEqual({
      trigger_id: 'ship-order',
      groups: 1,
    });
    expect((await reset({ group: null })).body).toEqual({ trigger_id: 'ship-order', groups: 2 });
    expect(bench.daemon.resets.map(({ group }) => group)).toEqual([{ 'payload.region': 'eu' }, null]);
  });

  it.each([
    ['2h', NOW + 7_200_000],
    ['2026-03-02T00:00:00+01:00', Date.parse('2026-03-01T23:00:00Z')],
    [null, null],
  ])('snoozes until %s', async (until, expected) => {
    const { status, body } = await ask(bench, 'POST', '/v1/triggers/notify/snooze', { body: { until } });
    expect(status).toBe(200);
    expect(bench.daemon.snoozedUntil).toBe(expected);
    expect(body).toEqual({
      trigger_id: 'notify',
      snoozed_until: expected === null ? null : formatTime(expected),
    });
  });
});

describe('a dry run', () => {
  it('says what an event would lead to, and takes nothing', async () => {
    const { status, body } = await ask(bench, 'POST', '/v1/dry-run', {
      body: { event_id: 'a', event_type: 'x.y' },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ruleset_hash: RULESET,
      event_id: 'a',
      duplicate: true,
      suppressed: [{ gate: 'cooldown', at: '2026-03-01T12:00:00Z', until: '2026-03-01T12:00:01Z' }],
    });
    expect(body.why).toHaveLength(3);
    expect(bench.daemon.stored).toHaveLength(4);
  });

  it('explains one trigger when asked for it', async () => {
    const { body } = await ask(bench, 'POST', '/v1/dry-run?trigger=watch', { body: {} });
    expect(body.why.map(({ trigger_id }: { readonly trigger_id: string }) => trigger_id)).toEqual(['watch']);
  });

  it('is of one event', async () => {
    for (const body of [[], [{}, {}]]) {
      expect(await ask(bench, 'POST', '/v1/dry-run', { body })).toMatchObject({
        status: 400,
        body: { error: { code: 'body-invalid' } },
      });
    }
    expect((await ask(bench, 'POST', '/v1/dry-run', { body: [{}] })).status).toBe(200);
  });
});

describe('what is refused', () => {
  it.each([
    ['GET', '/v1/events/nope', undefined, 404, 'event-unknown'],
    ['GET', '/v1/launches/nope', undefined, 404, 'launch-unknown'],
    ['GET', '/v1/triggers/nope', undefined, 404, 'trigger-unknown'],
    ['POST', '/v1/launches/nope/redrive', undefined, 404, 'launch-unknown'],
    ['POST', '/v1/launches/busy-1/redrive', undefined, 409, 'launch-unfinished'],
    ['POST', '/v1/launches/dead-1/redrive', { now: 1 }, 400, 'body-invalid'],
    ['POST', '/v1/triggers/nope/reset', { group: null }, 404, 'trigger-unknown'],
    ['POST', '/v1/triggers/nope/snooze', { until: null }, 404, 'trigger-unknown'],
    ['POST', '/v1/triggers/watch/snooze', { untl: null }, 400, 'body-invalid'],
    ['POST', '/v1/dry-run?trigger=nope', {}, 404, 'trigger-unknown'],
    ['GET', '/v1/events?cursor=x', undefined, 400, 'usage'],
    ['GET', '/v1/events?limt=1', undefined, 400, 'query-invalid'],
    ['GET', '/v1/stats?x=1', undefined, 400, 'query-invalid'],
    ['GET', '/v1', undefined, 404, 'not-found'],
    ['GET', '/favicon.ico', undefined, 404, 'not-found'],
    ['DELETE', '/v1/events', undefined, 405, 'method-not-allowed'],
    ['GET', '/v1/dry-run', undefined, 405, 'method-not-allowed'],
    ['PUT', '/v1/triggers/watch/reset', { group: null }, 405, 'method-not-allowed'],
  ])('%s %s %j is answered %i %s', async (method, path, body, status, code) => {
    const reply = await ask(bench, method, path, body === undefined ? {} : { body });
    expect(reply.status).toBe(status);
    expect(reply.body.error).toMatchObject({ code });
    expect(Object.keys(reply.body)).toEqual(['error']);
  });

  it.each([
    ['DELETE', '/v1/events', 'POST, GET, HEAD'],
    ['PUT', '/v1/triggers/a/reset', 'POST'],
    ['POST', '/healthz', 'GET, HEAD'],
  ])('%s %s says what is allowed', async (method, path, allow) => {
    expect((await ask(bench, method, path)).headers.get('allow')).toBe(allow);
  });

  it.each([
    ['/v1/events?limt=1', 'did you mean limit?'],
    ['/v1/launches?satus=dead', 'did you mean status?'],
    ['/v1/launches?status=ded', 'did you mean dead?'],
    ['/v1/events?order=newset', 'did you mean newest?'],
    ['/v1/stats?verbose=1', 'it takes no parameters'],
    ['/v1/events?since=yesterday', 'for example 2026-01-31T12:00:00Z or 1h30m'],
  ])('%s comes with a hint', async (path, hint) => {
    expect((await ask(bench, 'GET', path)).body.error.hint).toBe(hint);
  });

  it('names every fault of a query at once', async () => {
    const { body } = await ask(bench, 'GET', '/v1/events?limt=1&order=x&since=y');
    expect(body.error.message.split('; ')).toHaveLength(3);
  });
});
