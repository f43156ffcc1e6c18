import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fewKills } from './kill/few-kills.js';
import { bundlePrograms, type Programs } from './support/bundle.js';

// The bugs that a run of kills must not let through.
let programs: Programs;
beforeAll(async () => {
  programs = await bundlePrograms();
}, 60_000);
afterAll(() => programs.remove());

describe.each([
  ['early-acknowledgement', 'acknowledged event lost', 3],
  ['separate-outbox', 'decided launch lost', 4],
  ['early-done', 'effect missing', 3],
] as const)('a daemon with the bug %s', (plant, kind, kills) => {
  test('is caught', async () => {
    const { violations } = await fewKills(programs, { kills, seed: 2, early: 0, plant });
    expect(violations.counts.get(kind)).toBeGreaterThan(0);
  }, 120_000);
});
