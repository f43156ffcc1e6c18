import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '../../kernel/fault.js';
import type { Database, OpenDatabase } from './driver.js';
import { errorCode } from './sqlite-fault.js';

/** How long a predecessor that is just ending is waited for. */
const LOCK_WAIT_MS = 1_000;

/** The files of a data folder. */
export interface DataFolder {
  readonly directory: string;
  readonly database: string;
  readonly ballast: string;
  readonly lock: string;
  /** Whose lock it is, for the message to the one who comes second; the lock itself is another file. */
  readonly owner: string;
}

/** Where the files of a data folder are. */
export function dataFolder(directory: string): DataFolder {
  const file = (ending: string): string => join(directory, `triggerd.${ending}`);
  return {
    directory,
    database: file('db'),
    ballast: file('ballast'),
    lock: file('lock'),
    owner: file('pid'),
  };
}

/** Makes the folder and the empty files, readable for their owner only. Throws a Fault (`settings`) when it cannot. */
export function makeDataFolder({ directory, database, lock }: DataFolder): void {
  try {
    const made = mkdirSync(directory, { recursive: true, mode: 0o700 });
    // The process's umask may have taken away more than it should.
    if (made !== undefined) chmodSync(directory, 0o700);
    const isNew = makeFile(database);
    makeFile(lock);
    // A file whose directory entry was never written is not there after a power cut, however often it was synced itself.
    if (isNew) syncFolder(directory);
    if (made !== undefined) syncFolder(dirname(made));
  } catch (cause) {
    if (errorCode(cause) === 'ENOSPC') throw cause;
    throw new Fault(
      'settings',
      `the data folder ${directory} cannot be written: ${(cause as Error).message}`,
      {
        hint: 'give a folder that this user may write',
        cause,
      },
    );
  }
}

function makeFile(file: string): boolean {
  try {
    closeSync(openSync(file, 'wx', 0o600));
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    return false;
  }
}

function syncFolder(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Takes the folder for this process: an exclusive transaction on an empty database of its own, which the kernel ends with
 * the process, however that ends. Returns how to give it back. Throws a Fault (`store-busy`).
 */
export function lockDataFolder(folder: DataFolder, openDatabase: OpenDatabase): () => void {
  const lock: Database = openDatabase(folder.lock, { timeout: LOCK_WAIT_MS });
  try {
    // Nothing is ever written to it, so nothing has to be undone.
    lock.pragma('journal_mode = MEMORY');
    lock.pragma('locking_mode = EXCLUSIVE');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!errorCode(error).startsWith('SQLITE_BUSY')) throw error;
    throw new Fault('store-busy', `${ownerOf(folder)} uses the data folder ${folder.directory}`, {
      hint: 'stop it, or give this one another data folder',
      cause: error,
    });
  }
  try {
    writeFileSync(folder.owner, `${process.pid}\n`, { mode: 0o600 });
  } catch (error) {
    // It is for a message only, and a full disk must not keep the daemon from starting to make room.
    if (errorCode(error) !== 'ENOSPC') {
      lock.close();
      throw error;
    }
  }
  return () => {
    rmSync(folder.owner, { force: true });
    lock.close();
  };
}

function ownerOf({ owner }: DataFolder): string {
  try {
    const pid = readFileSync(owner, 'utf8').trim();
    return /^\d+$/.test(pid) ? `another process (pid ${pid})` : 'another process';
  } catch {
    return 'another process';
  }
}
