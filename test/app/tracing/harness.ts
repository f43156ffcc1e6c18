import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDaemon, type RunningDaemon } from '../../../src/app/daemon.js';
import { readSettings } from '../../../src/app/settings.js';
import type { Event } from '../../../src/model/event.js';
import type { LaunchStatus } from '../../../src/model/outcome.js';
import { event } from '../../support/rules.js';

/** A span as a collector gets it: OTLP in JSON. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly status: { readonly code?: number; readonly message?: string };
}

interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: ReceivedSpan['attributes'] };
    readonly scopeSpans: readonly { readonly spans: readonly ReceivedSpan[] }[];
  }[];
}

export interface Sent {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Listening {
  readonly url: string;
  readonly requests: readonly Sent[];
  close(): void;
}

/** A server on a port of its own that keeps what it is sent. `answer` null: it never answers. */
export async function listening(answer: number | null = 200): Promise<Listening> {
  const requests: Sent[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      });
      if (answer !== null) response.writeHead(answer, { 'content-type': 'application/json' }).end('{}');
    });
  });
  return {
    url: `http://127.0.0.1:${await portOf(server)}`,
    requests,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** An address at which nobody listens. */
export async function nobody(): Promise<string> {
  const server = await listening();
  server.close();
  return server.url;
}

export function spansOf(collector: Listening): readonly ReceivedSpan[] {
  return collector.requests.flatMap(({ body }) =>
    (JSON.parse(body) as ExportRequest).resourceSpans.flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap(({ spans }) => spans),
    ),
  );
}

/** What all spans of a request say of whom they come from. */
export function resourceOf({ body }: Sent): Readonly<Record<string, unknown>> {
  const [first] = (JSON.parse(body) as ExportRequest).resourceSpans;
  return plain(first?.resource.attributes ?? []);
}

export function plain(attributes: ReceivedSpan['attributes']): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

export interface TestDaemon extends RunningDaemon {
  readonly logged: readonly Readonly<Record<string, unknown>>[];
  send(fields: Partial<Event> & Pick<Event, 'event_id' | 'event_type'>): Promise<readonly string[]>;
  /** Resolves when a launch has got so far. */
  reached(launchId: string, status: LaunchStatus): Promise<void>;
}

export interface Running {
  start(options: {
    readonly rules: string;
    readonly environment?: Readonly<Record<string, string>>;
    readonly settings?: string;
  }): Promise<TestDaemon>;
  cleanUp(): Promise<void>;
}

/** Daemons with a store in memory, each with a rule folder of its own. */
export function createRunning(): Running {
  const cleanUps: (() => Promise<void>)[] = [];
  return {
    async start({ rules, environment = {}, settings: text = '' }) {
      const root = await mkdtemp(join(tmpdir(), 'triggerd-tracing-'));
      cleanUps.push(() => rm(root, { recursive: true, force: true }));
      await writeFile(join(root, 'rules.yaml'), rules);
      const { settings } = readSettings({
        flags: { folder: root },
        environment,
        readFile: () =>
          `store: memory\nreload: false\nallow_commands: true\nprivate_networks: [127.0.0.0/8]\n${text}`,
        cwd: root,
      });
      const logged: Readonly<Record<string, unknown>>[] = [];
      const running = await startDaemon({
        settings,
        environment: { PATH: process.env['PATH'], ...environment },
        stdin: null,
        writeLog: (line) => logged.push(JSON.parse(line) as Record<string, unknown>),
      });
      cleanUps.push(() => running.stop(0));
      const { daemon } = running;
      return {
        ...running,
        logged,
        async send(fields) {
          const at = running.clock.now();
          const [receipt] = await daemon.submit([
            { event: event({ timestamp: new Date(at).toISOString(), ...fields }), at },
          ]);
          return (receipt?.launches ?? []).map(({ launch_id }) => launch_id);
        },
        reached: (launchId, status) =>
          new Promise((resolve) => {
            const stop = daemon.listen((happenings) => {
              const isReached = happenings.some(
                (one) =>
                  one.kind === 'launch' && one.launch.launch_id === launchId && one.launch.status === status,
              );
              if (isReached) done();
            });
            const done = (): void => {
              stop();
              resolve();
            };
            if (daemon.launch(launchId)?.status === status) done();
          }),
      };
    },
    async cleanUp() {
      for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
    },
  };
}
