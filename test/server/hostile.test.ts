import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, type HttpBench, startHttp } from './http-bench.js';
import { HOSTILE_REQUESTS, type HostileRequest } from './hostile-requests.js';
import { type RawOutcome, sendRaw } from './raw-request.js';

const AT_ONCE = 16;
const HANG_MS = 2_000;

describe('hostile requests', () => {
  let bench: HttpBench;
  const outcomes = new Map<string, RawOutcome>();
  const served: { readonly read: number; readonly taken: number; readonly tookMs: number }[] = [];

  beforeAll(async () => {
    bench = await startHttp({ requestTimeoutMs: 400 });
    // The good client has its connection before the others come.
    await ask(bench, 'GET', '/v1/stats');
    let ended = false;
    const good = (async () => {
      for (let n = 0; !ended; n++) {
        const began = performance.now();
        const read = await ask(bench, 'GET', '/v1/stats');
        const taken = await ask(bench, 'POST', '/v1/events', {
          body: { event_type: 'good.one', event_id: `good-${n}` },
        });
        served.push({ read: read.status, taken: taken.status, tookMs: performance.now() - began });
      }
    })();
    const waiting = [...HOSTILE_REQUESTS];
    const sendAll = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        outcomes.set(next.name, await sendRaw(bench.port, next.raw));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, sendAll));
    ended = true;
    await good;
  }, 30_000);

  afterAll(() => bench.close());

  it('are at least 150 different ones', () => {
    expect(HOSTILE_REQUESTS.length).toBeGreaterThanOrEqual(150);
    expect(new Set(HOSTILE_REQUESTS.map(({ name }) => name)).size).toBe(HOSTILE_REQUESTS.length);
  });

  it.each(HOSTILE_REQUESTS.map((request): [string, HostileRequest] => [request.name, request]))(
    '%s',
    (name) => {
      const { statuses, closed, tookMs, text } = outcomes.get(name) as RawOutcome;
      expect(
        statuses.filter((status) => status < 400 || status > 499),
        text.slice(0, 500),
      ).toEqual([]);
      expect(statuses.length > 0 || closed, 'neither an answer nor an end').toBe(true);
      expect(tookMs).toBeLessThan(HANG_MS);
      if (statuses.length > 0) expect(text).toContain('{"error":{"code":"');
    },
  );

  it('leave nothing behind', () => {
    expect(bench.daemon.stored.filter(({ event }) => event.event_type !== 'good.one')).toEqual([]);
    expect(bench.daemon.resets).toEqual([]);
    expect(bench.daemon.snoozedUntil).toBeNull();
    expect(bench.errors).toEqual([]);
    expect(({} as Record<string, unknown>)['event_type']).toBeUndefined();
  });

  it('do not keep a good client waiting', () => {
    expect(served.length).toBeGreaterThan(5);
    expect(served.filter(({ read, taken }) => read !== 200 || taken !== 202)).toEqual([]);
    expect(Math.max(...served.map(({ tookMs }) => tookMs))).toBeLessThan(HANG_MS);
  });
});
