import { systemClock } from '../../../src/app/clock.js';
import { startLiveDaemon, type LiveDaemon } from '../../../src/engine/live/live-daemon.js';
import { loadText } from '../../../src/load/folder.js';
import type { Event } from '../../../src/model/event.js';
import { succeeded } from '../../../src/ports/executor-kind.js';
import type { Store } from '../../../src/ports/store.js';
import { HTTP_DEFAULTS, type HttpOptions } from '../../../src/server/http-options.js';
import { createHttpServer, type HttpServer } from '../../../src/server/http-server.js';
import { createMemoryStore } from '../../../src/stores/memory.js';
import type { Clock } from '../../../src/ports/clock.js';
import { event, plugins } from '../../support/rules.js';
import { noFigures, noLog, noMeter } from '../../engine/live/harness.js';
import { connectRaw, type RawClient } from './raw-client.js';

export const RULES = `
triggers:
  - trigger_id: ship-order
    event_types: [order.paid]
    workflow_name: ship
    cooldown: 1h
    group_by: [user_id]
workflows:
  ship: { executor: log }
`;

/** A daemon with its rules, under a listening server. */
export interface StreamBench {
  readonly port: number;
  readonly url: string;
  readonly daemon: LiveDaemon;
  readonly server: HttpServer;
  readonly store: Store;
  /** Hands in events of these fields, in one request. */
  emit(...events: Partial<Event>[]): Promise<void>;
  connect(options?: Parameters<typeof connectRaw>[1]): Promise<RawClient>;
  /** Connects, subscribes, and is told so. */
  follow(request?: object): Promise<RawClient & { readonly created: Record<string, string> }>;
  close(): Promise<void>;
}

export async function startStream(
  options: Partial<HttpOptions> = {},
  more: { readonly clock?: Clock; readonly store?: Store } = {},
): Promise<StreamBench> {
  const { clock = systemClock, store = createMemoryStore() } = more;
  const daemon = await startLiveDaemon({
    root: 'rules',
    plugins: {
      ...plugins,
      executors: plugins.executors.map((kind) => ({
        ...kind,
        load: async () => async () => succeeded({ done: true }),
      })),
      loadFolder: async () => {
        const { documents, diagnostics } = loadText('rules/test.yaml', RULES);
        return { documents: [...documents], diagnostics: [...diagnostics], files: ['rules/test.yaml'] };
      },
    },
    store,
    host: {
      log: noLog,
      secrets: { read: () => '', redact: (text) => text },
      environment: {},
      now: () => clock.now(),
      settings: {
        allow_commands: false,
        module_folders: [],
        private_networks: [],
        folder: '/',
        smtp_url: null,
      },
    },
    clock,
    log: noLog,
    meter: noMeter,
    random: () => 0.5,
    keepGoing: false,
    maxHops: 8,
    queueLimit: 100_000,
    launchLimit: 250_000,
    restartGraceMs: 0,
    retention: { ageMs: 30 * 86_400_000, bytes: null },
    limits: { maxRunning: 8, stormPerMinute: null, breaker: { failures: 5, openMs: 30_000 } },
    watch: null,
    fatal(fault) {
      throw fault;
    },
  });
  let ids = 0;
  const server = createHttpServer(
    daemon,
    { host: '127.0.0.1', port: 0, tokens: [], allowedOrigins: [], ...HTTP_DEFAULTS, ...options },
    {
      log: noLog,
      clock,
      meter: noMeter,
      metricsText: () => Promise.resolve(''),
      busFigures: noFigures,
      newId: () => `made-${++ids}`,
    },
  );
  const { port } = await server.listen();
  const clients: RawClient[] = [];
  const bench: StreamBench = {
    port,
    url: `http://127.0.0.1:${port}`,
    daemon,
    server,
    store,
    async emit(...events) {
      const at = clock.now();
      await daemon.submit(
        events.map((fields) => ({
          event: event({ event_id: `e-${++ids}`, event_type: 'x', ...fields }),
          at,
        })),
      );
    },
    async connect(how) {
      const client = await connectRaw(port, how);
      clients.push(client);
      return client;
    },
    async follow(request = {}) {
      const client = await bench.connect();
      client.send({ type: 'subscribe', event_types: ['*'], ...request });
      const created = await client.next('subscription_created');
      return Object.assign(client, { created });
    },
    async close() {
      for (const client of clients) client.destroy();
      await server.close();
      await daemon.stop(0);
    },
  };
  return bench;
}
