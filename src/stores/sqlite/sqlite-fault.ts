import { Fault } from '../../kernel/fault.js';

/** The result code of an error of the SQLite library or of Node (`SQLITE_FULL`, `ENOSPC`), or ''. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** True when there was no space: nothing was written, and it may be tried again. */
export function isFull(error: unknown): boolean {
  const code = errorCode(error);
  // The index of the write-ahead log could not grow; it holds nothing that would have to be durable.
  return code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_IOERR_SHMSIZE';
}

/** The fault behind an error: what it means for what was promised decides the code. */
export function toFault(error: unknown, directory: string): Fault {
  if (error instanceof Fault) return error;
  const code = errorCode(error);
  const reason = error instanceof Error ? error.message : String(error);
  if (isFull(error)) {
    return new Fault('store-full', `no space is left in ${directory}`, {
      hint: 'free space on that disk, or keep less: the retention settings say how long and how much',
      cause: error,
    });
  }
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return corrupt(directory, reason, error);
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    return new Fault('store-busy', `another process uses the data folder ${directory}`, {
      hint: 'stop it, or give this one another data folder',
      cause: error,
    });
  }
  if (/^(SQLITE_(IOERR|CANTOPEN|READONLY|PERM|AUTH)|EIO)/.test(code)) {
    return new Fault(
      'store-failed',
      `the store in ${directory} cannot be relied on any more: ${reason} (${code})`,
      {
        hint: 'end the process, look at the disk, then start again: what was acknowledged is on disk',
        cause: error,
      },
    );
  }
  return new Fault('internal', `the store in ${directory} failed: ${reason}`, { cause: error });
}

/** The fault of a database that does not hold together. */
export function corrupt(directory: string, reason: string, cause?: unknown): Fault {
  return new Fault('store-corrupt', `the store in ${directory} is damaged: ${reason}`, {
    hint: 'move the folder away (keep it), then restore a copy of it, or start with an empty one',
    cause,
  });
}
