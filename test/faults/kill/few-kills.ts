import { killRun, type KillOptions } from './run.js';
import type { Programs } from '../support/bundle.js';

/** A run of a few kills, for a test. */
export function fewKills(
  programs: Programs,
  options: Pick<KillOptions, 'kills' | 'seed' | 'early' | 'plant'>,
): ReturnType<typeof killRun> {
  return killRun({
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
}
