import type { Database, Statement } from './driver.js';

/** More different texts than the readings of a program have; past it they are prepared anew. */
const KEPT = 200;

/** Prepares a text once and keeps the statement. */
export type Prepare = (sql: string) => Statement;

/** Statements of one connection by their text. */
export function createStatements(database: Database): Prepare {
  const statements = new Map<string, Statement>();
  return (sql) => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      if (statements.size >= KEPT) statements.clear();
      statement = database.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
}
