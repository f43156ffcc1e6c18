import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DaemonStats, TriggerStatus } from '../../../src/engine/daemon.js';
import type { DaemonArguments } from '../daemon-process.js';
import type { Plant } from '../plants.js';
import type { Effect } from '../sink-process.js';
import type { Programs } from '../support/bundle.js';
import { startChild, type Child } from '../support/child.js';
import { createClient, type Client } from '../support/client.js';
import { countWords } from '../support/group-by.js';
import { startLoad } from '../support/load.js';
import { startProducers, type Producers } from '../support/producers.js';
import { between, seededRandom } from '../support/random.js';
import { readStore } from '../support/read-store.js';
import { createViolations, type Violations } from '../support/violations.js';
import { eventually, freePort, sleep } from '../support/wait.js';
import { checkKillRun } from './check.js';
import { COUPON_SHARE, offeredEvent } from './load.js';
import { GATED, writeKillRules } from './rules.js';

export interface KillOptions {
  readonly kills: number;
  /** Events offered a second. */
  readonly rate: number;
  readonly seed: number;
  /** How long the daemon lives on average once it is up. */
  readonly lifeMs: number;
  /** Part of the kills that are meant for a daemon that is only starting. */
  readonly early: number;
  readonly plant: Plant | null;
  /** `test`: put together here, from the sources. `cli`: `triggerd run` as it was built. */
  readonly daemon: 'test' | 'cli';
  readonly drainMs: number;
  /** No events are offered while so many wait; null = they are offered whatever becomes of them. */
  readonly mostWaiting: number | null;
  readonly programs: Programs;
  /** Called once a second. */
  progress(line: string): void;
}

export interface KillReport {
  readonly violations: Violations;
  readonly kills: number;
  /** Kills before the daemon was up. */
  readonly earlyKills: number;
  readonly offered: number;
  readonly offeredPerSecond: number;
  readonly acknowledged: number;
  readonly acknowledgedPerSecond: number;
  readonly resent: number;
  readonly journal: number;
  readonly launches: ReadonlyMap<string, number>;
  readonly effects: number;
  readonly suppressed: number;
  /** From the start of the process until it takes events; milliseconds. */
  readonly recoveryP50: number;
  readonly recoveryMax: number;
}

const BATCHES = [1, 1, 50, 200, 500];

/** Starts the daemon and kills it, again and again, under load; lets everything drain; and checks what is left. */
export async function killRun(options: KillOptions): Promise<KillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'triggerd-kill-'));
  const { programs } = options;
  const children = new Set<Child>();
  const begin = (file: string, parameters: readonly string[]): Child => {
    const child = startChild(file, parameters);
    children.add(child);
    void child.ended.then(() => children.delete(child));
    return child;
  };
  try {
    const sink = begin(programs.sink, [String(options.seed)]);
    const sinkPort = Number((await sink.said('port '))?.split(' ')[1]);
    const port = await freePort();
    const rules = join(folder, 'rules');
    const data = join(folder, 'data');
    // Reached about half way, so that kills come before and after.
    const coupons = (options.kills * options.rate * options.lifeMs * COUPON_SHARE) / 1_000;
    const limit = Math.max(1, Math.round(coupons / 2));
    writeKillRules(rules, sinkPort, limit);
    const start = (): Child => {
      const given: DaemonArguments = { rules, data, port, settleMs: null, plant: options.plant };
      return options.daemon === 'test'
        ? begin(programs.daemon, [JSON.stringify(given)])
        : begin(join(import.meta.dirname, '../../../bin/triggerd.js'), cliParameters(rules, data, port));
    };
    return await run(options, { folder, rules, data, port, sinkPort, limit, start });
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all([...children].map(({ ended }) => ended));
    rmSync(folder, { recursive: true, force: true });
  }
}

function cliParameters(rules: string, data: string, port: number): readonly string[] {
  return [
    ...['run', rules, '--data', data, '--port', String(port)],
    ...['--storm-per-minute', '10000000', '--breaker-failures', '50', '--breaker-open', '1s'],
  ];
}

interface World {
  readonly rules: string;
  readonly data: string;
  readonly port: number;
  readonly sinkPort: number;
  readonly limit: number;
  start(): Child;
}

