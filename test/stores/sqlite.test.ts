import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/ports/store.js';
import { createSqliteStore, type SqliteStoreOptions } from '../../src/stores/sqlite.js';
import { migrate } from '../../src/stores/sqlite/schema.js';
import { createFolders } from './support/folders.js';
import {
  commitOf,
  launchRecord,
  moved,
  pruneAll,
  quiet,
  readAll,
  storedDecision,
  storedEvent,
} from './support/records.js';

const newFolder = createFolders();
const opened: Store[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});
function createStore(directory: string, options: Partial<SqliteStoreOptions> = {}): Store {
  const store = createSqliteStore({ directory, log: quiet, ballastBytes: 0, ...options });
  opened.push(store);
  return store;
}
const all = { cursor: null, limit: 1_000, order: 'oldest', sinceMs: null, untilMs: null } as const;
const allEvents = { ...all, types: [], afterPosition: null };
const database = (directory: string) => join(directory, 'triggerd.db');
/** Name and content of every file, access to which is not meant to leave a trace. */
const contents = (directory: string) =>
  readdirSync(directory)
    .filter((name) => /^triggerd\.db(-wal)?$/.test(name))
    .map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(directory, name)))
        .digest('hex'),
    ]);

/** A store with some events, closed. */
async function filledFolder(count = 50): Promise<string> {
  const directory = newFolder();
  const store = createStore(directory);
  await store.open();
  await store.commit(commitOf({ events: Array.from({ length: count }, (_, i) => storedEvent(i + 1)) }));
  await store.close();
  return directory;
}

describe('the data folder', () => {
  test('and its files can be read by their owner only', async () => {
    const directory = join(newFolder(), 'a', 'data');
    await createStore(directory, { ballastBytes: 65_536 }).open();
    const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);
    expect(modeOf(directory)).toBe('700');
    const files = readdirSync(directory).sort();
    expect(files).toEqual([
      'triggerd.ballast',
      'triggerd.db',
      'triggerd.db-wal',
      'triggerd.lock',
      'triggerd.pid',
    ]);
    expect(files.map((file) => modeOf(join(directory, file)))).toEqual(files.map(() => '600'));
  });

  test('holds no more than it has to when the store is closed', async () => {
    const directory = await filledFolder();
    expect(readdirSync(directory).sort()).toEqual(['triggerd.db', 'triggerd.lock']);
  });

  test('that cannot be made is a matter of settings', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    await expect(createStore(join(file, 'data')).open()).rejects.toMatchObject({ code: 'settings' });
  });

  test('is taken by one store of a process', async () => {
    const directory = newFolder();
    const first = createStore(directory);
    await first.open();
    await expect(createStore(directory).open()).rejects.toMatchObject({
      code: 'store-busy',
      message: expect.stringContaining(`pid ${process.pid}`),
    });
    await first.commit(commitOf({ events: [storedEvent(1)] }));
    await first.close();
    expect(await createStore(directory).open()).toMatchObject({ position: 1 });
  });
});

