import { createHash } from 'node:crypto';
import type { LogFields } from '../../src/kernel/log.js';
import { createHttpServer } from '../../src/server/http-server.js';
import { HTTP_DEFAULTS, type HttpOptions, type Scope } from '../../src/server/http-options.js';
import { noFigures } from '../engine/live/harness.js';
import { createMemoryDaemon, type MemoryDaemon, NOW } from './memory-daemon.js';

/** A listening HTTP surface over a daemon in memory. */
export interface HttpBench {
  readonly url: string;
  readonly port: number;
  readonly daemon: MemoryDaemon;
  readonly errors: { readonly message: string; readonly fields: LogFields | undefined }[];
  readonly counters: Map<string, number>;
  /** Epoch ms, as the server sees it. */
  now: number;
  close(): Promise<void>;
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const tokenFor = (name: string, token: string, ...scopes: Scope[]): HttpOptions['tokens'][number] => ({
  name,
  scopes,
  hash: sha256(token),
});

export async function startHttp(options: Partial<HttpOptions> = {}): Promise<HttpBench> {
  const daemon = createMemoryDaemon();
  const errors: HttpBench['errors'] = [];
  const counters = new Map<string, number>();
  const quiet = (): void => undefined;
  let ids = 0;
  const bench = { now: NOW };
  const server = createHttpServer(
    daemon,
    { host: '127.0.0.1', port: 0, tokens: [], allowedOrigins: [], ...HTTP_DEFAULTS, ...options },
    {
      log: {
        debug: quiet,
        info: quiet,
        warn: quiet,
        error: (message, fields) => errors.push({ message, fields }),
      },
      clock: {
        now: () => bench.now,
        after(delayMs, callback) {
          const timer = setTimeout(callback, delayMs).unref();
          return () => clearTimeout(timer);
        },
      },
      meter: {
        counter: (name) => ({
          add(amount = 1, labels = {}) {
            const key = [name, ...Object.values(labels)].join(' ');
            counters.set(key, (counters.get(key) ?? 0) + amount);
          },
        }),
        gauge: () => ({ set: quiet }),
        histogram: () => ({ observe: quiet }),
        watch: quiet,
      },
      metricsText: async () => '# HELP triggerd_up up\ntriggerd_up 1\n',
      busFigures: noFigures,
      newId: () => `made-${++ids}`,
    },
  );
  const { port } = await server.listen();
  return Object.assign(bench, {
    url: `http://127.0.0.1:${port}`,
    port,
    daemon,
    errors,
    counters,
    close: () => server.close(),
  });
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers freely
  readonly body: any;
}

/** One request; an object as body is sent as JSON. */
export async function ask(
  { url }: Pick<HttpBench, 'url'>,
  method: string,
  path: string,
  options: {
    readonly body?: unknown;
    readonly headers?: Record<string, string>;
    readonly token?: string;
  } = {},
): Promise<Reply> {
  const { body, headers = {}, token } = options;
  const isText = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(body === undefined || isText ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isText ? (body as string) : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && text !== '' ? JSON.parse(text) : text,
  };
}
