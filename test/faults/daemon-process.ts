import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemClock } from '../../src/app/clock.js';
import { createLog } from '../../src/app/log.js';
import { createMeter } from '../../src/app/meter.js';
import { createSecrets } from '../../src/app/secrets.js';
import { conditionKinds } from '../../src/conditions/registry.js';
import { connectBus } from '../../src/engine/handlers/connect-bus.js';
import { createIntake } from '../../src/engine/live/intake.js';
import { startLiveDaemon, type LiveDaemon } from '../../src/engine/live/live-daemon.js';
import { executorKinds } from '../../src/executors/registry.js';
import { Fault, FAULT_EXIT } from '../../src/kernel/fault.js';
import { uuidV7 } from '../../src/kernel/ids.js';
import { createTemplates } from '../../src/launch/liquid.js';
import type { Intake, NatsSettings } from '../../src/ports/source.js';
import { createHttpServer } from '../../src/server/http-server.js';
import { HTTP_DEFAULTS } from '../../src/server/http-options.js';
import { natsSource } from '../../src/sources/nats.js';
import type { NatsTimes } from '../../src/sources/nats/times.js';
import { createSqliteStore } from '../../src/stores/sqlite.js';
import { forgetStateAtReload, plantInExecutors, plantInIntake, plantInStore, type Plant } from './plants.js';
import { sleep } from './support/wait.js';

/** The one argument, as JSON. */
export interface DaemonArguments {
  readonly rules: string;
  readonly data: string;
  readonly port: number;
  /** How long a change of the rules has to be over; null = the folder is not watched. */
  readonly settleMs: number | null;
  /** The bug to be caught. */
  readonly plant: Plant | null;
  /** A stream that events are taken from. */
  readonly nats?: {
    readonly settings: NatsSettings;
    readonly times: NatsTimes;
    /** The source hears so late what was durable before, so that a kill may come in between. */
    readonly lateMs: number;
  };
}

/*
 * The daemon as it is put together for `triggerd run`, with a place for bugs. Ends when its standard input does, so that
 * none is left behind.
 */
const given = JSON.parse(process.argv[2] ?? '') as DaemonArguments;
const { environment, clock } = { environment: process.env, clock: systemClock };
const secrets = createSecrets({ environment, readFile: (path) => readFileSync(path, 'utf8') });
const log = createLog(
  'info',
  (text) => secrets.redact(text),
  (line) => void process.stderr.write(line),
);
const meter = createMeter();
const plugins = {
  conditions: conditionKinds,
  executors: plantInExecutors(executorKinds, given.plant),
  templates: createTemplates(),
  environment,
};

function end(fault: unknown): never {
  log.error('the daemon cannot go on', {
    reason: fault instanceof Error ? (fault.stack ?? '') : String(fault),
  });
  process.exit(fault instanceof Fault ? FAULT_EXIT[fault.code] : 3);
}

async function start(): Promise<{ readonly daemon: LiveDaemon; close(): Promise<void> }> {
  const forgets = given.plant === 'forget-state';
  const daemon = await startLiveDaemon({
    root: given.rules,
    plugins,
    store: plantInStore(createSqliteStore({ directory: given.data, log }), given.plant),
    clock,
    log,
    meter,
    random: Math.random,
    host: {
      log,
      secrets,
      environment,
      now: () => clock.now(),
      settings: {
        allow_commands: false,
        module_folders: [],
        private_networks: [],
        folder: resolve(given.rules),
        smtp_url: null,
      },
    },
    keepGoing: false,
    maxHops: 8,
    queueLimit: 100_000,
    launchLimit: 250_000,
    restartGraceMs: 100,
    // Rows in parts are put to the test too: here all that hold an event or two are.
    inlineMaxChars: 1_000,
    retention: { ageMs: 30 * 86_400_000, bytes: null },
    limits: { maxRunning: 64, stormPerMinute: null, breaker: { failures: 50, openMs: 1_000 } },
    watch: given.settleMs === null || forgets ? null : { settleMs: given.settleMs },
    fatal: end,
  });
  if (forgets) await forgetStateAtReload(daemon, given.rules, given.settleMs ?? 0, clock);
  const newId = (): string => uuidV7(clock.now());
  const bus = connectBus(daemon, { clock, newId, meter, historySize: 0 });
  const server = createHttpServer(
    daemon,
    { ...HTTP_DEFAULTS, host: '127.0.0.1', port: given.port, tokens: [], allowedOrigins: [] },
    { log, clock, meter, metricsText: () => meter.text(), busFigures: () => bus.figures(), newId },
  );
  await server.listen();
  const stopping = new AbortController();
  const reading = given.nats === undefined ? null : readStream(given.nats, daemon, newId, stopping.signal);
  return {
    daemon,
    async close() {
      stopping.abort();
      await reading;
      await Promise.all([server.close(), daemon.stop(10_000)]);
    },
  };
}

function readStream(
  { settings, times, lateMs }: NonNullable<DaemonArguments['nats']>,
  daemon: LiveDaemon,
  newId: () => string,
  signal: AbortSignal,
): Promise<void> {
  const bookmark = { read: () => null, write: () => Promise.resolve() };
  const source = natsSource(settings, times).create({ log, clock, bookmark });
  const planted = plantInIntake(createIntake(daemon, clock, newId), given.plant);
  const late: Intake = {
    async json(text, beside) {
      await planted.json(text, beside);
      await sleep(lateMs);
    },
  };
  return source.run(late, signal);
}

process.stdin.on('end', () => process.exit(0)).resume();
const running = await start().catch(end);
process.on('SIGTERM', () => {
  running.close().then(() => process.exit(0), end);
});
log.info('triggerd is running', { ruleset_hash: running.daemon.readiness().ruleset_hash });
