import { afterAll, beforeAll, expect, test } from 'vitest';
import { fewKills } from './kill/few-kills.js';
import { bundlePrograms, type Programs } from './support/bundle.js';

// A few kills of what npm run faults:kill does by the hundred.
let programs: Programs;
beforeAll(async () => {
  programs = await bundlePrograms();
}, 60_000);
afterAll(() => programs.remove());

test('nothing is lost and nothing happens twice, however often the daemon is killed', async () => {
  const { violations, launches, effects, kills } = await fewKills(programs, {
    kills: 5,
    seed: 1,
    early: 0.3,
    plant: null,
  });
  expect(violations.lines()).toEqual([]);
  expect(kills).toBe(5);
  expect(effects).toBe([...launches.values()].reduce((sum, count) => sum + count, 0));
  // Each sort of memory was put to the test.
  expect([...launches.keys()]).toEqual(
    expect.arrayContaining(['plain', 'burst', 'bought', 'limited', 'cooled', 'later', 'followed']),
  );
}, 120_000);