describe('what is found in the folder', () => {
  test('a later version is refused and left as it is, be its last words in the database or in the log', async () => {
    for (const ending of ['closed', 'killed'] as const) {
      const directory = await filledFolder();
      const later = new Database(database(directory));
      later.pragma('journal_mode = WAL');
      later.pragma('wal_autocheckpoint = 0');
      later.exec('CREATE TABLE news (a)');
      later.pragma('user_version = 99');
      const target = ending === 'killed' ? newFolder() : directory;
      if (ending === 'killed') {
        // A copy of the files as they are now is what a kill would have left.
        for (const name of ['triggerd.db', 'triggerd.db-wal']) {
          writeFileSync(join(target, name), readFileSync(join(directory, name)));
        }
      }
      later.close();
      const before = contents(target);
      expect(before).toHaveLength(ending === 'killed' ? 2 : 1);
      await expect(createStore(target).open()).rejects.toMatchObject({
        code: 'store-newer',
        message: expect.stringContaining('schema 99'),
      });
      expect(contents(target)).toEqual(before);
    }
  });

  test.each([
    [
      'text',
      (file: string) => writeFileSync(file, 'this is no database, whatever its name says. '.repeat(100)),
    ],
    [
      'a page of noise',
      (file: string) => {
        const bytes = readFileSync(file);
        bytes.fill(0xa5, 4_096 * 3, 4_096 * 5);
        writeFileSync(file, bytes);
      },
    ],
    [
      'half a database',
      (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 4_096 * 6 + 100)),
    ],
  ])('%s is a damaged store', async (_case, damage) => {
    const directory = await filledFolder(500);
    damage(database(directory));
    const before = contents(directory);
    await expect(createStore(directory).open()).rejects.toMatchObject({
      code: 'store-corrupt',
      hint: expect.stringContaining('restore a copy'),
    });
    // Asked again it says the same, and holds on to nothing.
    await expect(createStore(directory).open()).rejects.toMatchObject({ code: 'store-corrupt' });
    expect(contents(directory)).toEqual(before);
  });

  test('the database of another program is not taken over', async () => {
    const directory = newFolder();
    const other = new Database(database(directory));
    other.exec('CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)');
    other.close();
    const before = contents(directory);
    await expect(createStore(directory).open()).rejects.toMatchObject({ code: 'store-corrupt' });
    expect(contents(directory)).toEqual(before);
  });

  test('a torn end of the log, as after a power cut, costs nothing that was whole', async () => {
    const directory = newFolder();
    const store = createStore(directory);
    await store.open();
    await store.commit(commitOf({ events: [storedEvent(1)] }));
    const target = newFolder();
    for (const name of ['triggerd.db', 'triggerd.db-wal']) {
      writeFileSync(join(target, name), readFileSync(join(directory, name)));
    }
    appendFileSync(join(target, 'triggerd.db-wal'), Buffer.alloc(5_000, 7));
    const copy = createStore(target);
    expect(await copy.open()).toMatchObject({ position: 1 });
    await copy.commit(commitOf({ events: [storedEvent(2)] }));
    expect(copy.events(allEvents).items).toEqual([storedEvent(1), storedEvent(2)]);
  });
});

