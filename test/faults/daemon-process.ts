import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemClock } from '../../src/app/clock.js';
import { createLog } from '../../src/app/log.js';
import { createMeter } from '../../src/app/meter.js';
import { createSecrets } from '../../src/app/secrets.js';
import { conditionKinds } from '../../src/conditions/registry.js';
import { startLiveDaemon, type LiveDaemon } from '../../src/engine/live/live-daemon.js';
import { executorKinds } from '../../src/executors/registry.js';
import { Fault, FAULT_EXIT } from '../../src/kernel/fault.js';
import { uuidV7 } from '../../src/kernel/ids.js';
import { createTemplates } from '../../src/launch/liquid.js';
import { createHttpServer } from '../../src/server/http-server.js';
import { HTTP_DEFAULTS } from '../../src/server/http-options.js';
import { createSqliteStore } from '../../src/stores/sqlite.js';
import { forgetStateAtReload, plantInExecutors, plantInStore, type Plant } from './plants.js';

/** The one argument, as JSON. */
export interface DaemonArguments {
  readonly rules: string;
  readonly data: string;
  readonly port: number;
  /** How long a change of the rules has to be over; null = the folder is not watched. */
  readonly settleMs: number | null;
  /** The bug to be caught. */
  readonly plant: Plant | null;
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
    restartGraceMs: 100,
    retention: { ageMs: 30 * 86_400_000, bytes: null },
    limits: { maxRunning: 64, stormPerMinute: null, breaker: { failures: 50, openMs: 1_000 } },
    watch: given.settleMs === null || forgets ? null : { settleMs: given.settleMs },
    fatal: end,
  });
  if (forgets) await forgetStateAtReload(daemon, given.rules, given.settleMs ?? 0, clock);
  const server = createHttpServer(
    daemon,
    { ...HTTP_DEFAULTS, host: '127.0.0.1', port: given.port, tokens: [], allowedOrigins: [] },
    { log, clock, meter, metricsText: () => meter.text(), newId: () => uuidV7(clock.now()) },
  );
  await server.listen();
  return {
    daemon,
    async close() {
      await Promise.all([server.close(), daemon.stop(10_000)]);
    },
  };
}

process.stdin.on('end', () => process.exit(0)).resume();
const running = await start().catch(end);
process.on('SIGTERM', () => {
  running.close().then(() => process.exit(0), end);
});
log.info('triggerd is running', { ruleset_hash: running.daemon.readiness().ruleset_hash });
