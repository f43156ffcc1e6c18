import { resolve } from 'node:path';
import { Fault, FAULT_EXIT } from '../../kernel/fault.js';
import type { CommandDefinition, CommandInput } from '../command.js';
import { FOLDER_ARGUMENT } from '../shared-options.js';
import { settingOptions } from '../../app/settings.js';

export const run: CommandDefinition = {
  description:
    'Runs the rules as a daemon: takes events over HTTP (and from files it follows, or standard input), decides each once, and carries out what they launch. State, events and launches are kept in the data folder, so that nothing is lost or launched twice at a crash. The rule folder is read again whenever it changes; a change with errors is refused and the rules before it stay at work. Writes its log to standard error, one JSON line each.',
  arguments: [FOLDER_ARGUMENT],
  options: [
    ...settingOptions(),
    { name: 'print-config', description: 'print the settings and where each comes from, and do nothing' },
  ],
  examples: [
    {
      command: 'triggerd run',
      does: 'run ./rules, listen on http://127.0.0.1:7878, keep state in ./.triggerd',
    },
    { command: 'triggerd run --port 8080 --data /var/lib/triggerd /etc/triggerd/rules', does: 'elsewhere' },
    { command: 'triggerd run --print-config', does: 'see every setting, and where it comes from' },
  ],
  exits: [
    'stopped by SIGTERM or SIGINT, everything committed',
    'errors in the rule files at the start (--keep-going runs the other files)',
    'wrong usage or settings, the port or the data folder is taken',
  ],
  async run(input, context) {
    const { readSettings, printSettings, readTextFile } = await import('../../app/settings.js');
    const { settings, origins } = readSettings({
      flags: flagsOf(input),
      environment: context.environment,
      readFile: readTextFile,
      cwd: process.cwd(),
    });
    if (input.flag('print-config')) {
      context.out(printSettings(origins));
      return 0;
    }
    const { startDaemon } = await import('../../app/daemon.js');
    const { createHttpServer } = await import('../../server/http-server.js');
    const signals = listenForSignals();
    const running = await startDaemon({
      settings,
      environment: context.environment,
      stdin: settings.sources.stdin ? context.stdin : null,
      writeLog: (line) => context.note(line),
    });
    const { daemon, log } = running;
    const server = createHttpServer(
      daemon,
      {
        host: settings.host,
        port: settings.port,
        tokens: settings.tokens.map(({ name, scopes, sha256 }) => ({ name, scopes, hash: sha256 })),
        allowedOrigins: settings.allowedOrigins,
        maxBodyBytes: settings.maxBodyBytes,
        maxEventsPerRequest: settings.maxEventsPerRequest,
        requestTimeoutMs: REQUEST_TIMEOUT_MS,
        rateLimit: settings.rateLimit,
        maxConnections: MAX_CONNECTIONS,
      },
      {
        log,
        clock: running.clock,
        meter: running.meter,
        metricsText: () => running.meter.text(),
        busFigures: () => running.bus.figures(),
        newId: running.newId,
      },
    );
    let address: { readonly address: string; readonly port: number };
    try {
      address = await server.listen();
    } catch (error) {
      await running.stop(0);
      throw error;
    }
    running.startSources();
    const { ruleset_hash, triggers } = daemon.readiness();
    log.info('triggerd is running', {
      url: `http://${address.address.includes(':') ? `[${address.address}]` : address.address}:${address.port}`,
      folder: resolve(settings.folder),
      data: settings.store === 'memory' ? null : settings.data,
      ruleset_hash,
      triggers,
      version: context.version,
    });
    const ended = await Promise.race([running.broken, signals.asked]);
    if (ended instanceof Fault) {
      log.error('the daemon cannot go on', { code: ended.code, reason: ended.message });
      // Nothing is waited for: connections and launches under way would keep the process, which promises nothing any more.
      running.clock.after(LAST_WORDS_MS, () => process.exit(FAULT_EXIT[ended.code]));
      throw ended;
    }
    log.info('stopping: no new events, running launches may finish', {
      signal: ended,
      grace_ms: settings.graceMs,
    });
    // A second signal does not wait for launches.
    void signals.askedAgain.then(() => daemon.stop(0));
    await Promise.all([server.close(), running.stop(settings.graceMs)]);
    log.info('stopped', {});
    return 0;
  },
};

/** What was given on the command line, by setting. */
function flagsOf(input: CommandInput): Record<string, string | true | readonly string[]> {
  const flags: Record<string, string | true | readonly string[]> = {};
  const folder = input.argument(FOLDER_ARGUMENT.name);
  if (folder !== null) flags['folder'] = folder;
  for (const { name, value, repeatable } of settingOptions()) {
    const given = repeatable
      ? input.list(name)
      : value === undefined
        ? input.flag(name) || null
        : input.value(name);
    if (given !== null) flags[name] = given;
  }
  return flags;
}

/** Time for the last lines to be written. */
const LAST_WORDS_MS = 100;
/** How long a request may take to arrive. */
export const REQUEST_TIMEOUT_MS = 30_000;
/** Of HTTP and of the stream together. */
export const MAX_CONNECTIONS = 5_000;

/** The first and the second request to stop. */
function listenForSignals(): { readonly asked: Promise<string>; readonly askedAgain: Promise<string> } {
  const waiting: ((signal: string) => void)[] = [];
  const next = (): Promise<string> => new Promise((resolveSignal) => waiting.push(resolveSignal));
  const signals = { asked: next(), askedAgain: next() };
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => waiting.shift()?.(name));
  return signals;
}
