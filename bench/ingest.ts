/**
 * How many events a second become durable: over HTTP in NDJSON batches and one a request, and without HTTP; beside what
 * the store alone takes of the very same rows, in the same run. Every event is decided by 100 triggers; a tenth launch a
 * `log` workflow, whose progress and lifecycle events are in the figures of the daemon, as they are in its work. The load is
 * made on the same machine, so that it takes its share of the processors.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lifecycleEvent } from '../src/engine/live/lifecycle-event.js';
import { createLiveEngine, type LiveEngine } from '../src/engine/live/live-engine.js';
import { readEvent } from '../src/load/event.js';
import type { Log } from '../src/kernel/log.js';
import type { LaunchRecord } from '../src/model/record.js';
import type { Meter } from '../src/ports/meter.js';
import type { Commit } from '../src/ports/store.js';
import { createMemoryStore } from '../src/stores/memory.js';
import { createSqliteStore } from '../src/stores/sqlite.js';
import { systemClock } from '../src/app/clock.js';
import { plugins, rules } from '../test/support/rules.js';
import { createClient, loadEvent, loadRules, percentile, startDaemonProcess } from './daemon.js';
import { machine, table } from './machine.js';

const EVENTS = Number(process.argv[2] ?? 100_000);
const SINGLE = Math.floor(EVENTS / 5);
const BATCH = 100;
const quiet = (): undefined => undefined;
const noLog: Log = { debug: quiet, info: quiet, warn: quiet, error: console.error };
const noMeter: Meter = {
  counter: () => ({ add: quiet }),
  gauge: () => ({ set: quiet }),
  histogram: () => ({ observe: quiet }),
  watch: quiet,
};

/** Decides the load in this process, in steps of 256; events a second and the commits. */
async function decideAll(store = createMemoryStore()): Promise<{ rate: number; commits: readonly Commit[] }> {
  const commits: Commit[] = [];
  const engine = createLiveEngine({
    store,
    clock: systemClock,
    log: noLog,
    meter: noMeter,
    templates: plugins.templates,
    maxHops: 8,
    queueLimit: EVENTS,
    restartGraceMs: 0,
    committed: (commit) => void commits.push(commit),
    fatal(fault) {
      throw fault;
    },
  });
  await engine.open(rules(loadRules()));
  const waiting: LaunchRecord[] = [];
  const begun = performance.now();
  for (let from = 0; from < EVENTS; from += 256) {
    const incoming = Array.from({ length: Math.min(256, EVENTS - from) }, (_, i) => {
      const read = readEvent(JSON.parse(loadEvent(from + i)), {
        mode: 'lenient',
        receivedAt: Date.now(),
        newId: () => '',
      });
      if ('problems' in read) throw new Error(JSON.stringify(read.problems));
      return { event: read.event, at: read.at };
    });
    const receipts = await engine.submit(incoming);
    for (const { launches } of receipts) for (const launch of launches) waiting.push(launch);
    // What the dispatcher writes of each launch: begun, with an event, and ended, with another.
    for (const change of ['started', 'succeeded'] as const) await progress(engine, waiting, change);
    waiting.length = 0;
  }
  const seconds = (performance.now() - begun) / 1_000;
  await engine.close();
  return { rate: EVENTS / seconds, commits };
}

/** Writes one change of launches, as the dispatcher has it recorded. */
async function progress(
  engine: LiveEngine,
  launches: LaunchRecord[],
  change: 'started' | 'succeeded',
): Promise<void> {
  await Promise.all(
    launches.map((launch, index) =>
      engine.control(({ draft, stepper, now }) => {
        const attempt = {
          number: 1,
          started_at: now,
          ended_at: change === 'started' ? null : now,
          reason: null,
        };
        const changed: LaunchRecord = {
          ...launch,
          status: change === 'started' ? 'running' : 'succeeded',
          attempts: [attempt],
          ended_at: attempt.ended_at,
        };
        launches[index] = changed;
        draft.update(changed);
        const event = lifecycleEvent(changed, change, now, null);
        if (event !== null) stepper.event(event, now, now);
      }),
    ),
  );
}

