import { Fault } from '../kernel/fault.js';
import type { Commit } from '../ports/store.js';

/** Throws a Fault (`internal`) unless the commit's events follow on the journal without a gap and end at its position. */
export function checkCommit(commit: Commit, reached: number): void {
  let position = reached;
  for (const stored of commit.events) {
    if (stored.position !== ++position) {
      throw new Fault('internal', `journal position ${stored.position} does not follow ${position - 1}`);
    }
  }
  if (commit.position !== position) {
    throw new Fault('internal', `the commit says position ${commit.position}, its events end at ${position}`);
  }
}

/** The fault of a store that is used before `open` or after `close`. */
export function notOpen(): Fault {
  return new Fault('internal', 'the store is not open');
}
