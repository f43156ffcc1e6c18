import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

const LEFT_OUT = new Set(['upgrade', 'connection', 'http2-settings']);

/**
 * Answers a request as if it had not asked for another protocol. A server may ignore such a wish (RFC 9110, section 7.8),
 * and clients rely on it: Java's asks for HTTP/2 with every first request. Node leaves no choice once somebody
 * listens for upgrades, so the head is put before the bytes that follow it, and the connection is begun anew.
 */
export function passOn(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { method = '', url = '', httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (!LEFT_OUT.has(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[i + 1] ?? ''}`);
  }
  // Headers come as latin1, whatever their bytes mean.
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}
