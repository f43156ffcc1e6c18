import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  STATUS_CODES,
} from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../ports/clock.js';
import type { HttpOptions } from './http-options.js';
import { Refusal, wireError } from './refusal.js';

const MAX_HEADER_BYTES = 16 * 1024;
const HEADERS_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 65_000;
/** How long a connection that is being given up still reads what was on its way. */
const LINGER_MS = 2_000;

/** The HTTP server under the framework: bounded in every direction, and able to say no in the same words. */
export function createNodeServer(listener: RequestListener, options: HttpOptions, clock: Clock): Server {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, options.requestTimeoutMs),
      requestTimeout: options.requestTimeoutMs,
      connectionsCheckingInterval: Math.min(1_000, Math.max(50, options.requestTimeoutMs / 4)),
      keepAliveTimeout: KEEP_ALIVE_MS,
      insecureHTTPParser: false,
      // The gate asks for it, in the words of all refusals.
      requireHostHeader: false,
      noDelay: true,
    },
    listener,
  );
  server.maxConnections = options.maxConnections;
  // A client that stops reading its answer holds it in memory no longer than this.
  server.setTimeout(Math.max(KEEP_ALIVE_MS, 2 * options.requestTimeoutMs));
  // With a listener for these two, it is not Node that says `100 Continue` before anybody has looked at the token.
  server.on('checkContinue', listener);
  server.on('checkExpectation', (request, response) => {
    const refusal = new Refusal(417, 'header-invalid', 'the expectation is not one that is understood');
    const body = JSON.stringify(wireError(refusal));
    response
      .writeHead(417, { 'content-type': 'application/json; charset=utf-8', connection: 'close' })
      .end(body);
    lingerOn(request.socket, clock);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => answerClientError(error, socket, clock));
  return server;
}

/** Whether the client waits for `100 Continue` before it sends the body. */
export function waitsForContinue({ headers, httpVersionMinor }: IncomingMessage): boolean {
  return httpVersionMinor > 0 && /^100-continue$/i.test(headers.expect ?? '');
}

/** What the parser refuses, and what does not arrive in time. */
function answerClientError(error: NodeJS.ErrnoException, socket: Duplex, clock: Clock): void {
  if (error.code === 'ECONNRESET' || !socket.writable || socket.writableEnded) {
    socket.destroy();
    return;
  }
  // In the middle of an answer another one would be taken for its rest.
  const answering = (socket as Duplex & { readonly _httpMessage?: { readonly headersSent: boolean } | null })
    ._httpMessage;
  if (answering?.headersSent === true) {
    socket.destroy();
    return;
  }
  const refusal = clientRefusal(error.code);
  const body = JSON.stringify(wireError(refusal));
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  clock.after(LINGER_MS, () => socket.destroy());
}

function clientRefusal(code: string | undefined): Refusal {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Refusal(431, 'headers-too-large', 'the headers are larger than is taken');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new Refusal(413, 'body-too-large', 'the chunk extensions are larger than is taken');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Refusal(408, 'timeout', 'the request did not arrive in time');
    default:
      return new Refusal(400, 'request-invalid', 'this is not well-formed HTTP');
  }
}

/**
 * Lets a client that is still sending read the answer that ends the connection: closing at once would throw away what it
 * has not read yet (the reset overtakes the answer). RFC 9112, section 9.6.
 */
export function lingerOn(socket: Socket, clock: Clock): void {
  socket.destroySoon = () => {
    socket.end();
    const cancel = clock.after(LINGER_MS, () => socket.destroy());
    socket.once('close', cancel);
  };
}
