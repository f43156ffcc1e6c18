import { processesWhere } from './process-list.js';

/** A process that is being found may start another meanwhile, and one that was killed takes a moment to be gone. */
const MAX_PASSES = 5;

/**
 * Kills the processes that carry this environment variable (`NAME=value`), wherever they are: what went into a session of its own
 * is no longer in the group, but has inherited the environment. Only where there is a /proc; a process that cleared its
 * environment is not found. Never rejects.
 */
export async function killMarked(mark: string): Promise<void> {
  const marked = (environment: string): boolean => `\0${environment}`.includes(`\0${mark}\0`);
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const found = await processesWhere('environ', marked);
    if (found === null || found.length === 0) return;
    for (const processId of found) {
      try {
        process.kill(processId, 'SIGKILL');
      } catch {
        // It ended on its own.
      }
    }
  }
}