test('without the library it is said how to get it', async () => {
  const missing = Object.assign(new Error("Cannot find package 'better-sqlite3'"), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
  const folder = join(newFolder(), 'data');
  await expect(createStore(folder, { load: () => Promise.reject(missing) }).open()).rejects.toMatchObject({
    code: 'store-missing',
    hint: expect.stringMatching(/npm install better-sqlite3.*--store memory/),
    cause: missing,
  });
  const broken = {
    default: class {
      constructor() {
        throw new Error('no bindings file');
      }
    },
  } as never;
  await expect(createStore(folder, { load: async () => broken }).open()).rejects.toMatchObject({
    code: 'store-missing',
  });
  expect(existsSync(folder)).toBe(false);
});

test('migrations run in order, each once, and one that fails leaves the version before it', () => {
  const connection = new Database(':memory:');
  migrate(connection, ['CREATE TABLE a (x)']);
  migrate(connection, ['CREATE TABLE a (x)', 'CREATE TABLE b (x); INSERT INTO b VALUES (1)']);
  expect(() => migrate(connection, ['', '', 'CREATE TABLE c (x)', 'CREATE TABLE d (x); nonsense'])).toThrow();
  expect(connection.pragma('user_version', { simple: true })).toBe(3);
  const tables = connection
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .pluck();
  expect(tables.all()).toEqual(['a', 'b', 'c']);
  migrate(connection, ['', '', '', 'CREATE TABLE d (x)']);
  expect(tables.all()).toEqual(['a', 'b', 'c', 'd']);
});

describe('what takes space', () => {
  const text = 'x'.repeat(2_000);
  const grow = async (
    store: Store,
    from: number,
    count: number,
    status: 'succeeded' | 'dead' = 'succeeded',
  ) => {
    for (let position = from; position < from + count; position += 100) {
      const events = Array.from({ length: 100 }, (_, i) => storedEvent(position + i, { payload: { text } }));
      await store.commit(
        commitOf({
          events,
          launches: events.map((cause) =>
            launchRecord(`l${cause.position}`, cause.position, {
              cause,
              status,
              ended_at: cause.received_at,
            }),
          ),
          decisions: events.map(({ position: at }) => storedDecision(at, { launches: [`l${at}`] })),
        }),
      );
    }
  };
  const onDisk = (directory: string) => statSync(database(directory)).size;

  test('an event that a launch carries is kept once, and outlives the journal with the launch', async () => {
    const directory = newFolder();
    const store = createStore(directory);
    await store.open();
    await grow(store, 1, 1_000, 'dead');
    await store.close();
    const file = new Database(database(directory), { readonly: true });
    const details = file.prepare('SELECT sum(length(details)) FROM launch_details').pluck().get();
    file.close();
    expect(details).toBeLessThan(1_000 * 600);
    await store.open();
    expect(await pruneAll(store, { beforeMs: 1e9, idsBeforeMs: 1e9, maxBytes: null })).toEqual({
      events: 1_000,
      launches: 0,
    });
    expect(store.launch('l77')).toEqual(
      launchRecord('l77', 77, {
        cause: storedEvent(77, { payload: { text } }),
        status: 'dead',
        ended_at: 77_000,
      }),
    );
  });

  test('what is forgotten is given back to the disk in short steps', async () => {
    const directory = newFolder();
    const store = createStore(directory);
    await store.open();
    await grow(store, 1, 3_000);
    await store.close();
    const before = onDisk(directory);
    await store.open();
    let steps = 0;
    for (;;) {
      const step = await store.prune({ beforeMs: 1e9, idsBeforeMs: 1e9, maxBytes: null });
      expect(step.events).toBeLessThanOrEqual(250);
      expect(step.launches).toBeLessThanOrEqual(250);
      steps++;
      if (step.done) break;
      // Commits go on between steps.
      await store.commit(commitOf({ position: 3_000, state: [{ key: 'steps', value: String(steps) }] }));
    }
    await store.close();
    expect(before).toBeGreaterThan(7_000_000);
    expect(onDisk(directory)).toBeLessThan(5_000_000);
    await store.open();
    expect([...store.state()]).toEqual([{ key: 'steps', value: String(steps - 1) }]);
    expect(store.counts()).toMatchObject({ events: 0, launches: { succeeded: 0 } });
  });

  test('a bound in bytes takes the oldest first, and no more than it has to', async () => {
    const directory = newFolder();
    const store = createStore(directory);
    await store.open();
    await grow(store, 1, 3_000);
    const maxBytes = 4_000_000;
    const { events } = await pruneAll(store, { beforeMs: 0, idsBeforeMs: 0, maxBytes });
    expect(events).toBeGreaterThan(500);
    expect(events).toBeLessThan(2_500);
    const left = readAll((cursor) => store.events({ ...allEvents, cursor }));
    expect(left.map(({ position }) => position)).toEqual(
      Array.from({ length: 3_000 - events }, (_, i) => events + i + 1),
    );
    expect(store.known(['event-1'], 0).size).toBe(1);
    // What may not go is left, and that is the end of it.
    const dead = createStore(newFolder());
    await dead.open();
    await grow(dead, 1, 500, 'dead');
    expect(await pruneAll(dead, { beforeMs: 0, idsBeforeMs: 0, maxBytes: 1 })).toEqual({
      events: 500,
      launches: 0,
    });
    expect(dead.counts().launches.dead).toBe(500);
  });

  test('a bound in bytes holds without any event, too', async () => {
    const store = createStore(newFolder());
    await store.open();
    for (let n = 0; n < 1_000; n += 250) {
      await store.commit(
        commitOf({
          launches: Array.from({ length: 250 }, (_, i) =>
            launchRecord(`l${n + i}`, 0, { at: n + i, status: 'observed', input: { text } }),
          ),
        }),
      );
    }
    const { launches } = await pruneAll(store, { beforeMs: 0, idsBeforeMs: 0, maxBytes: 2_000_000 });
    expect(launches).toBeGreaterThan(400);
    expect(launches).toBeLessThan(1_000);
    expect(store.launch('l999')).not.toBeNull();
    expect(store.launch('l0')).toBeNull();
  });

  test('a page of large events ends early and goes on behind them', async () => {
    const store = createStore(newFolder());
    await store.open();
    const large = Array.from({ length: 10 }, (_, i) =>
      storedEvent(i + 1, { payload: { text: 'y'.repeat(1_000_000) } }),
    );
    await store.commit(commitOf({ events: large }));
    const sizes: number[] = [];
    const read = readAll((cursor) => {
      const page = store.events({ ...allEvents, cursor });
      sizes.push(page.items.length);
      return page;
    });
    expect(read.map(({ position }) => position)).toEqual(large.map(({ position }) => position));
    expect(sizes).toEqual([9, 1]);
  });

  test('the log does not grow with what is committed', async () => {
    const directory = newFolder();
    const store = createStore(directory);
    await store.open();
    await grow(store, 1, 4_000);
    expect(onDisk(directory)).toBeGreaterThan(8_000_000);
    expect(store.sizeBytes() - onDisk(directory)).toBeLessThan(6_000_000);
  });
});

test('more types than are read one by one are found all the same', async () => {
  const store = createStore(newFolder());
  await store.open();
  const events = Array.from({ length: 300 }, (_, i) =>
    storedEvent(i + 1, { type: `${i % 3 === 0 ? 'a' : 'b'}.t${i}`, receivedAt: i % 50 === 7 ? 0 : i }),
  );
  await store.commit(commitOf({ events }));
  const found = (types: readonly string[], sinceMs: number | null = null) =>
    readAll((cursor) => store.events({ ...allEvents, types, sinceMs, limit: 7, cursor })).map(
      ({ event }) => event.event_type,
    );
  const wanted = (passes: (type: string, at: number) => boolean) =>
    events
      .filter(({ event, received_at }) => passes(event.event_type, received_at))
      .map(({ event }) => event.event_type);
  expect(found(['a.*'])).toEqual(wanted((type) => type.startsWith('a.')));
  expect(found(['a.*', 'b.t1', 'c.*'])).toEqual(wanted((type) => type.startsWith('a.') || type === 'b.t1'));
  expect(found(['a.*'], 100)).toEqual(wanted((type, at) => type.startsWith('a.') && at >= 100));
});

test('a reading that looks at very many rows in vain goes on with the next page', async () => {
  const store = createStore(newFolder());
  await store.open();
  for (let n = 0; n < 21_000; n += 1_000) {
    await store.commit(
      commitOf({
        launches: Array.from({ length: 1_000 }, (_, i) =>
          launchRecord(`l${n + i}`, 0, {
            status: n + i === 20_500 ? 'observed' : 'succeeded',
            ended_at: 1,
            input: {},
          }),
        ),
      }),
    );
  }
  const query = { ...all, trigger_id: null, workflow_name: null, statuses: ['observed'] as const };
  const first = store.launches(query);
  expect(first.items).toEqual([]);
  expect(first.next).not.toBeNull();
  const found = readAll((cursor) => store.launches({ ...query, cursor }));
  expect(found.map(({ launch_id }) => launch_id)).toEqual(['l20500']);
});

test('definitions of workflows are kept once', async () => {
  const directory = newFolder();
  const store = createStore(directory);
  await store.open();
  const [first, second] = [
    launchRecord('l1', 0),
    launchRecord('l2', 0, { workflow: { ...launchRecord('l', 0).workflow } }),
  ];
  await store.commit(commitOf({ launches: [first] }));
  await expect(
    store.commit(
      commitOf({
        launches: [
          launchRecord('l3', 0, { workflow: { ...first.workflow, description: 'new' } }),
          null as never,
        ],
      }),
    ),
  ).rejects.toThrow();
  await store.commit(commitOf({ launches: [second], updates: [moved(first, 'dead')] }));
  await store.close();
  const file = new Database(database(directory), { readonly: true });
  expect(file.prepare('SELECT count(*) FROM definitions').pluck().get()).toBe(1);
  file.close();
  await store.open();
  expect(store.launch('l2')).toEqual(second);
});
