import type { LookupAddress } from 'node:dns';
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { createCapture, type Capture } from '../capture.js';

/** The largest headers an answer may have, bytes. */
const MAX_HEADER_BYTES = 16_384;

export interface Exchange {
  readonly url: URL;
  /** Where to connect to: nothing is looked up again. */
  readonly addresses: readonly LookupAddress[];
  readonly method: string;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** Its beginning, as it came: not decompressed. */
  readonly body: Capture;
  /** All of the body came. */
  readonly complete: boolean;
}

/** An exchange that was told to end before there was an answer. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * One request and its answer, over a connection of its own. Resolves once there is a status and either the body is over, or
 * broke off, or more of it came than is kept, or `signal` aborts; rejects with the platform's error when there is no status.
 */
export function send(exchange: Exchange, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = (exchange.url.protocol === 'https:' ? requestHttps : requestHttp)(optionsOf(exchange));
    let incoming: IncomingMessage | undefined;
    const body = createCapture();

    let settled = false;

    const end = (failure: Error): void => {
      if (settled) return;
      // What was received together with the error, and not handed on yet.
      incoming?.read();
      settled = true;
      signal.removeEventListener('abort', interrupt);
      if (incoming?.statusCode === undefined) reject(failure);
      else
        resolve({
          status: incoming.statusCode,
          headers: incoming.headers,
          body,
          complete: incoming.complete,
        });
      outgoing.destroy();
    };
    const interrupt = (): void => end(new Interrupted('told to end before there was an answer'));

    outgoing.on('response', (message) => {
      incoming = message;
      message.on('data', (chunk: Buffer) => {
        body.add(chunk);
        if (body.full) end(new Error('unreachable: there is a status'));
      });
      for (const event of ['end', 'error', 'close'] as const)
        message.on(event, () => end(new Error('unreachable: there is a status')));
    });
    outgoing.on('error', end);
    // The last resort: an answer that switches to another protocol closes the connection, and says nothing else.
    outgoing.on('close', () => end(new Error('the connection was closed without an answer')));
    signal.addEventListener('abort', interrupt, { once: true });
    if (signal.aborted) return interrupt();
    outgoing.end(exchange.body ?? undefined);
  });
}

function optionsOf({ url, addresses, method, headers, body }: Exchange): RequestOptions {
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
  const first = addresses[0];
  return {
    protocol: url.protocol,
    hostname: host,
    ...(url.port === '' ? {} : { port: url.port }),
    path: `${url.pathname}${url.search}`,
    method,
    headers: { ...headers, ...(body === null ? {} : { 'content-length': String(body.length) }) },
    agent: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    insecureHTTPParser: false,
    lookup: (_hostname, options, callback) => {
      if (options.all === true) callback(null, [...addresses]);
      else callback(null, first?.address ?? '', first?.family ?? 0);
    },
    // For https: certificates are checked for the host of the URL, whatever a Host header says and the environment allows.
    ...{ rejectUnauthorized: true, servername: isIP(host) === 0 ? host : '' },
  };
}
