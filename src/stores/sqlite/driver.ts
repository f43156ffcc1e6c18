import type BetterSqlite3 from 'better-sqlite3';
import { Fault } from '../../kernel/fault.js';

/** A connection of the SQLite library. */
export type Database = BetterSqlite3.Database;
export type Statement = BetterSqlite3.Statement<unknown[]>;

/** How the SQLite library opens a file. */
export type OpenDatabase = (
  file: string,
  options?: { readonly readonly?: boolean; readonly timeout?: number },
) => Database;

/**
 * Loads the SQLite library, which is an optional dependency: nothing else in the program may import it. Throws a Fault
 * (`store-missing`) when it is not there or was not built for this Node.
 */
export async function loadDriver(
  load: () => Promise<{ readonly default: typeof BetterSqlite3 }> = () => import('better-sqlite3'),
): Promise<OpenDatabase> {
  try {
    const { default: Connection } = await load();
    // The native part is loaded with the first connection only; whether it is there has to be known now.
    new Connection(':memory:').close();
    return (file, options = {}) => new Connection(file, options);
  } catch (cause) {
    throw new Fault('store-missing', 'the package better-sqlite3 cannot be loaded', {
      hint: 'install it (npm install better-sqlite3 — it needs Python, make and a C++ compiler where there is no prebuilt binary), or run with --store memory, which forgets everything at the end',
      cause,
    });
  }
}
