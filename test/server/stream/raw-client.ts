import { createHash, randomBytes } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { mustFit } from './fits.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into messages freely
export type Message = any;

/** A WebSocket client by RFC 6455 alone, sharing no code with the server. It takes only messages as they are documented. */
export interface RawClient {
  /** Of the answer to the handshake. */
  readonly status: number;
  readonly head: string;
  readonly body: string;
  readonly socket: Socket;
  readonly received: Message[];
  /** How the other side closed it; null while it is open, code 1006 when it ended without a close frame. */
  closed: { readonly code: number; readonly reason: string } | null;
  pings: number;
  /** Whether pings are answered. */
  answersPings: boolean;
  send(message: unknown): void;
  /** A frame of one's own making, masked unless told otherwise. */
  frame(opcode: number, payload: Buffer | string, options?: FrameOptions): void;
  /** The first message, from now or before, that no earlier call has been given. */
  next(type?: string): Promise<Message>;
  untilClosed(): Promise<{ readonly code: number; readonly reason: string }>;
  /** Ends the connection without a word. */
  destroy(): void;
}

export interface FrameOptions {
  readonly fin?: boolean;
  readonly rsv?: number;
  readonly masked?: boolean;
  /** Instead of the payload's own. */
  readonly length?: number;
}

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export function connectRaw(
  port: number,
  options: {
    readonly path?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly method?: string;
  } = {},
): Promise<RawClient> {
  return new Promise((resolve, reject) => {
    const key = randomBytes(16).toString('base64');
    const socket = connectTcp(port, '127.0.0.1');
    let bytes = Buffer.alloc(0);
    let isOpen = false;
    let taken = 0;
    const waiting: (() => void)[] = [];
    const wake = (): void => {
      for (const one of waiting.splice(0)) one();
    };
    const client: { -readonly [K in keyof RawClient]: RawClient[K] } = {
      status: 0,
      head: '',
      body: '',
      socket,
      received: [],
      closed: null,
      pings: 0,
      answersPings: true,
      send: (message) => client.frame(1, JSON.stringify(message)),
      frame(opcode, payload, { fin = true, rsv = 0, masked = true, length } = {}) {
        const data = Buffer.from(payload);
        const size = length ?? data.length;
        const head =
          size < 126
            ? Buffer.from([0, size])
            : size < 65_536
              ? Buffer.from([0, 126, size >> 8, size & 255])
              : Buffer.concat([Buffer.from([0, 127]), bigLength(size)]);
        head[0] = (fin ? 128 : 0) | (rsv << 4) | opcode;
        if (masked) head[1] = (head[1] ?? 0) | 128;
        const mask = randomBytes(4);
        const body = masked ? Buffer.from(data.map((byte, i) => byte ^ (mask[i % 4] ?? 0))) : data;
        if (!socket.destroyed) socket.write(Buffer.concat(masked ? [head, mask, body] : [head, body]));
      },
      async next(type) {
        for (;;) {
          while (taken < client.received.length) {
            const message = client.received[taken++];
            if (type === undefined || message.type === type) return message;
          }
          if (client.closed !== null)
            throw new Error(`closed: ${client.closed.code} ${client.closed.reason}`);
          await new Promise<void>((woken) => waiting.push(woken));
        }
      },
      async untilClosed() {
        while (client.closed === null) await new Promise<void>((woken) => waiting.push(woken));
        return client.closed;
      },
      destroy: () => socket.destroy(),
    };
    const receive = (message: Message): void => {
      try {
        client.received.push(mustFit(message));
      } catch (error) {
        // Whoever waits is told, and where nobody does the test run still fails.
        client.closed = { code: 0, reason: String(error) };
        wake();
        throw error;
      }
    };
    const take = (opcode: number, payload: Buffer): void => {
      if (opcode === 1) receive(JSON.parse(payload.toString('utf8')) as Message);
      else if (opcode === 9) {
        client.pings++;
        if (client.answersPings) client.frame(10, payload);
      } else if (opcode === 8) {
        client.closed = {
          code: payload.length >= 2 ? payload.readUInt16BE(0) : 1005,
          reason: payload.subarray(2).toString('utf8'),
        };
        client.frame(8, payload.subarray(0, 2));
        socket.end();
      }
    };
    const readFrames = (): void => {
      for (;;) {
        if (bytes.length < 2) return;
        const [first = 0, second = 0] = bytes;
        if (second & 128) throw new Error('the server masks its frames');
        if ((first & 0x70) !== 0 || (first & 128) === 0) throw new Error('an extension or a fragment');
        let at = 2;
        let length = second & 127;
        if (length === 126) {
          if (bytes.length < 4) return;
          length = bytes.readUInt16BE(2);
          at = 4;
        } else if (length === 127) {
          if (bytes.length < 10) return;
          length = Number(bytes.readBigUInt64BE(2));
          at = 10;
        }
        if (bytes.length < at + length) return;
        const payload = bytes.subarray(at, at + length);
        bytes = bytes.subarray(at + length);
        take(first & 15, payload);
      }
    };
    socket.on('data', (more) => {
      bytes = bytes.length === 0 ? more : Buffer.concat([bytes, more]);
      if (!isOpen) {
        const end = bytes.indexOf('\r\n\r\n');
        if (end === -1) return;
        client.head = bytes.subarray(0, end).toString('latin1');
        client.status = Number(/^HTTP\/1\.1 (\d{3})/.exec(client.head)?.[1]);
        client.body = bytes.subarray(end + 4).toString('utf8');
        bytes = bytes.subarray(end + 4);
        if (client.status !== 101) {
          client.closed = { code: 1006, reason: 'refused' };
          resolve(client);
          socket.end();
          return;
        }
        const accept = createHash('sha1')
          .update(key + GUID)
          .digest('base64');
        if (!client.head.includes(`Sec-WebSocket-Accept: ${accept}`)) throw new Error('a wrong accept key');
        isOpen = true;
        resolve(client);
      }
      readFrames();
      wake();
    });
    socket.on('error', (error) => {
      if (client.status === 0) reject(error);
    });
    socket.on('close', () => {
      client.closed ??= { code: 1006, reason: '' };
      if (client.status === 0) resolve(client);
      wake();
    });
    const headers: Record<string, string> = {
      host: `127.0.0.1:${port}`,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': key,
      'sec-websocket-version': '13',
      ...options.headers,
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(
      `${options.method ?? 'GET'} ${options.path ?? '/v1/stream'} HTTP/1.1\r\n${lines.join('')}\r\n`,
    );
  });
}

function bigLength(size: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(size));
  return bytes;
}
