import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is, anything else as JSON. */
  readonly body: unknown;
}

export interface FakeDaemon {
  readonly url: string;
  readonly requests: Request[];
  close(): Promise<void>;
}

/** An HTTP server that speaks what the daemon does; `answer` says what. */
export async function fakeDaemon(answer: (request: Request) => Answer | undefined): Promise<FakeDaemon> {
  const requests: Request[] = [];
  const server = createServer((incoming, outgoing) => {
    const pieces: Buffer[] = [];
    incoming.on('data', (piece: Buffer) => pieces.push(piece));
    incoming.on('end', () => {
      const url = new URL(incoming.url ?? '/', 'http://daemon');
      const request: Request = {
        method: incoming.method ?? '',
        path: decodeURIComponent(url.pathname),
        query: url.searchParams,
        headers: incoming.headers,
        body: Buffer.concat(pieces).toString('utf8'),
      };
      requests.push(request);
      const {
        status = 200,
        headers = {},
        body,
      } = answer(request) ?? refusal(404, 'path-unknown', 'no such path');
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => (error === undefined ? resolve() : reject(error)));
      }),
  };
}

export function refusal(status: number, code: string, message: string, more: object = {}): Answer {
  return { status, body: { error: { code, message, hint: null, ...more } } };
}

/** What is taken of a body of events, and a receipt for each. */
export function eventsIn({ headers, body }: Request): readonly Record<string, unknown>[] {
  if (headers['content-type'] === 'application/x-ndjson')
    return body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const value = JSON.parse(body) as Record<string, unknown> | Record<string, unknown>[];
  return Array.isArray(value) ? value : [value];
}
