import type { App, RunIo } from '../engine/api.js';
import { processStreams } from './process-streams.js';
import type { Streams } from './streams.js';
import { beforeTerminator } from './terminator.js';

/** What a caller other than the shell puts in place of the process. */
export interface MainOverrides {
  readonly streams?: Streams;
  readonly createApp?: (io: RunIo) => App;
}

/** Runs one command line (without `node` and the script) and returns its exit code; never throws. */
export async function main(argv: readonly string[], overrides: MainOverrides = {}): Promise<number> {
  const streams = overrides.streams ?? processStreams();
  if (beforeTerminator(argv).some((word) => word === '--version' || word === '-V')) {
    // Asked for by scripts, again and again: nothing else is loaded for it.
    const { packageVersion } = await import('./version.js');
    streams.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  const { runSession } = await import('./session.js');
  return runSession({
    argv,
    streams,
    createApp: overrides.createApp ?? null,
    ownsProcess: overrides.streams === undefined,
  });
}
