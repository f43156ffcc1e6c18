import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Log } from '../../../src/kernel/log.js';
import type { LaunchRecord, StoredDecision, StoredEvent } from '../../../src/model/record.js';
import type { Page, PageQuery } from '../../../src/ports/store.js';
import { createSqliteStore } from '../../../src/stores/sqlite.js';

export interface StoreContents {
  /** Answer of SQLite's integrity check. */
  readonly integrity: string;
  readonly events: readonly StoredEvent[];
  readonly launches: readonly LaunchRecord[];
  readonly decisions: readonly StoredDecision[];
  /** Engine time of the last commit. */
  readonly now: number;
}

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** Everything a store holds, after its daemon has ended. */
export async function readStore(directory: string): Promise<StoreContents> {
  const database = new Sqlite(join(directory, 'triggerd.db'), { readonly: true });
  const integrity = String(database.pragma('integrity_check', { simple: true }));
  database.close();
  const store = createSqliteStore({ directory, log: quiet, ballastBytes: 0 });
  const { now } = await store.open();
  const open = { sinceMs: null, untilMs: null } as const;
  const events = all((page) => store.events({ ...page, ...open, types: [], afterPosition: null }));
  const launches = all((page) =>
    store.launches({ ...page, ...open, trigger_id: null, workflow_name: null, statuses: [] }),
  );
  const decisions = all((page) => store.decisions({ ...page, ...open, event_id: null, trigger_id: null }));
  await store.close();
  return { integrity, events, launches, decisions, now: now ?? 0 };
}

function all<T>(read: (page: PageQuery) => Page<T>): readonly T[] {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = read({ cursor, limit: 1_000, order: 'oldest' });
    for (const item of page.items) items.push(item);
    cursor = page.next;
  } while (cursor !== null);
  return items;
}
