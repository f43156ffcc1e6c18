import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Plant } from './plants.js';
import { reloadRun } from './reload/run.js';
import { bundlePrograms, type Programs } from './support/bundle.js';

/*
 * A few changes of what npm run faults:reload makes by the thousand; and the bugs that it must not let through.
 */
let programs: Programs;
beforeAll(async () => {
  programs = await bundlePrograms();
}, 60_000);
afterAll(() => programs.remove());

const run = (reloads: number, plant: Plant | null): ReturnType<typeof reloadRun> =>
  reloadRun({
    reloads,
    rate: 500,
    // Draws every sort of change within the first sixteen.
    seed: 116,
    settleMs: 30,
    // A second, were it not for all the other tests beside this one.
    visibleMs: 10_000,
    mostWaiting: 500,
    plant,
    programs,
    progress: () => undefined,
  });

test.concurrent('every event is decided by one whole rule set, and nothing is forgotten', async ({
  expect,
}) => {
  const { violations, changes, ruleSets, refused, taken } = await run(16, null);
  expect(violations.lines()).toEqual([]);
  expect(changes.size).toBe(10);
  expect(taken).toBeGreaterThan(10);
  expect(refused).toBeGreaterThan(0);
  expect(ruleSets).toBeGreaterThan(5);
}, 120_000);

describe.concurrent.each([
  ['forget-state', 'memory lost or made up'],
  ['stale-hash', 'launch of other rules than it names'],
] as const)('a daemon with the bug %s', (plant, kind) => {
  test('is caught', async ({ expect }) => {
    const { violations } = await run(4, plant);
    expect(violations.counts.get(kind)).toBeGreaterThan(0);
  }, 120_000);
});
