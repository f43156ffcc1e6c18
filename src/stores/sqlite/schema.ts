import { existsSync, rmSync } from 'node:fs';
import { Fault } from '../../kernel/fault.js';
import type { Database, OpenDatabase } from './driver.js';
import { corrupt } from './sqlite-fault.js';

/** In the file's header, so that a database of another program is not taken for ours: "trgd". */
const APPLICATION_ID = 0x74726764;

/**
 * How the database got its shape: step i brings version i to i + 1. A step that was released is never changed.
 *
 * `high` in events, launches and decisions is the largest time so far: it never goes down from row to row, so that the
 * first row of a time range is found by halving, without an index.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    position INTEGER NOT NULL,
    now INTEGER,
    marks TEXT NOT NULL
  );
  INSERT INTO head VALUES (1, 0, NULL, '{}');

  CREATE TABLE state (key TEXT NOT NULL UNIQUE, value TEXT NOT NULL);

  CREATE TABLE event_ids (
    event_id TEXT PRIMARY KEY,
    received_at INTEGER NOT NULL,
    position INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX event_ids_by_age ON event_ids (received_at);

  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    event_type TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    high INTEGER NOT NULL,
    event TEXT NOT NULL
  );
  CREATE INDEX events_by_type ON events (event_type);

  CREATE TABLE decisions (
    seq INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    event_id TEXT,
    at INTEGER NOT NULL,
    high INTEGER NOT NULL,
    ruleset_hash TEXT NOT NULL,
    launches TEXT NOT NULL,
    suppressed TEXT NOT NULL,
    triggers TEXT NOT NULL
  );
  CREATE INDEX decisions_by_event ON decisions (event_id) WHERE event_id IS NOT NULL;
  CREATE TABLE decision_triggers (
    trigger_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (trigger_id, seq)
  ) WITHOUT ROWID;

  CREATE TABLE definitions (id INTEGER PRIMARY KEY, workflow TEXT NOT NULL UNIQUE);
  CREATE TABLE launches (
    seq INTEGER PRIMARY KEY,
    launch_id TEXT NOT NULL UNIQUE,
    trigger_id TEXT NOT NULL,
    workflow_name TEXT NOT NULL,
    status TEXT NOT NULL,
    at INTEGER NOT NULL,
    high INTEGER NOT NULL,
    position INTEGER NOT NULL,
    definition INTEGER NOT NULL,
    borrows INTEGER NOT NULL,
    finished_at INTEGER,
    redriven_after INTEGER NOT NULL,
    next_at INTEGER,
    ended_at INTEGER,
    attempts TEXT NOT NULL,
    output TEXT NOT NULL
  );
  CREATE INDEX launches_by_trigger ON launches (trigger_id);
  CREATE INDEX launches_by_workflow ON launches (workflow_name);
  CREATE INDEX launches_by_rare_status ON launches (status)
    WHERE status IN ('pending', 'running', 'retrying', 'dead', 'skipped');
  CREATE INDEX launches_by_end ON launches (finished_at) WHERE finished_at IS NOT NULL;
  CREATE INDEX launches_borrowing ON launches (position) WHERE borrows = 1;
  CREATE TABLE launch_details (seq INTEGER PRIMARY KEY, details TEXT NOT NULL);
  `,
];

/**
 * Looks at a database through a connection that cannot write, and leaves everything as it was. Throws a Fault:
 * `store-newer` when a later version wrote it, `store-corrupt` when it is none of ours.
 */
export function inspectDatabase(file: string, directory: string, openDatabase: OpenDatabase): void {
  const companions = [`${file}-wal`, `${file}-shm`].filter((companion) => !existsSync(companion));
  const database = openDatabase(file, { readonly: true });
  try {
    const version = Number(database.pragma('user_version', { simple: true }));
    const application = Number(database.pragma('application_id', { simple: true }));
    const isEmpty = database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
    if (isEmpty && version === 0) return;
    if (application !== APPLICATION_ID) throw corrupt(directory, 'triggerd.db is not a database of triggerd');
    if (version > MIGRATIONS.length) {
      throw new Fault(
        'store-newer',
        `the store in ${directory} was written by a later version (schema ${version}, this one knows ${MIGRATIONS.length})`,
        { hint: 'run that version or a later one, or give another data folder; nothing was changed' },
      );
    }
  } finally {
    database.close();
    // Reading makes them, empty, and only who may write takes them away again.
    for (const companion of companions) rmSync(companion, { force: true });
  }
}

/** Brings a database to the newest shape, one step a transaction. */
export function migrate(database: Database, migrations: readonly string[] = MIGRATIONS): void {
  const version = Number(database.pragma('user_version', { simple: true }));
  for (let step = version; step < migrations.length; step++) {
    database.transaction(() => {
      database.exec(migrations[step] as string);
      database.pragma(`application_id = ${APPLICATION_ID}`);
      database.pragma(`user_version = ${step + 1}`);
    })();
  }
}