/** The commits of one step, and those of its launches' progress, as one. */
function* inFewer(commits: readonly Commit[]): Iterable<Commit> {
  let held: Commit | null = null;
  for (const commit of commits) {
    if (held !== null && held.events.length + commit.events.length > 512) {
      yield held;
      held = null;
    }
    held =
      held === null
        ? commit
        : {
            position: commit.position,
            now: commit.now,
            events: [...held.events, ...commit.events],
            decisions: [...held.decisions, ...commit.decisions],
            state: [...held.state, ...commit.state],
            launches: [...held.launches, ...commit.launches],
            updates: [...held.updates, ...commit.updates],
          };
  }
  if (held !== null) yield held;
}

/** The rows of those commits, given to an empty store as fast as it takes them. */
async function storeAll(commits: readonly Commit[]): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'triggerd-ceiling-'));
  const store = createSqliteStore({ directory, log: noLog });
  await store.open();
  const begun = performance.now();
  for (const commit of inFewer(commits)) await store.commit(commit);
  const seconds = (performance.now() - begun) / 1_000;
  await store.close();
  rmSync(directory, { recursive: true });
  return EVENTS / seconds;
}

console.log(machine());
const decided = await decideAll();
const ceiling = await storeAll(decided.commits);
const durableDirectory = mkdtempSync(join(tmpdir(), 'triggerd-engine-'));
const durable = await decideAll(createSqliteStore({ directory: durableDirectory, log: noLog }));
rmSync(durableDirectory, { recursive: true });

const daemon = await startDaemonProcess();
const client = createClient(daemon.port, 4);
const many = createClient(daemon.port, 64);
const batches = Array.from({ length: EVENTS / BATCH }, (_, b) =>
  Array.from({ length: BATCH }, (__, i) => loadEvent(b * BATCH + i)).join('\n'),
);
let begun = performance.now();
await client.send(batches, 'application/x-ndjson');
const batched = EVENTS / ((performance.now() - begun) / 1_000);
const settle = async (): Promise<void> => {
  for (;;) {
    const { running, queued } = JSON.parse((await client.call('GET', '/v1/stats', null, '')).text) as {
      running: number;
      queued: number;
    };
    if (running + queued === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};
await settle();
const singles = Array.from({ length: SINGLE }, (_, i) => loadEvent(EVENTS + i));
const answers: number[] = [];
begun = performance.now();
await many.send(singles, 'application/json', (ms) => answers.push(ms));
const single = SINGLE / ((performance.now() - begun) / 1_000);
await settle();

// One event after another, 200 a second: how long from its arrival to the beginning of its launch.
for (let i = 0; i < 400; i++) {
  await client.call('POST', '/v1/events', loadEvent(10 * EVENTS + i), 'application/json');
  await new Promise((resolve) => setTimeout(resolve, 4));
}
await settle();
const { items } = JSON.parse((await client.call('GET', '/v1/launches?limit=40', null, '')).text) as {
  items: readonly { at: string; attempts: readonly { started_at: string }[] }[];
};
const waits = items.flatMap(({ at, attempts }) =>
  attempts[0] === undefined ? [] : [Date.parse(attempts[0].started_at) - Date.parse(at)],
);
client.close();
many.close();
await daemon.stop();

const rate = (value: number): string => Math.round(value).toLocaleString('en');
console.log(
  `${rate(EVENTS)} events of ${loadEvent(1).length} bytes, 100 triggers, 0.1 launches an event; events a second, all durable (fsync) unless said\n`,
);
console.log(
  table([
    ['', 'events/s', 'of the ceiling'],
    ['store alone, the same rows in fewer commits (the ceiling)', rate(ceiling), '100 %'],
    ['deciding alone, nothing durable', rate(decided.rate), ''],
    ['engine and store, no HTTP', rate(durable.rate), `${Math.round((100 * durable.rate) / ceiling)} %`],
    [
      `HTTP, NDJSON batches of ${BATCH}, 4 connections`,
      rate(batched),
      `${Math.round((100 * batched) / ceiling)} %`,
    ],
    ['HTTP, one a request, 64 connections', rate(single), `${Math.round((100 * single) / ceiling)} %`],
  ]),
);
console.log(
  `\nanswer to one event under full load: p50 ${percentile(answers, 0.5).toFixed(1)} ms, p99 ${percentile(answers, 0.99).toFixed(1)} ms`,
);
console.log(
  `event to launch at 200 events a second: p50 ${percentile(waits, 0.5)} ms, p99 ${percentile(waits, 0.99)} ms (${waits.length} launches)`,
);
if (batched < 0.4 * ceiling) process.exitCode = 1;
