import { isObject } from '../kernel/json.js';
import type { SourceHost } from '../ports/source.js';
import { wait } from '../ports/wait.js';

/** How far a file was read: everything before `offset` is durable. */
export interface Bookmark {
  /** Which file it was. The device is left out: its number may change when the machine starts anew. */
  readonly inode: string;
  /** SHA-256 of its first `headBytes` bytes: an inode is given out again after a file is deleted. */
  readonly headBytes: number;
  readonly headHash: string;
  /** Bytes, and lines, from the start. */
  readonly offset: number;
  readonly line: number;
  /** How many files were read here before this one. */
  readonly generation: number;
}

/** What was written; null when there is nothing, or nothing that is understood. */
export function parseBookmark(text: string | null): Bookmark | null {
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  const { inode, headBytes, headHash, offset, line, generation } = value as Partial<Bookmark>;
  const counts = [headBytes, offset, line, generation];
  if (typeof inode !== 'string' || typeof headHash !== 'string') return null;
  if (!counts.every((count) => Number.isSafeInteger(count) && (count as number) >= 0)) return null;
  return value as unknown as Bookmark;
}

/** Bookmarks are written one after another, the newest only, and not more often than this. */
const PAUSE_MS = 250;

export interface BookmarkKeeper {
  /** Is written soon. */
  set(bookmark: Bookmark): void;
  /** When the last one is written, without a pause. */
  settle(): Promise<void>;
}

/** One that cannot be written is told and left: after a restart some lines are read again, and known already. */
export function createBookmarkKeeper(host: SourceHost, source: string): BookmarkKeeper {
  let waiting: Bookmark | null = null;
  let writing: Promise<void> | null = null;
  const hurry = new AbortController();

  const writeAll = async (): Promise<void> => {
    while (waiting !== null) {
      const text = JSON.stringify(waiting);
      waiting = null;
      try {
        await host.bookmark.write(text);
      } catch (error) {
        host.log.warn('how far a file was read cannot be written down', {
          source,
          problem: error instanceof Error ? error.message : String(error),
        });
      }
      await wait(host.clock, PAUSE_MS, hurry.signal);
    }
    writing = null;
  };
  return {
    set(bookmark) {
      waiting = bookmark;
      writing ??= writeAll();
    },
    async settle() {
      hurry.abort();
      await writing;
    },
  };
}
