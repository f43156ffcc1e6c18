import type { Database, OpenDatabase } from './driver.js';
import { corrupt } from './sqlite-fault.js';
import { migrate } from './schema.js';

/** What a log that once grew beyond is cut back to. */
const LOG_KEPT_BYTES = 16 * 1_048_576;

/**
 * Opens the database for this process alone: write-ahead log, every commit synced, checked, in the newest shape. Throws a
 * Fault (`store-corrupt`), or the library's error.
 */
export function connect(file: string, directory: string, openDatabase: OpenDatabase): Database {
  const database = openDatabase(file, { timeout: 0 });
  try {
    // Before the first access: the index of the log is then kept in memory, and nobody else can write to the database.
    database.pragma('locking_mode = EXCLUSIVE');
    // Of an empty database only, and before there is a log; in any other it would write to the header every time.
    if (database.pragma('page_count', { simple: true }) === 0) database.pragma('auto_vacuum = INCREMENTAL');
    database.pragma('journal_mode = WAL');
    // The library is compiled so that a commit into the log is not synced unless this is said.
    database.pragma('synchronous = FULL');
    // Errors of moving the log by itself are not told: the session does it, and hears them.
    database.pragma('wal_autocheckpoint = 0');
    database.pragma(`journal_size_limit = ${LOG_KEPT_BYTES}`);
    database.pragma('temp_store = MEMORY');
    const problem = String(database.pragma('quick_check(1)', { simple: true }));
    if (problem !== 'ok') throw corrupt(directory, problem);
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
