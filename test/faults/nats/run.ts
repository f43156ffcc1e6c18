import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DaemonStats } from '../../../src/engine/daemon.js';
import type { NatsSettings } from '../../../src/ports/source.js';
import type { NatsTimes } from '../../../src/sources/nats/times.js';
import { startNatsServer } from '../../support/nats-server.js';
import type { DaemonArguments } from '../daemon-process.js';
import type { Plant } from '../plants.js';
import type { Effect } from '../sink-process.js';
import type { Programs } from '../support/bundle.js';
import { startChild, type Child } from '../support/child.js';
import { createClient, type Client } from '../support/client.js';
import { between, seededRandom } from '../support/random.js';
import { readStore } from '../support/read-store.js';
import { createViolations, type Violations } from '../support/violations.js';
import { eventually, freePort, sleep } from '../support/wait.js';
import { checkStreamRun } from './check.js';
import { DURABLE, startStreamLoad, STREAM, type StreamLoad } from './stream.js';

export interface StreamRunOptions {
  readonly kills: number;
  /** Messages published a second. */
  readonly rate: number;
  readonly seed: number;
  /** How long the daemon lives on average once it decides messages. */
  readonly lifeMs: number;
  /** Part of the kills that come whenever they come, also before it decides any. */
  readonly early: number;
  /**
   * `program`: `triggerd run` of that file. Else the daemon put together here, with these times of its source, so much time
   * between what is durable and its acknowledgement, and this bug.
   */
  readonly daemon:
    | { readonly program: string }
    | { readonly times: NatsTimes; readonly lateMs: number; readonly plant: Plant | null };
  readonly drainMs: number;
  readonly programs: Programs;
  progress(line: string): void;
}

export interface StreamRunReport {
  readonly violations: Violations;
  readonly kills: number;
  readonly published: number;
  readonly journal: number;
  readonly launches: number;
  readonly effects: number;
  /** Messages that the daemon knew already when they came. */
  readonly redelivered: number;
  readonly seconds: number;
}

const UP_WITHIN_MS = 30_000;

/** Publishes to a stream, kills the daemon that reads it again and again, lets everything drain, and checks what is left. */
export async function streamRun(options: StreamRunOptions): Promise<StreamRunReport> {
  const folder = mkdtempSync(join(tmpdir(), 'triggerd-stream-'));
  const children = new Set<Child>();
  const begin = (file: string, parameters: readonly string[]): Child => {
    const child = startChild(file, parameters);
    children.add(child);
    void child.ended.then(() => children.delete(child));
    return child;
  };
  const server = await startNatsServer();
  let load: StreamLoad | null = null;
  try {
    const sink = begin(options.programs.sink, [String(options.seed)]);
    const sinkPort = Number((await sink.said('port '))?.split(' ')[1]);
    const [rules, data, port] = [join(folder, 'rules'), join(folder, 'data'), await freePort()];
    writeRules(rules, sinkPort);
    load = await startStreamLoad(server.url, options.rate);
    const start = (): Child => {
      if ('program' in options.daemon)
        return begin(options.daemon.program, cliParameters(rules, data, port, server.url));
      const { times, lateMs, plant } = options.daemon;
      const nats = { settings: settingsOf(server.url), times, lateMs };
      const given: DaemonArguments = { rules, data, port, settleMs: null, plant, nats };
      return begin(options.programs.daemon, [JSON.stringify(given)]);
    };
    return await run(options, { data, port, sinkPort, load, start });
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all([...children].map(({ ended }) => ended));
    await load?.close();
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

function settingsOf(url: string): NatsSettings {
  const nobody = { user: null, password: null, token: null, credentials: null };
  return { servers: [url], stream: STREAM, subjects: ['orders.>'], durable: DURABLE, ...nobody };
}

function cliParameters(rules: string, data: string, port: number, url: string): readonly string[] {
  return [
    ...['run', rules, '--data', data, '--port', String(port), '--storm-per-minute', '10000000'],
    ...['--breaker-failures', '50', '--breaker-open', '1s'],
    ...[
      '--sources-nats-servers',
      url,
      '--sources-nats-stream',
      STREAM,
      '--sources-nats-subjects',
      'orders.>',
    ],
  ];
}

function writeRules(folder: string, sinkPort: number): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'rules.yaml'),
    `
workflows:
  effect:
    executor: http
    with: { url: "http://127.0.0.1:${sinkPort}/", allow_private: true }
    timeout: 10s
    retry: { attempts: 50, initial: 50ms, factor: 2, max: 1s }
triggers:
  - trigger_id: paid
    event_types: [order.paid]
    workflow_name: effect
    workflow_input: { n: "{{ event.payload.n }}" }
`,
  );
}

