import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Bookmark } from './bookmark.js';

/** So much of a file's beginning tells it from another one. */
const HEAD_BYTES = 512;

/** A file that is being read. Opened once, closed once. */
export interface FollowedFile {
  readonly inode: string;
  /** Bytes behind `position` into `buffer`; 0 at the end. */
  read(buffer: Buffer, position: number): Promise<number>;
  /**
   * Whether what was read up to `position` is still what stands there: else it was cut, or written anew. Asked after
   * reading: what was read may be the middle of something new.
   */
  isWhole(position: number): Promise<boolean>;
  /** Whether a bookmark is about this file, and it still holds what was read of it. */
  isMarked(mark: Bookmark): Promise<boolean>;
  /** A bookmark at a place up to which the file was read. */
  mark(offset: number, line: number): Omit<Bookmark, 'generation'>;
  close(): Promise<void>;
}

/** Opens a regular file; null when there is none. Throws what the system says, and for what is no regular file. */
export async function openFollowed(path: string): Promise<FollowedFile | null> {
  let handle: FileHandle;
  try {
    // Opening a pipe would wait for a writer.
    if (!(await stat(path)).isFile()) throw new Error('it is no regular file');
    handle = await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return await follow(handle);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function follow(handle: FileHandle): Promise<FollowedFile> {
  const { ino } = await handle.stat({ bigint: true });
  let head = await readHead(handle, HEAD_BYTES);
  return {
    inode: String(ino),
    async read(buffer, position) {
      return (await handle.read(buffer, 0, buffer.length, position)).bytesRead;
    },
    async isWhole(position) {
      if ((await handle.stat()).size < position) return false;
      const now = await readHead(handle, HEAD_BYTES);
      if (!now.subarray(0, head.length).equals(head)) return false;
      head = now;
      return true;
    },
    async isMarked({ inode, headBytes, headHash, offset }) {
      if (inode !== String(ino) || head.length < headBytes || (await handle.stat()).size < offset)
        return false;
      return hashOf(head.subarray(0, headBytes)) === headHash;
    },
    mark(offset, line) {
      const headBytes = Math.min(head.length, offset);
      return {
        inode: String(ino),
        headBytes,
        headHash: hashOf(head.subarray(0, headBytes)),
        offset,
        line,
      };
    },
    close: () => handle.close(),
  };
}

async function readHead(handle: FileHandle, sizeBytes: number): Promise<Buffer> {
  const bytes = Buffer.alloc(sizeBytes);
  let filled = 0;
  while (filled < sizeBytes) {
    const { bytesRead } = await handle.read(bytes, filled, sizeBytes - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The inode a path leads to now; null when nothing is there, or it cannot be told. */
export async function inodeAt(path: string): Promise<string | null> {
  try {
    return String((await stat(path, { bigint: true })).ino);
  } catch {
    return null;
  }
}

/**
 * The file that a bookmark is about, where it is now: under its own path, or under another name beside it, as rotation
 * leaves it. Null when it is gone, or was written anew.
 */
export async function findMarked(path: string, mark: Bookmark): Promise<FollowedFile | null> {
  const here = await openMarked(path, mark);
  if (here !== null) return here;
  const folder = dirname(path);
  let names: string[];
  try {
    names = await readdir(folder);
  } catch {
    // The folder is not there: neither is the file.
    return null;
  }
  for (const name of names) {
    if (name === basename(path)) continue;
    const found = await openMarked(join(folder, name), mark);
    if (found !== null) return found;
  }
  return null;
}

async function openMarked(path: string, mark: Bookmark): Promise<FollowedFile | null> {
  try {
    if ((await inodeAt(path)) !== mark.inode) return null;
    const file = await openFollowed(path);
    if (file === null) return null;
    if (await file.isMarked(mark)) return file;
    await file.close();
  } catch {
    // What cannot be opened cannot be read on; the path itself is tried again, and its trouble told, by the reader.
  }
  return null;
}
