import type { SourceHost } from '../ports/source.js';
import { type FollowedFile, inodeAt, openFollowed } from './followed-file.js';
import { wait } from '../ports/wait.js';

/** How often the path is looked at. */
const LOOK_MS = 200;
/** Descriptors held: so many rotations behind, the rest must wait. */
const MAX_OPEN = 64;

/**
 * The files that take a path's place one after another, each opened as soon as it is there: while an old one is still read,
 * because the daemon takes no events, the one behind it may be renamed away too.
 */
export interface Succession {
  readonly hasNext: boolean;
  /** The one after the last; null when there is none yet. It is the caller's to close. */
  next(): FollowedFile | null;
  close(): Promise<void>;
}

export function createSuccession(path: string, first: string, host: SourceHost): Succession {
  const stop = new AbortController();
  const waiting: FollowedFile[] = [];
  let newest = first;
  const look = async (): Promise<void> => {
    const inode = await inodeAt(path);
    if (inode === null || inode === newest || waiting.length >= MAX_OPEN) return;
    // One that cannot be opened yet is tried again at the next look.
    const file = await openFollowed(path).catch(() => null);
    if (file === null) return;
    if (file.inode === newest) {
      await file.close();
    } else {
      newest = file.inode;
      waiting.push(file);
    }
  };
  const watching = (async () => {
    while (!stop.signal.aborted) {
      await look();
      await wait(host.clock, LOOK_MS, stop.signal);
    }
  })();
  return {
    get hasNext() {
      return waiting.length > 0;
    },
    next: () => waiting.shift() ?? null,
    async close() {
      stop.abort();
      await watching;
      for (const file of waiting) await file.close();
    },
  };
}