interface World {
  readonly data: string;
  readonly port: number;
  readonly sinkPort: number;
  readonly load: StreamLoad;
  start(): Child;
}

async function run(options: StreamRunOptions, world: World): Promise<StreamRunReport> {
  const violations = createViolations();
  const random = seededRandom(options.seed);
  const { load } = world;
  const client = createClient(world.port, 2_000);
  const sink = createClient(world.sinkPort);
  const begunAt = performance.now();
  let redelivered = 0;
  try {
    for (let kills = 1; kills <= options.kills; kills++) {
      const daemon = world.start();
      if (random() < options.early) {
        await Promise.race([sleep(between(random, 0, 2 * options.lifeMs)), daemon.ended]);
      } else {
        if (!(await decides(client, daemon)))
          violations.add('decides nothing', daemon.lines.slice(-3).join(' | '));
        await Promise.race([sleep(between(random, 0, 2 * options.lifeMs)), daemon.ended]);
        redelivered += await duplicates(client);
      }
      if (daemon.hasEnded) violations.add('daemon ended by itself', daemon.lines.slice(-3).join(' | '));
      daemon.kill('SIGKILL');
      await daemon.ended;
      options.progress(
        `${kills}/${options.kills} kills  ${load.published} published  ${violations.total} violations`,
      );
    }
    const last = world.start();
    await load.stop();
    const isDrained = await eventually(() => drained(client, load), options.drainMs, 50);
    if (!isDrained) violations.add('not drained', last.lines.slice(-5).join(' | '));
    redelivered += await duplicates(client);
    last.kill('SIGTERM');
    const end = await last.ended;
    if (end !== 0) violations.add('daemon ended badly', `${end}: ${last.lines.slice(-3).join(' | ')}`);
    const store = await readStore(world.data);
    const effects = await sink.read<readonly Effect[]>('/');
    checkStreamRun(store, effects, load.published, violations);
    return {
      violations,
      kills: options.kills,
      published: load.published,
      journal: store.events.filter(({ event }) => event.source === 'producer').length,
      launches: store.launches.length,
      effects: effects.length,
      redelivered,
      seconds: (performance.now() - begunAt) / 1_000,
    };
  } finally {
    client.close();
    sink.close();
  }
}

/** Waits until the daemon takes messages, and not only those that end its launches. */
function decides(client: Client, daemon: Child): Promise<boolean> {
  return eventually(
    async () => {
      if (daemon.hasEnded) return true;
      const { events } = await client.read<DaemonStats>('/v1/stats');
      return (events.by_type['order.viewed'] ?? 0) > 0;
    },
    UP_WITHIN_MS,
    20,
  );
}

async function duplicates(client: Client): Promise<number> {
  try {
    return (await client.read<DaemonStats>('/v1/stats')).events.duplicate;
  } catch {
    // One that has just ended does not say.
    return 0;
  }
}

async function drained(client: Client, load: StreamLoad): Promise<boolean> {
  if (!(await load.isDrained())) return false;
  const { launches, queued } = await client.read<DaemonStats>('/v1/stats');
  return queued === 0 && launches.pending + launches.running + launches.retrying === 0;
}