async function run(options: KillOptions, world: World & { readonly folder: string }): Promise<KillReport> {
  const violations = createViolations();
  const random = seededRandom(options.seed);
  const producers = startProducers(world.port, BATCHES, seededRandom(options.seed + 1), violations);
  const ofEvents = seededRandom(options.seed + 2);
  const load = startLoad(options, producers, (n) => offeredEvent(n, ofEvents, Date.now()));
  const kills = { done: 0, early: 0 };
  const recoveries: number[] = [];
  const begunAt = performance.now();
  const report = setInterval(() => {
    options.progress(
      `${Math.round((performance.now() - begunAt) / 1_000)} s  ${kills.done}/${options.kills} kills  ` +
        `${load.offered.size} offered  ${producers.acknowledged.size} acknowledged  ${producers.waiting} waiting` +
        (violations.total === 0 ? '' : `  ${violations.total} violations`),
    );
  }, 1_000);
  const client = createClient(world.port);
  const sink = createClient(world.sinkPort);
  try {
    while (kills.done < options.kills) {
      const lived = await liveAndDie(world.start(), random, options, median(recoveries), violations);
      kills.done++;
      if (lived === null) kills.early++;
      else recoveries.push(lived);
    }
    const last = world.start();
    const seconds = load.stop();
    if (await drained(client, producers, options.drainMs)) {
      const acknowledgedSeconds = (performance.now() - begunAt) / 1_000;
      await stopGently(last, violations);
      const store = await readStore(world.data);
      const effects = await sink.read<readonly Effect[]>('/');
      const { acknowledged } = producers;
      const evidence = { ...world, acknowledged, offered: load.offered, store, effects };
      await checkKillRun(evidence, violations);
      return {
        violations,
        kills: kills.done,
        earlyKills: kills.early,
        offered: load.offered.size,
        offeredPerSecond: load.offered.size / seconds,
        acknowledged: acknowledged.size,
        acknowledgedPerSecond: acknowledged.size / acknowledgedSeconds,
        resent: producers.resent,
        journal: store.events.length,
        launches: countWords(store.launches.map(({ trigger_id }) => trigger_id)),
        effects: effects.length,
        suppressed: effects.reduce((sum, { times }) => sum + times - 1, 0),
        recoveryP50: median(recoveries),
        recoveryMax: Math.max(0, ...recoveries),
      };
    }
    const standing = async (path: string): Promise<string> =>
      client.send('GET', path).then(
        ({ text }) => text.slice(0, 1_000),
        (error: unknown) => String(error),
      );
    throw new Error(
      [
        `not drained within ${options.drainMs} ms: ${producers.waiting} events wait, idle: ${producers.idle}`,
        await standing('/v1/stats'),
        await standing(`/v1/triggers/${GATED.later}`),
        ...violations.lines(),
        ...last.lines.slice(-20),
      ].join('\n'),
    );
  } finally {
    clearInterval(report);
    load.stop();
    client.close();
    sink.close();
    await producers.stop();
  }
}

/** One life of the daemon. Returns how long it took to come up; null when it was killed before that. */
async function liveAndDie(
  daemon: Child,
  random: () => number,
  { lifeMs, early }: KillOptions,
  usualRecoveryMs: number,
  violations: Violations,
): Promise<number | null> {
  const startedAt = performance.now();
  let up: number | null = null;
  void daemon.said('triggerd is running').then((line) => {
    if (line !== null) up = performance.now() - startedAt;
  });
  const isEarly = usualRecoveryMs > 0 && random() < early;
  if (!isEarly) await Promise.race([daemon.said('triggerd is running'), daemon.ended]);
  const dieAfterMs = between(random, 0, isEarly ? 1.2 * usualRecoveryMs : 2 * lifeMs);
  await Promise.race([sleep(dieAfterMs), daemon.ended]);
  if (daemon.hasEnded) {
    violations.add('daemon ended by itself', `${await daemon.ended}: ${daemon.lines.slice(-3).join(' | ')}`);
  }
  daemon.kill('SIGKILL');
  await daemon.ended;
  return up;
}

/** Everything is sent, decided and carried out, and no timer is left. */
function drained(client: Client, producers: Producers, withinMs: number): Promise<boolean> {
  return eventually(
    async () => {
      if (!producers.idle) return false;
      const { launches } = await client.read<DaemonStats>('/v1/stats');
      if (launches.pending + launches.running + launches.retrying > 0) return false;
      const later = await client.read<TriggerStatus>(`/v1/triggers/${GATED.later}`);
      return later.timers === 0 && producers.idle;
    },
    withinMs,
    100,
  );
}

async function stopGently(daemon: Child, violations: Violations): Promise<void> {
  daemon.kill('SIGTERM');
  const end = await daemon.ended;
  if (end !== 0) violations.add('daemon ended badly', `${end}: ${daemon.lines.slice(-3).join(' | ')}`);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
