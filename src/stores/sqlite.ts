import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Fault } from '../kernel/fault.js';
import type { Log } from '../kernel/log.js';
import type { Store } from '../ports/store.js';
import { notOpen } from './check-commit.js';
import { UNFINISHED } from './launch-progress.js';
import { dataFolder } from './sqlite/data-folder.js';
import { loadDriver } from './sqlite/driver.js';
import { openSession, type Session } from './sqlite/session.js';
import { toFault } from './sqlite/sqlite-fault.js';

/** Rows read at once from what is read to its end. */
const CHUNK_ROWS = 100;

export interface SqliteStoreOptions {
  /** The data folder; made when it is not there. */
  readonly directory: string;
  readonly log: Log;
  /** Space held in reserve against a full disk; 0 = none. */
  readonly ballastBytes?: number;
  /** Loads the SQLite library. */
  readonly load?: Parameters<typeof loadDriver>[0];
}

/**
 * A store in one SQLite database, for one process. Every call does its work before it returns: the promises of the port
 * are resolved at once. See sqlite.rationale.md.
 */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  const { log, ballastBytes = 8 * 1_048_576, load } = options;
  const folder = dataFolder(resolve(options.directory));
  let session: Session | null = null;
  /** Once set, nothing is promised any more. */
  let failed: Fault | null = null;

  function guard<T>(work: (session: Session) => T): T {
    if (failed !== null) throw failed;
    if (session === null) throw notOpen();
    try {
      return work(session);
    } catch (error) {
      const fault = toFault(error, folder.directory);
      if (fault.code === 'store-failed' || fault.code === 'store-corrupt') failed = fault;
      throw fault;
    }
  }

  const stateChunk = (prefix: string, after: string | null) =>
    guard((opened) => opened.stateRows(prefix, after, CHUNK_ROWS));
  const unfinishedChunk = (after: number) =>
    guard(({ queries }) => queries.launchesOf(UNFINISHED, after, CHUNK_ROWS));

  return {
    async open() {
      try {
        session ??= openSession(folder, await loadDriver(load), ballastBytes, log);
      } catch (error) {
        throw toFault(error, folder.directory);
      }
      return guard(({ reached }) => reached());
    },
    *state(prefix = '') {
      let after: string | null = null;
      for (;;) {
        const rows = stateChunk(prefix, after);
        yield* rows;
        if (rows.length < CHUNK_ROWS) return;
        after = rows.at(-1)?.key ?? null;
      }
    },
    *unfinished() {
      let after: number | null = 0;
      while (after !== null) {
        const chunk: ReturnType<typeof unfinishedChunk> = unfinishedChunk(after);
        yield* chunk.items;
        after = chunk.next;
      }
    },
    known: (eventIds, sinceMs) => guard((opened) => opened.known(eventIds, sinceMs)),
    async commit(commit) {
      guard((opened) => opened.commit(commit));
    },
    event: (eventId) => guard(({ queries }) => queries.event(eventId)),
    events: (query) => guard(({ queries, tally }) => queries.events(query, tally())),
    launch: (launchId) => guard(({ queries }) => queries.launch(launchId)),
    launches: (query) => guard(({ queries, tally }) => queries.launches(query, tally())),
    decisions: (query) => guard(({ queries, tally }) => queries.decisions(query, tally())),
    counts() {
      return guard(({ tally }) => ({ events: tally().events, launches: { ...tally().launches } }));
    },
    async prune(retention) {
      return guard((opened) => opened.prune(retention));
    },
    sizeBytes() {
      return guard(() => fileBytes(folder.database) + fileBytes(`${folder.database}-wal`));
    },
    async close() {
      const closing = session;
      session = null;
      try {
        closing?.close(failed === null);
      } catch (error) {
        throw toFault(error, folder.directory);
      }
    },
  };
}

function fileBytes(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
