import type { Intake, Source, SourceHost, SourceKind } from '../ports/source.js';
import { type Bookmark, createBookmarkKeeper, parseBookmark } from './bookmark.js';
import { lineId, withEventId } from './event-id.js';
import { findMarked, type FollowedFile, openFollowed } from './followed-file.js';
import { createLinePump } from './line-pump.js';
import { createLineSplitter, type Line } from './line-splitter.js';
import { createSuccession, type Succession } from './succession.js';
import { wait } from '../ports/wait.js';

/** How often a file that does not grow is looked at. */
const LOOK_MS = 200;
/** So often in a row a file that was renamed away must have nothing new, before the one in its place is read: its writer may still write. */
const QUIET_LOOKS = 5;
/** After the system failed to read: a network share that comes back. */
const RETRY_MS = 5_000;
const CHUNK_BYTES = 64 * 1024;

/** Events from a file that grows, one JSON object a line, however it is rotated. */
export const follow: SourceKind = {
  name: 'follow',
  summary: 'events from a file as it grows, one a line (JSON Lines)',
  plan: ({ follow: paths }) =>
    [...new Set(paths)].map((path) => ({
      name: `follow:${path}`,
      create: (host): Source => ({ run: (intake, signal) => followPath(path, intake, host, signal) }),
    })),
};

/** A file, and from where it is to be read. */
interface Start {
  readonly file: FollowedFile;
  readonly offset: number;
  readonly line: number;
}

async function followPath(
  path: string,
  intake: Intake,
  host: SourceHost,
  signal: AbortSignal,
): Promise<void> {
  const keeper = createBookmarkKeeper(host, path);
  let mark = parseBookmark(host.bookmark.read());
  const keep = (reached: Bookmark): void => {
    mark = reached;
    keeper.set(reached);
  };
  let generation = mark?.generation ?? 0;
  let start = mark === null ? null : await startAt(path, mark);
  if (mark !== null && start === null) {
    generation++;
    host.log.warn('the file that was followed is gone or was written anew; what was not read of it is lost', {
      source: path,
    });
  }
  let succession: Succession | null = null;
  const endSuccession = async (): Promise<void> => {
    await succession?.close();
    succession = null;
  };
  try {
    while (!signal.aborted) {
      if (start === null) {
        let file: FollowedFile | null = succession?.next() ?? null;
        if (file === null) {
          // Ended first: what is opened here it must not open too.
          await endSuccession();
          file = await awaitFile(path, host, signal);
        }
        if (file === null) break;
        start = { file, offset: 0, line: 0 };
      }
      succession ??= createSuccession(path, start.file.inode, host);
      const end = await readFile(path, start, generation, succession, { intake, host, signal, keep });
      start = null;
      if (end === 'closed') break;
      if (end === 'next') generation++;
      else {
        await endSuccession();
        await wait(host.clock, RETRY_MS, signal);
        start = mark === null ? null : await startAt(path, mark);
      }
    }
  } finally {
    await endSuccession();
    await keeper.settle();
  }
}

async function startAt(path: string, mark: Bookmark): Promise<Start | null> {
  const file = await findMarked(path, mark);
  return file === null ? null : { file, offset: mark.offset, line: mark.line };
}

/** Waits until the file can be opened; null when the signal aborts before. Trouble is told once until it is over. */
async function awaitFile(path: string, host: SourceHost, signal: AbortSignal): Promise<FollowedFile | null> {
  let told = '';
  while (!signal.aborted) {
    let problem = 'there is no such file yet';
    try {
      const file = await openFollowed(path);
      if (file !== null) {
        if (told !== '') host.log.info('a file to follow can be read now', { source: path });
        return file;
      }
    } catch (error) {
      problem = (error as Error).message;
    }
    if (problem !== told) host.log.warn('a file to follow cannot be read yet', { source: path, problem });
    told = problem;
    await wait(host.clock, LOOK_MS, signal);
  }
  return null;
}

interface Reader {
  readonly intake: Intake;
  readonly host: SourceHost;
  readonly signal: AbortSignal;
  readonly keep: (bookmark: Bookmark) => void;
}

/**
 * Reads one file to its end, and on as it grows: until another is in its place, or it was cut or written anew (`next`),
 * nothing more is taken (`closed`), or the system fails to read it (`broken`). Everything handed over is answered then.
 */
async function readFile(
  path: string,
  start: Start,
  generation: number,
  succession: Succession,
  reader: Reader,
): Promise<'next' | 'closed' | 'broken'> {
  const { file } = start;
  const { host, signal } = reader;
  const pump = createLinePump({
    intake: reader.intake,
    host,
    signal,
    source: path,
    reached: ({ end, number }) => reader.keep({ ...file.mark(end, number), generation }),
  });
  const splitter = createLineSplitter(start);
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const identity = `${path}\n${generation}`;
  let position = start.offset;
  let quietLooks = 0;
  const hand = async (lines: readonly Line[]): Promise<boolean> => {
    for (const line of lines) {
      const { text } = line;
      const taken =
        text === null
          ? pump.skip(line)
          : pump.add(
              line,
              withEventId(text, () => lineId(identity, line.offset, text)),
            );
      if (!(await taken)) return false;
    }
    return true;
  };
  const readOn = async (): Promise<'next' | 'closed'> => {
    while (!signal.aborted) {
      const bytesRead = await file.read(chunk, position);
      if (!(await file.isWhole(position + bytesRead))) {
        host.log.info('a followed file was cut or written anew, and is read from its start', {
          source: path,
        });
        return 'next';
      }
      position += bytesRead;
      if (bytesRead > 0) {
        quietLooks = 0;
        if (!(await hand(splitter.push(chunk.subarray(0, bytesRead))))) return 'closed';
        continue;
      }
      quietLooks = succession.hasNext ? quietLooks + 1 : 0;
      if (quietLooks > QUIET_LOOKS) {
        // Nobody will write the rest of its last line.
        if (!(await hand(splitter.rest()))) return 'closed';
        host.log.info('another file is in the place of a followed one, and is read now', { source: path });
        return 'next';
      }
      await wait(host.clock, LOOK_MS, signal);
    }
    return 'closed';
  };
  try {
    const end = await readOn().catch((error: NodeJS.ErrnoException) => {
      if (error.syscall === undefined) throw error;
      host.log.error('a followed file cannot be read, and is tried again', {
        source: path,
        problem: error.message,
      });
      return 'broken' as const;
    });
    await pump.drain();
    return end;
  } finally {
    await file.close();
  }
}
