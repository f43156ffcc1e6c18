import type { LookupAddress } from 'node:dns';
import { connect, isIP, type Socket } from 'node:net';
import { createTransport, type SMTPSentMessageInfo, type SMTPTransportOptions } from 'nodemailer';
import { KEPT_BYTES } from '../capture.js';
import type { Mail } from './mail.js';
import type { Mailbox } from './mailbox.js';
import type { MailServer } from './mail-server.js';

/** One mail and where it goes. */
export interface Sending {
  readonly server: MailServer;
  /** Where to connect to: nothing is looked up again. */
  readonly addresses: readonly LookupAddress[];
  readonly mail: Mail;
  /** A certificate (PEM) to trust instead of the platform's. */
  readonly trusted?: string;
}

/**
 * Sends a mail over a connection of its own, which is closed when this settles. Rejects with nodemailer's error: as soon as
 * `signal` aborts, when nobody took the mail, or when nobody knows whether somebody did.
 */
export async function sendMail(sending: Sending, signal: AbortSignal): Promise<SMTPSentMessageInfo> {
  const { server, addresses, mail } = sending;
  let socket: Socket | undefined;
  let handedOver = false;
  const transport = createTransport({
    ...optionsOf(sending),
    getSocket(_options, callback) {
      const opened = connectTo(server, addresses);
      socket = opened;
      // Handed over within the event, so that nothing the server says or does is missed in between.
      opened.once('connect', () => {
        handedOver = true;
        callback(null, { connection: opened });
      });
      // It stays: an error that comes when nodemailer listens no longer would end the process.
      opened.on('error', (error) => {
        if (!handedOver) callback(error);
      });
    },
  });
  try {
    return await transport.sendMail({ ...messageOf(mail), signal });
  } finally {
    // What was handed over is nodemailer's to close: a socket destroyed below its encryption can crash Node.
    if (!handedOver) socket?.destroy();
    transport.close();
  }
}

function optionsOf({ server, trusted }: Sending): SMTPTransportOptions {
  const { host, port, security, login } = server;
  return {
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(login === null ? {} : { auth: { user: login.user, pass: login.password } }),
    // Otherwise a server that does not ask for a login would get the mail without one.
    forceAuth: login !== null,
    tls: {
      // Whatever the environment allows.
      rejectUnauthorized: true,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(trusted === undefined ? {} : { ca: trusted }),
    },
    maxResponseSize: KEPT_BYTES,
    // At once: a server that does not close its side must not keep ours open.
    socketCloseTimeout: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function connectTo({ host, port }: MailServer, addresses: readonly LookupAddress[]): Socket {
  const first = addresses[0];
  return connect({
    host,
    port,
    autoSelectFamily: true,
    lookup: (_hostname, options, callback) => {
      if (options.all === true) callback(null, [...addresses]);
      else callback(null, first?.address ?? '', first?.family ?? 0);
    },
  });
}

function messageOf(mail: Mail): Parameters<ReturnType<typeof createTransport>['sendMail']>[0] {
  // Copied: nodemailer writes into what it is given.
  const copied = (mailboxes: readonly Mailbox[]): Mailbox[] => mailboxes.map((mailbox) => ({ ...mailbox }));
  return {
    messageId: mail.messageId,
    date: new Date(mail.sentAt),
    from: { ...mail.from },
    to: copied(mail.to),
    cc: copied(mail.cc),
    bcc: copied(mail.bcc),
    ...(mail.replyTo === null ? {} : { replyTo: { ...mail.replyTo } }),
    subject: mail.subject,
    text: mail.text,
    ...(mail.html === null ? {} : { html: mail.html }),
    headers: {
      'X-Triggerd-Launch': mail.launchId,
      // So that nobody's absence is answered to it (RFC 3834).
      'Auto-Submitted': 'auto-generated',
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
