import { createServer, type AddressInfo, type Socket } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { JsonObject } from '../../src/kernel/json.js';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Who logged in. */
  readonly user: string | undefined;
  readonly secure: boolean;
  readonly raw: string;
  readonly mail: ParsedMail;
}

export interface MailServer {
  readonly port: number;
  readonly received: ReceivedMail[];
  /** Connections that are open. */
  open(): number;
  close(): void;
}

/** An error that the server answers with. */
export function answer(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

/** A mail server on a port of its own. */
export async function serveMail(
  options: SMTPServerOptions = {},
  taken: (mail: ReceivedMail) => Error | string = () => 'queued as 4711',
): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    closeTimeout: 1,
    ...options,
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks);
        const { mailFrom, rcptTo } = session.envelope;
        simpleParser(raw).then((mail) => {
          const one = {
            from: mailFrom === false ? '' : (mailFrom?.address ?? ''),
            to: rcptTo.map(({ address }) => address),
            user: session.user,
            secure: session.secure,
            raw: raw.toString('utf8'),
            mail,
          };
          const said = taken(one);
          if (typeof said !== 'string') return callback(said);
          received.push(one);
          callback(null, said);
        }, callback);
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    open: () => server.connections.size,
    close: () => void server.close(),
  };
}

/** A server that says what it is told to: `greeting` at once, then the next answer to each line, and then nothing more. */
export async function serveLines(
  greeting: string | null,
  answers: readonly (string | null)[] = [],
): Promise<MailServer & { readonly lines: string[] }> {
  const sockets = new Set<Socket>();
  const lines: string[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    if (greeting === null) return void socket.destroy();
    socket.write(greeting);
    const left = [...answers];
    socket.on('data', (chunk) => {
      for (const line of chunk.toString('latin1').split('\r\n').slice(0, -1)) {
        lines.push(line);
        const next = left.shift();
        if (next === null) socket.destroy();
        else if (next !== undefined) socket.write(next);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    port: (server.address() as AddressInfo).port,
    received: [],
    lines,
    open: () => sockets.size,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Settings of a mail to a server without encryption. */
export function mailTo({ port }: MailServer, more: JsonObject = {}): JsonObject {
  return {
    to: 'oncall@example.com',
    from: 'triggerd <triggerd@example.com>',
    subject: 'Checkout fails',
    text: '5 failures in a minute.',
    smtp: { host: '127.0.0.1', port, security: 'none' },
    ...more,
  };
}
