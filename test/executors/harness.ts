import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executorKinds } from '../../src/executors/registry.js';
import { createSecrets } from '../../src/app/secrets.js';
import type { Json, JsonObject } from '../../src/kernel/json.js';
import type { LogFields } from '../../src/kernel/log.js';
import type { Outcome } from '../../src/model/outcome.js';
import type { Attempting, ExecutorHost, ExecutorSettings } from '../../src/ports/executor-kind.js';

export interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields | undefined;
}

/** A host with a log that is kept, and the environment of a machine that has a secret. */
export interface TestHost extends ExecutorHost {
  readonly lines: Line[];
}

export const SECRET = 'tr4cker-t0ken+/ü&';
/** 2026-01-01T00:00:00Z */
export const NOW = 1_767_225_600_000;

export function host(
  settings: Partial<ExecutorSettings> = {},
  environment: Readonly<Record<string, string>> = {},
): TestHost {
  const lines: Line[] = [];
  const keep = (level: string) => (message: string, fields?: LogFields) =>
    void lines.push({ level, message, fields });
  const whole = { PATH: process.env['PATH'], HOME: '/root', TOKEN: SECRET, DAEMON_ONLY: 'x', ...environment };
  return {
    lines,
    log: { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') },
    secrets: createSecrets({
      environment: whole,
      readFile: (path) => {
        throw Object.assign(new Error(path), { code: 'ENOENT' });
      },
    }),
    settings: {
      allow_commands: true,
      module_folders: [],
      private_networks: ['127.0.0.0/8'],
      folder: '/nowhere',
      smtp_url: null,
      ...settings,
    },
    environment: whole,
    now: () => NOW,
  };
}

export const INPUT: JsonObject = { trigger_id: 'burst', region: 'eu', failures: 5 };

/** An attempt with these settings, which hold no templates unless `rendered` says what they became. */
export function attempting(written: JsonObject, rendered: JsonObject = written, input = INPUT): Attempting {
  return {
    launch_id: 'launch-0123456789abcdef',
    trigger_id: 'burst',
    workflow_name: 'open-incident',
    at: NOW,
    event_id: 'event-1',
    group: { 'payload.region': 'eu' },
    input,
    correlation_id: 'corr-1',
    attempt: 2,
    settings: rendered,
    written,
    trace: null,
    timeoutMs: 30_000,
  };
}

export interface RunOptions {
  readonly host?: ExecutorHost;
  readonly rendered?: JsonObject;
  readonly input?: JsonObject;
  /** Aborts after so long; default: later than any test. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly launchId?: string;
}

/** Carries out one attempt with an executor, loaded as the dispatcher loads it. */
export async function run(executor: string, written: JsonObject, options: RunOptions = {}): Promise<Outcome> {
  const kind = executorKinds.find(({ name }) => name === executor);
  if (kind?.load == null) throw new TypeError(`${executor} has nothing to load`);
  const execute = await kind.load();
  const attempt = attempting(written, options.rendered, options.input);
  return execute(
    { ...attempt, launch_id: options.launchId ?? attempt.launch_id },
    options.host ?? host(),
    options.signal ?? AbortSignal.timeout(options.timeoutMs ?? 15_000),
  );
}

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  close(): void;
}

/** A server on a port of its own that keeps what it was sent. */
export async function serve(
  answer: (request: IncomingMessage, response: ServerResponse, received: Received) => void = (
    _request,
    response,
  ) => void response.end('{"id":"inc-1"}'),
): Promise<TestServer> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      received.push(one);
      answer(request, response, one);
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return (server.address() as AddressInfo).port;
}

/** A folder with these files; its real path. */
export function folderOf(files: Readonly<Record<string, string>>): { readonly path: string; remove(): void } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'triggerd-executors-')));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A JSON text of everything that an attempt said. */
export function everything(outcome: Outcome, { lines }: TestHost): string {
  return JSON.stringify([outcome, lines]);
}

export function outputOf(outcome: Outcome): JsonObject {
  return outcome.output as JsonObject;
}

/** Node as a command: a program every machine that runs the tests has. */
export function nodeCommand(script: string, ...args: readonly string[]): { readonly argv: Json } {
  return { argv: [process.execPath, '-e', script, ...args] };
}
