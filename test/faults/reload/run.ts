import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DaemonStats, Readiness } from '../../../src/engine/daemon.js';
import type { DaemonArguments } from '../daemon-process.js';
import type { Plant } from '../plants.js';
import type { Programs } from '../support/bundle.js';
import { startChild, type Child } from '../support/child.js';
import { createClient, type Client } from '../support/client.js';
import { countWords } from '../support/group-by.js';
import { startLoad } from '../support/load.js';
import { startProducers, type Producers } from '../support/producers.js';
import { between, seededRandom } from '../support/random.js';
import { readStore } from '../support/read-store.js';
import { compileTexts } from '../support/replay.js';
import { createViolations, type Violations } from '../support/violations.js';
import { eventually, freePort, sleep } from '../support/wait.js';
import { drawChange, mixesOf, type Change } from './changes.js';
import { checkReloadRun, type KnownRules } from './check.js';
import { writeFolder, type WrittenFolder } from './folder.js';
import { FIRST, ruleTexts, type RuleState } from './rules.js';

export interface ReloadOptions {
  /** Changes of the rule folder. */
  readonly reloads: number;
  readonly rate: number;
  readonly seed: number;
  readonly settleMs: number;
  /** Within which a bad file has to show. */
  readonly visibleMs: number;
  readonly mostWaiting: number | null;
  readonly plant: Plant | null;
  readonly programs: Programs;
  progress(line: string): void;
}

export interface ReloadReport {
  readonly violations: Violations;
  /** How many of each sort were made. */
  readonly changes: ReadonlyMap<string, number>;
  readonly taken: number;
  readonly refused: number;
  readonly acknowledged: number;
  readonly acknowledgedPerSecond: number;
  readonly launches: number;
  /** Rule sets under which events were decided. */
  readonly ruleSets: number;
  /** From a change until it is at work, milliseconds. */
  readonly takenP50: number;
  readonly takenMax: number;
  /** From a bad file until it shows, milliseconds. */
  readonly visibleMax: number;
}

const TAKEN_MS = 20_000;
const BATCHES = [1, 20, 100];

/** Changes the rules again and again under load, and holds every decision against the rules it was made by. */
export async function reloadRun(options: ReloadOptions): Promise<ReloadReport> {
  const directory = mkdtempSync(join(tmpdir(), 'triggerd-reload-'));
  const root = join(directory, 'rules');
  const data = join(directory, 'data');
  const port = await freePort();
  const folder = writeFolder(root, ruleTexts(FIRST));
  const given: DaemonArguments = {
    rules: root,
    data,
    port,
    settleMs: options.settleMs,
    plant: options.plant,
  };
  const daemon = startChild(options.programs.daemon, [JSON.stringify(given)]);
  try {
    return await run(options, { folder, data, port, daemon });
  } finally {
    daemon.kill('SIGKILL');
    await daemon.ended;
    rmSync(directory, { recursive: true, force: true });
  }
}

interface World {
  readonly folder: WrittenFolder;
  readonly data: string;
  readonly port: number;
  readonly daemon: Child;
}

