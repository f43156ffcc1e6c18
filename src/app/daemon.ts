import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { conditionKinds } from '../conditions/registry.js';
import { executorKinds } from '../executors/registry.js';
import { connectBus, type ConnectedBus } from '../engine/handlers/connect-bus.js';
import { startLiveDaemon, type LiveDaemon } from '../engine/live/live-daemon.js';
import { createIntake } from '../engine/live/intake.js';
import { sha256 } from '../kernel/hash.js';
import { Fault } from '../kernel/fault.js';
import { uuidV7 } from '../kernel/ids.js';
import type { Log } from '../kernel/log.js';
import { createTemplates } from '../launch/liquid.js';
import type { Clock } from '../ports/clock.js';
import { sourceKinds } from '../sources/registry.js';
import { storeKinds } from '../stores/registry.js';
import { systemClock } from './clock.js';
import { createLog } from './log.js';
import { createMeter, type PrometheusMeter } from './meter.js';
import { createSecrets } from './secrets.js';
import type { Settings } from './settings.js';
import { startTracing, type Tracing } from './tracing.js';

export interface DaemonOptions {
  readonly settings: Settings;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** null = no events are read from it. */
  readonly stdin: NodeJS.ReadableStream | null;
  /** Gets each line of the log, with its line break. */
  readonly writeLog: (line: string) => void;
}

/** The daemon with everything around it that a surface needs. */
export interface RunningDaemon {
  readonly daemon: LiveDaemon;
  /** Hears every event once it is durable. */
  readonly bus: ConnectedBus;
  readonly log: Log;
  readonly clock: Clock;
  readonly meter: PrometheusMeter;
  readonly newId: () => string;
  /** Begins to take events from the sources in the settings. */
  startSources(): void;
  /** Resolves when the daemon can no longer go on. */
  readonly broken: Promise<Fault>;
  /** Ends the sources, then the daemon. */
  stop(graceMs: number): Promise<void>;
}

/** Builds the daemon from its settings and starts it; listens nowhere yet. */
export async function startDaemon(options: DaemonOptions): Promise<RunningDaemon> {
  const { settings, environment } = options;
  const clock = systemClock;
  const secrets = createSecrets({ environment, readFile: readSecretFile });
  const log = createLog(settings.logLevel, (text) => secrets.redact(text), options.writeLog);
  const meter = createMeter();
  const kind = storeKinds.find(({ name }) => name === settings.store);
  if (kind === undefined) throw new Fault('settings', `there is no store ${settings.store}`);
  const store = kind.create({ directory: settings.data, log });
  const root = settings.folder;
  let breakDown: (fault: Fault) => void = () => undefined;
  const broken = new Promise<Fault>((resolveBroken) => {
    breakDown = resolveBroken;
  });
  const plugins = {
    conditions: conditionKinds,
    executors: executorKinds,
    templates: createTemplates(),
    environment,
  };

  let daemon: LiveDaemon;
  let tracing: Tracing | null = null;
  try {
    if (settings.tracingEndpoint !== null)
      tracing = await startTracing({
        endpoint: settings.tracingEndpoint,
        environment,
        clock,
        log,
        meter,
        redact: (text) => secrets.redact(text),
        past: {
          launch: (launchId) => store.launch(launchId),
          event: (eventId) => store.event(eventId)?.event ?? null,
        },
      });
    daemon = await startLiveDaemon({
      root,
      plugins,
      store,
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
          allow_commands: settings.allowCommands,
          module_folders: settings.moduleFolders,
          private_networks: settings.privateNetworks,
          folder: resolve(root),
          smtp_url: settings.smtpUrl,
        },
      },
      keepGoing: settings.keepGoing,
      maxHops: settings.maxHops,
      queueLimit: settings.queueLimit,
      launchLimit: settings.launchLimit,
      restartGraceMs: settings.restartGraceMs,
      retention: { ageMs: settings.retention.ageMs, bytes: settings.retention.maxBytes },
      limits: {
        maxRunning: settings.maxRunning,
        stormPerMinute: settings.stormPerMinute,
        breaker: settings.breaker,
      },
      watch: settings.reload ? { settleMs: settings.reloadSettleMs } : null,
      tracing: tracing === null ? null : tracing.told,
      fatal: breakDown,
    });
  } catch (error) {
    await tracing?.stop();
    await store.close();
    throw error;
  }

  const ending = new AbortController();
  const sources: Promise<void>[] = [];
  const newId = (): string => uuidV7(clock.now());
  const intake = createIntake(daemon, clock, newId);
  // What is kept of the past is in the journal.
  const bus = connectBus(daemon, { clock, newId, meter, historySize: 0 });
  return {
    daemon,
    bus,
    log,
    clock,
    meter,
    newId,
    broken,
    startSources() {
      const planned = sourceKinds.flatMap((source) =>
        source.plan({
          stdin: options.stdin,
          follow: settings.sources.follow,
          nats: settings.sources.nats,
        }),
      );
      for (const { name, create } of planned) {
        const source = create({ log, clock, bookmark: fileBookmark(settings.data, name) });
        sources.push(
          source.run(intake, ending.signal).then(
            () => log.info('a source has ended', { source: name }),
            (error: unknown) =>
              log.error('a source failed', {
                source: name,
                reason: error instanceof Error ? error.message : String(error),
              }),
          ),
        );
      }
    },
    async stop(graceMs) {
      ending.abort();
      await Promise.all(sources);
      await daemon.stop(graceMs);
      bus.stop();
      await tracing?.stop();
    },
  };
}

const SECRET_MAX_BYTES = 65_536;

/** A secret's file, read at each launch: nothing that could be waited for without end, or that is no secret by its size. */
function readSecretFile(path: string): string {
  const info = statSync(path);
  if (!info.isFile()) throw new Error('it is no regular file');
  if (info.size > SECRET_MAX_BYTES) throw new Error(`it is larger than ${SECRET_MAX_BYTES / 1_024} KiB`);
  return readFileSync(path, 'utf8');
}

/** How far a source came, in a small file of the data folder that is replaced as a whole. */
function fileBookmark(
  directory: string,
  source: string,
): { read(): string | null; write(text: string): Promise<void> } {
  const path = join(directory, `source-${sha256(source).slice(0, 16)}.json`);
  return {
    read() {
      try {
        return readFileSync(path, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    async write(text) {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      await writeFile(`${path}.new`, text, { mode: 0o600 });
      await rename(`${path}.new`, path);
    },
  };
}
