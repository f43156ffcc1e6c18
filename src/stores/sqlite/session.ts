import { rmSync } from 'node:fs';
import type { Log } from '../../kernel/log.js';
import type { Commit, Pruned, Recovered, Retention, StateRow } from '../../ports/store.js';
import { createBallast } from './ballast.js';
import { fromColumn, toColumn } from './column-text.js';
import { connect } from './connect.js';
import { type DataFolder, lockDataFolder, makeDataFolder } from './data-folder.js';
import type { Database, OpenDatabase } from './driver.js';
import { createPruneStep } from './prune-step.js';
import { createQueries, type Queries } from './queries.js';
import { inspectDatabase } from './schema.js';
import { isFull, toFault } from './sqlite-fault.js';
import { copyTally, readTally, type Tally } from './tally.js';
import { createCommitWriter } from './write-commit.js';

/** Pages (4 KiB) in the write-ahead log after which they are moved into the database. */
const CHECKPOINT_PAGES = 1_000;

/** A database that is open and ours. Throws the library's errors. */
export interface Session {
  reached(): Recovered;
  tally(): Tally;
  readonly queries: Queries;
  /** State in key order, behind a key; only what starts with the prefix. */
  stateRows(
    prefix: string,
    afterKey: string | null,
    limit: number,
  ): (StateRow & { readonly value: string })[];
  known(eventIds: readonly string[], sinceMs: number): ReadonlySet<string>;
  commit(commit: Commit): void;
  prune(retention: Retention): Pruned & { readonly done: boolean };
  /** `isSound`: an error of moving the log into the database is heard; otherwise what cannot be moved stays in the log. */
  close(isSound: boolean): void;
}

/** Locks the folder, then opens, checks and migrates its database. */
export function openSession(
  folder: DataFolder,
  openDatabase: OpenDatabase,
  ballastBytes: number,
  log: Log,
): Session {
  makeDataFolder(folder);
  const unlock = lockDataFolder(folder, openDatabase);
  try {
    inspectDatabase(folder.database, folder.directory, openDatabase);
    const database = connect(folder.database, folder.directory, openDatabase);
    try {
      // Left by the look at it; the connection that is open now has the database alone and keeps none.
      rmSync(`${folder.database}-shm`, { force: true });
      return startSession(folder, database, ballastBytes, log, unlock);
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    unlock();
    throw error;
  }
}

function startSession(
  folder: DataFolder,
  database: Database,
  ballastBytes: number,
  log: Log,
  unlock: () => void,
): Session {
  const begin = database.prepare('BEGIN IMMEDIATE');
  const end = database.prepare('COMMIT');
  const rollback = database.prepare('ROLLBACK');
  /** Looks at the log without moving anything. */
  const logLength = database.prepare('PRAGMA wal_checkpoint(NOOP)');
  const findId = database.prepare('SELECT received_at FROM event_ids WHERE event_id = ?').pluck();
  const stateFrom = database.prepare('SELECT key, value FROM state WHERE key >= ? ORDER BY key LIMIT ?');
  const stateAfter = database.prepare('SELECT key, value FROM state WHERE key > ? ORDER BY key LIMIT ?');
  const writer = createCommitWriter(database);
  const pruneStep = createPruneStep(database);
  const ballast = createBallast(folder.ballast, ballastBytes, log);
  let tally = readTally(database);
  /** The disk was found full: events wait until the ballast is held again, while what makes room goes on. */
  let isTight = !ballast.hold();

  function transact<T>(work: (draft: Tally) => T): T {
    const draft = copyTally(tally);
    let result: T;
    begin.run();
    try {
      result = work(draft);
      end.run();
      tally = draft;
    } catch (error) {
      writer.forget();
      // Some errors have rolled back already.
      if (database.inTransaction) rollback.run();
      throw error;
    }
    const { log: pages } = logLength.get() as { readonly log: number };
    if (pages >= CHECKPOINT_PAGES) checkpoint('PASSIVE');
    return result;
  }

  /** Moves the log into the database, with TRUNCATE gives its space back; not having the space for that is no reason to end. */
  function checkpoint(mode: 'PASSIVE' | 'TRUNCATE'): void {
    try {
      database.pragma(`wal_checkpoint(${mode})`);
    } catch (error) {
      if (!isFull(error)) throw error;
    }
  }

  /** Does it again in the space of the ballast where that is what the ballast is for. */
  function withBallast<T>(mayUse: boolean, work: (draft: Tally) => T): T {
    try {
      return transact(work);
    } catch (error) {
      if (!isFull(error)) throw error;
      isTight = true;
      ballast.release();
      checkpoint('TRUNCATE');
      if (!mayUse) throw error;
    }
    return transact(work);
  }

  /** True when there is no shortage, or none any more. */
  function isRoomy(): boolean {
    if (isTight && ballast.hold()) {
      isTight = false;
      log.info('There is space on the disk again.');
    }
    return !isTight;
  }

  return {
    reached: () => ({ position: tally.position, now: tally.now }),
    tally: () => tally,
    queries: createQueries(database),
    stateRows(prefix, afterKey, limit) {
      const rows = (
        afterKey === null ? stateFrom.all(toColumn(prefix), limit) : stateAfter.all(toColumn(afterKey), limit)
      ) as (StateRow & { readonly value: string })[];
      return rows
        .map(({ key, value }) => ({ key: fromColumn(key), value }))
        .filter(({ key }) => key.startsWith(prefix));
    },
    known(eventIds, sinceMs) {
      const known = new Set<string>();
      for (const eventId of eventIds) {
        const receivedAt = findId.get(toColumn(eventId)) as number | undefined;
        if (receivedAt !== undefined && receivedAt >= sinceMs) known.add(eventId);
      }
      return known;
    },
    commit(commit) {
      const isIntake = commit.events.length > 0;
      if (isIntake && !isRoomy()) {
        throw toFault(
          Object.assign(new Error('the reserve is not full'), { code: 'ENOSPC' }),
          folder.directory,
        );
      }
      withBallast(!isIntake, (draft) => writer.write(commit, draft));
    },
    prune(retention) {
      const pruned = withBallast(true, (draft) => pruneStep(retention, draft, isTight));
      // The space is given back to the disk when the log is moved into the database, not before.
      if (isTight) checkpoint('TRUNCATE');
      isRoomy();
      return pruned;
    },
    close(isSound) {
      try {
        if (isSound) checkpoint('TRUNCATE');
      } finally {
        database.close();
        unlock();
      }
    },
  };
}
