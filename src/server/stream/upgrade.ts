import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type ServerOptions } from 'ws';
import { admit } from '../admit.js';
import { createGate } from '../gate.js';
import { queryOf, readQuery } from '../read-query.js';
import { Refusal, refusalFor, wireError } from '../refusal.js';
import type { Site } from '../route.js';
import { ROUTES } from '../routes.js';
import { STREAM_ROUTE } from '../routes/stream.js';
import type { EventStream } from './event-stream.js';
import type { StreamLimits } from './limits.js';
import { passOn } from './pass-on.js';

/** The subprotocol by which a page hands over its token: browsers let it set no header. */
const BEARER = 'bearer';
/** How long a connection that was refused still reads what was on its way. */
const LINGER_MS = 2_000;

/** Lets WebSocket handshakes in at the path of the stream: refused as requests are, in the same words. */
export function acceptStream(server: Server, stream: EventStream, site: Site, limits: StreamLimits): void {
  const { options, host } = site;
  const gate = createGate(options);
  const requests = host.meter.counter('http_requests_total', 'HTTP requests answered.', ['route', 'status']);
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // Compressing for many clients costs more memory than the messages do.
    perMessageDeflate: false,
    maxPayload: limits.maxMessageBytes,
    maxFragments: limits.maxFragments,
    closeTimeout: limits.closeGraceMs,
    handleProtocols: (protocols) => (protocols.has(BEARER) ? BEARER : false),
  } as ServerOptions);

  const answer = (socket: Duplex, refusal: Refusal, route: string): void => {
    requests.add(1, { route, status: String(refusal.status) });
    const body = JSON.stringify(wireError(refusal));
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      ...refusal.headers,
      connection: 'close',
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    socket.end(
      `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n${body}`,
    );
    host.clock.after(LINGER_MS, () => socket.destroy());
  };

  // A handshake that lacks something, as the library sees it.
  sockets.on('wsClientError', (error, socket) => {
    const refusal = new Refusal(
      400,
      'handshake-invalid',
      `this is no WebSocket handshake: ${error.message}`,
      {
        headers: { 'sec-websocket-version': '13, 8' },
      },
    );
    answer(socket, refusal, STREAM_ROUTE.path);
  });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      passOn(server, request, socket, head);
      return;
    }
    socket.on('error', () => socket.destroy());
    const path = (request.url ?? '').split('?', 1)[0];
    const isStream = path === STREAM_ROUTE.path && request.method === 'GET';
    try {
      takeToken(request);
      if (!isStream) {
        gate.admit(request, null);
        throw new Refusal(404, 'not-found', 'there is no WebSocket at this path', {
          hint: `it is GET ${STREAM_ROUTE.path}`,
        });
      }
      admit(request, STREAM_ROUTE, ROUTES, gate, options);
      readQuery(STREAM_ROUTE.parameters, queryOf(request.url ?? ''), host.clock.now());
      if (stream.isFull) {
        throw new Refusal(503, 'overloaded', 'the stream has as many clients as it takes', {
          headers: { 'retry-after': '10' },
        });
      }
      sockets.handleUpgrade(request, socket, head, (client) => {
        requests.add(1, { route: STREAM_ROUTE.path, status: '101' });
        stream.connect(client);
      });
    } catch (error) {
      const refusal = refusalFor(error);
      if (refusal === null) {
        socket.destroy();
        host.log.error('a WebSocket handshake failed unexpectedly', {
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        });
        return;
      }
      answer(socket, refusal, isStream ? STREAM_ROUTE.path : 'none');
    }
  });
}

/** `Sec-WebSocket-Protocol: bearer, TOKEN` counts as the header that a page cannot send. */
function takeToken({ headers }: IncomingMessage): void {
  const [scheme, token, ...more] = (headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((one) => one.trim());
  if (scheme !== BEARER || token === undefined) return;
  if (more.length > 0 || headers.authorization !== undefined) {
    throw new Refusal(400, 'header-repeated', 'the token is given more than once');
  }
  headers.authorization = `Bearer ${token}`;
}
