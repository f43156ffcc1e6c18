import type { Log } from '../kernel/log.js';
import type { Store } from '../ports/store.js';
import { createMemoryStore } from './memory.js';
import { createSqliteStore } from './sqlite.js';

/** What a store is made with; each kind takes what it needs. */
export interface StoreOptions {
  /** The data folder. */
  readonly directory: string;
  readonly log: Log;
  /** Space held in reserve against a full disk, where there is a disk; 0 = none. */
  readonly ballastBytes?: number;
}

/** A place to remember in. */
export interface StoreKind {
  /** The word behind `--store`. */
  readonly name: 'sqlite' | 'memory';
  readonly summary: string;
  /** Makes it, without opening it: nothing is read, written or loaded before `open`. */
  create(options: StoreOptions): Store;
}

/** Every store there is, the default first. A new one is its file and its line here. */
export const storeKinds: readonly StoreKind[] = [
  {
    name: 'sqlite',
    summary:
      'One SQLite database in the data folder: what was acknowledged survives a crash and a power cut.',
    create: createSqliteStore,
  },
  {
    name: 'memory',
    summary: 'Nothing is written: everything is forgotten when the process ends.',
    create: () => createMemoryStore(),
  },
];
