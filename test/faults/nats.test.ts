import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { USUAL_TIMES } from '../../src/sources/nats/times.js';
import { hasNatsServer } from '../support/nats-server.js';
import { streamRun } from './nats/run.js';
import type { Plant } from './plants.js';
import { bundlePrograms, type Programs } from './support/bundle.js';

/*
 * A few kills of what npm run faults:nats does by the dozen; and a bug that it must not let through.
 */
describe.runIf(hasNatsServer)('a daemon that reads a stream and is killed', () => {
  let programs: Programs;
  beforeAll(async () => {
    programs = await bundlePrograms();
  }, 60_000);
  afterAll(() => programs?.remove());

  const run = (kills: number, plant: Plant | null): ReturnType<typeof streamRun> =>
    streamRun({
      kills,
      rate: 200,
      seed: 1,
      lifeMs: 100,
      early: 0,
      daemon: { times: { ...USUAL_TIMES, ackWaitMs: 300 }, lateMs: 50, plant },
      drainMs: 30_000,
      programs,
      progress: () => undefined,
    });

  test('decides every message once, in the order of the stream', async () => {
    const { violations, journal, published, launches, effects, redelivered } = await run(2, null);
    expect(violations.lines()).toEqual([]);
    expect([journal, effects]).toEqual([published, launches]);
    expect(launches).toBeGreaterThan(10);
    // What was durable and not acknowledged came again.
    expect(redelivered).toBeGreaterThan(0);
  }, 60_000);

  test('is caught when it acknowledges before an event is durable', async () => {
    const { violations } = await run(1, 'early-source');
    expect(violations.counts.get('message lost')).toBeGreaterThan(0);
  }, 60_000);
});
