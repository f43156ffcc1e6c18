import { readFile } from 'node:fs/promises';
import {
  connect,
  credsAuthenticator,
  errors,
  type ConnectionOptions,
  type NatsConnection,
} from '@nats-io/transport-node';
import { NoGreeting } from '../../kernel/nats/first-line.js';
import {
  natsAddressText,
  natsTlsOptions,
  readNatsAddress,
  type NatsAddress,
} from '../../kernel/nats/address.js';
import { natsGreeting } from '../../kernel/nats/greeting.js';
import type { NatsSettings } from '../../ports/source.js';
import type { Reading } from './reading.js';
import { Trouble } from './trouble.js';

const CHECK_SERVERS = 'check that it runs, and sources.nats.servers';
const CHECK_LOGIN =
  'check sources.nats.user and password, token or credentials, and what the server allows them';
const CHECK_CREDENTIALS = 'sources.nats.credentials is the path of a .creds file';
/** A connection that says nothing for two of them is over. */
const PING_MS = 5_000;

/** Connects to the first server that takes us. Throws a Trouble, or whatever as soon as the signal aborts. */
export async function connectToStream({ settings, times, signal }: Reading): Promise<NatsConnection> {
  const login = await loginOf(settings);
  let last: Trouble | null = null;
  for (const text of settings.servers) {
    const address = readNatsAddress(text);
    if (address === undefined || address === 'login')
      // Not said again: it may hold a login.
      throw new Trouble('sources.nats.servers holds what is no server', 'write nats://host:4222');
    try {
      return await connectTo(address, login, times.answerMs, signal);
    } catch (cause) {
      signal.throwIfAborted();
      last = troubleOf(cause, natsAddressText(address));
    }
  }
  throw last ?? new Trouble('no server is named', 'set sources.nats.servers');
}

/**
 * A server that takes the connection and says nothing is found out before the client is asked to connect: it would leave
 * its socket open for ever. The connection is never taken up again by itself: what it was used for is set up anew with it.
 */
async function connectTo(
  address: NatsAddress,
  login: ConnectionOptions,
  withinMs: number,
  signal: AbortSignal,
): Promise<NatsConnection> {
  const { tlsRequired } = await natsGreeting(address, withinMs, signal);
  const connecting = connect({
    ...login,
    servers: natsAddressText(address),
    name: 'triggerd',
    timeout: withinMs,
    reconnect: false,
    pingInterval: PING_MS,
    noAsyncTraces: true,
    ...(address.tls || tlsRequired ? { tls: natsTlsOptions(address) } : {}),
  });
  try {
    return await beforeAbort(connecting, signal);
  } catch (cause) {
    // One that comes up although nobody waits for it any more.
    void connecting.then((late) => late.close()).catch(() => undefined);
    throw cause;
  }
}

/** The promise, or the signal's reason as soon as it aborts: the client cannot be told to give up. */
async function beforeAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let interrupt = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    interrupt = () => reject(signal.reason as Error);
    signal.addEventListener('abort', interrupt, { once: true });
    if (signal.aborted) interrupt();
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}

async function loginOf(settings: NatsSettings): Promise<ConnectionOptions> {
  const { user, password, token, credentials } = settings;
  if (credentials !== null) return { authenticator: await authenticatorOf(credentials) };
  if (token !== null) return { token };
  return user === null || password === null ? {} : { user, pass: password };
}

async function authenticatorOf(path: string): Promise<ReturnType<typeof credsAuthenticator>> {
  const say = (problem: string, cause: unknown): Trouble =>
    new Trouble(`the credentials ${path} ${problem}`, CHECK_CREDENTIALS, { cause });
  let content: Buffer;
  try {
    content = await readFile(path);
  } catch (cause) {
    throw say(`cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'no code'})`, cause);
  }
  // The client finds the end of its last part by the line break behind it.
  const authenticator = credsAuthenticator(Buffer.concat([content, Buffer.from('\n')]));
  try {
    authenticator('tried out');
  } catch (cause) {
    throw say('are none', cause);
  }
  return authenticator;
}

function troubleOf(cause: unknown, server: string): Trouble {
  const say = (problem: string, hint: string): Trouble =>
    new Trouble(`${server} ${problem}`, hint, { cause });
  if (cause instanceof errors.AuthorizationError || cause instanceof errors.UserAuthenticationExpiredError)
    return say('refused the login', CHECK_LOGIN);
  if (cause instanceof NoGreeting) return say(`is no NATS server: ${cause.message}`, CHECK_SERVERS);
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ECONNREFUSED') return say('refused the connection', CHECK_SERVERS);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return say('is a name that leads nowhere', CHECK_SERVERS);
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME/.test(code))
    return say(`has a certificate that was not accepted (${code})`, 'NODE_EXTRA_CA_CERTS adds an authority');
  const words = cause instanceof Error ? cause.message : String(cause);
  return say(`cannot be connected to: ${code === '' ? words : code}`, CHECK_SERVERS);
}
