import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { killRun, type KillOptions } from './kill/run.js';
import { bundlePrograms, type Programs } from './support/bundle.js';

/*
 * A few kills of what npm run faults:kill does by the hundred; and the bugs that it must not let through.
 */
let programs: Programs;
beforeAll(async () => {
  programs = await bundlePrograms();
}, 60_000);
afterAll(() => programs.remove());

const run = (options: Pick<KillOptions, 'kills' | 'seed' | 'early' | 'plant'>): ReturnType<typeof killRun> =>
  killRun({
    ...options,
    rate: 500,
    lifeMs: 250,
    daemon: 'test',
    drainMs: 60_000,
    // On a machine that is busy with other tests, the load must not outgrow what is left of it.
    mostWaiting: 1_000,
    programs,
    progress: () => undefined,
  });

test('nothing is lost and nothing happens twice, however often the daemon is killed', async ({ expect }) => {
  const { violations, launches, effects, kills } = await run({ kills: 5, seed: 1, early: 0.3, plant: null });
  expect(violations.lines()).toEqual([]);
  expect(kills).toBe(5);
  expect(effects).toBe([...launches.values()].reduce((sum, count) => sum + count, 0));
  // Each sort of memory was put to the test.
  expect([...launches.keys()]).toEqual(
    expect.arrayContaining(['plain', 'burst', 'bought', 'limited', 'cooled', 'later', 'followed']),
  );
}, 120_000);

describe.each([
  ['early-acknowledgement', 'acknowledged event lost', 3],
  ['separate-outbox', 'decided launch lost', 4],
  ['early-done', 'effect missing', 3],
] as const)('a daemon with the bug %s', (plant, kind, kills) => {
  test('is caught', async () => {
    const { violations } = await run({ kills, seed: 2, early: 0, plant });
    expect(violations.counts.get(kind)).toBeGreaterThan(0);
  }, 120_000);
});