async function run(options: ReloadOptions, { folder, data, port, daemon }: World): Promise<ReloadReport> {
  const violations = createViolations();
  const random = seededRandom(options.seed);
  const loaded: string[] = [];
  daemon.onLine((line) => {
    if (line.includes('"the rules were loaded"'))
      loaded.push((JSON.parse(line) as { ruleset_hash: string }).ruleset_hash);
  });
  if ((await daemon.said('triggerd is running')) === null)
    throw new Error(`the daemon did not start: ${daemon.lines.join('\n')}`);

  const known = new Map<string, KnownRules>();
  const learn = (state: RuleState): string => {
    const compiled = compileTexts(folder.root, ruleTexts(state));
    if (compiled === null) throw new Error(`rules with errors: ${JSON.stringify(state)}`);
    known.set(compiled.ruleset.hash, { state, folder: compiled });
    return compiled.ruleset.hash;
  };
  const first = learn(FIRST);
  const client = createClient(port);
  const producers = startProducers(port, BATCHES, seededRandom(options.seed + 1), violations);
  const ofEvents = seededRandom(options.seed + 2);
  const load = startLoad(options, producers, (n) => ({
    event_id: `tick-${n}`,
    event_type: 'load.tick',
    source: 'producer',
    payload: { n, user: `u${Math.floor(between(ofEvents, 0, 5))}`, k: Math.floor(between(ofEvents, 0, 10)) },
  }));
  const changes: Change[] = [];
  const times = { taken: [] as number[], visible: [] as number[] };
  const begunAt = performance.now();
  const report = setInterval(() => {
    options.progress(
      `${Math.round((performance.now() - begunAt) / 1_000)} s  ${changes.length}/${options.reloads} changes  ` +
        `${producers.acknowledged.size} acknowledged  ${producers.waiting} waiting` +
        (violations.total === 0 ? '' : `  ${violations.total} violations`),
    );
  }, 1_000);
  const world = { client, folder, producers, violations, options, times };
  let state = FIRST;
  const mixes: RuleState[] = [];
  try {
    while (changes.length < options.reloads && !daemon.hasEnded) {
      const change = drawChange(state, changes.length + 2, random);
      await makeChange(change, learn(change.state), world);
      mixes.push(...mixesOf(state, change.state));
      state = change.state;
      changes.push(change);
      await sleep(between(random, 0, 20));
    }
    load.stop();
    if (!(await eventually(() => producers.idle, 60_000)))
      violations.add('not drained', `${producers.waiting} events wait`);
    const seconds = (performance.now() - begunAt) / 1_000;
    const { reloads } = await client.read<DaemonStats>('/v1/stats');
    daemon.kill('SIGTERM');
    const end = await daemon.ended;
    if (end !== 0) violations.add('daemon ended badly', `${end}: ${daemon.lines.slice(-3).join(' | ')}`);

    // What was read while files were being changed is some of the old and some of the new.
    const unknown = new Set(loaded.filter((hash) => !known.has(hash)));
    for (const mix of mixes) {
      if (unknown.size === 0) break;
      unknown.delete(learn(mix));
    }
    const store = await readStore(data);
    const { acknowledged } = producers;
    checkReloadRun({ acknowledged, store, known, loaded: [first, ...loaded] }, violations);
    const sorted = times.taken.sort((a, b) => a - b);
    return {
      violations,
      changes: countWords(changes.map(({ name }) => name)),
      taken: reloads.taken,
      refused: reloads.refused,
      acknowledged: acknowledged.size,
      acknowledgedPerSecond: acknowledged.size / seconds,
      launches: store.launches.length,
      ruleSets: new Set(store.launches.map(({ ruleset_hash }) => ruleset_hash)).size,
      takenP50: sorted[sorted.length >> 1] ?? 0,
      takenMax: sorted.at(-1) ?? 0,
      visibleMax: Math.max(0, ...times.visible),
    };
  } finally {
    clearInterval(report);
    load.stop();
    client.close();
    await producers.stop();
  }
}

interface ChangeWorld {
  readonly client: Client;
  readonly folder: WrittenFolder;
  readonly producers: Producers;
  readonly violations: Violations;
  readonly options: ReloadOptions;
  readonly times: { readonly taken: number[]; readonly visible: number[] };
}

/** Makes one change and waits until the daemon has taken it, or refused it. */
async function makeChange(change: Change, hash: string, world: ChangeWorld): Promise<void> {
  const { client, folder, violations, options, times } = world;
  const madeAt = performance.now();
  change.make(folder);
  if (change.bad !== null) {
    await refuseAndMend(change, change.bad, hash, world);
    return;
  }
  const isTaken = await eventually(
    async () => (await client.read<Readiness>('/readyz')).ruleset_hash === hash,
    TAKEN_MS,
    10,
  );
  if (!isTaken) violations.add('change not taken', `${change.name} within ${TAKEN_MS} ms`);
  // A comment is no other rule set: it was taken from the beginning.
  if (change.name === 'a comment') await sleep(2 * options.settleMs);
  else times.taken.push(performance.now() - madeAt);
}

async function refuseAndMend(change: Change, bad: string, hash: string, world: ChangeWorld): Promise<void> {
  const { client, folder, producers, violations, options, times } = world;
  const madeAt = performance.now();
  const isShown = await eventually(
    async () => {
      const { refused_at, diagnostics } = await client.read<Readiness>('/readyz');
      return (
        refused_at !== null &&
        diagnostics.some(({ file, severity }) => severity === 'error' && file.endsWith(bad))
      );
    },
    TAKEN_MS,
    10,
  );
  const took = performance.now() - madeAt;
  times.visible.push(took);
  if (!isShown || took > options.visibleMs)
    violations.add('bad file not shown in time', `${bad}: ${Math.round(took)} ms`);
  const before = producers.acknowledged.size;
  if (!(await eventually(() => producers.acknowledged.size > before, TAKEN_MS)))
    violations.add('intake stopped by a bad file', bad);
  folder.replace(bad, ruleTexts(change.state).get(bad) ?? '');
  const isMended = await eventually(
    async () => {
      const { refused_at, ruleset_hash } = await client.read<Readiness>('/readyz');
      return refused_at === null && ruleset_hash === hash;
    },
    TAKEN_MS,
    10,
  );
  if (!isMended) violations.add('mended file not taken', bad);
}
