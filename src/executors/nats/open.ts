import { isIP } from 'node:net';
import { connect, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';
import { natsTlsOptions } from '../../kernel/nats/address.js';
import { natsGreeting } from '../../kernel/nats/greeting.js';
import { reachableAddresses } from '../request/reachable.js';
import { untilAborted } from '../request/until-aborted.js';
import type { Server } from './server.js';

/** How long one address may take to let us in: another server may be quicker. */
const CONNECT_MS = 5_000;

/**
 * Connects to the first of the server's addresses that lets us in, looked up and checked once. Rejects with the error of the
 * last one, with a Refusal for an address that is never to be reached, or with an Interrupted as soon as the signal aborts.
 */
export async function openConnection(
  server: Server,
  login: ConnectionOptions,
  signal: AbortSignal,
): Promise<NatsConnection> {
  const reach = { allowPrivate: true, privateNetworks: [] };
  const addresses = await untilAborted(reachableAddresses(server.host, server.named, reach), signal);
  let last: unknown;
  for (const { address } of addresses) {
    try {
      return await connectTo(address, server, login, signal);
    } catch (cause) {
      if (signal.aborted) throw cause;
      last = cause;
    }
  }
  throw last;
}

/**
 * A server that takes the connection and says nothing is found out before the client is asked to connect: it would leave
 * its socket open for ever.
 */
async function connectTo(
  address: string,
  server: Server,
  login: ConnectionOptions,
  signal: AbortSignal,
): Promise<NatsConnection> {
  const { port, tls } = server;
  const { tlsRequired } = await untilAborted(
    natsGreeting({ host: address, port }, CONNECT_MS, signal),
    signal,
  );
  const connecting = connect({
    ...login,
    servers: `${isIP(address) === 6 ? `[${address}]` : address}:${port}`,
    name: 'triggerd',
    timeout: CONNECT_MS,
    reconnect: false,
    ignoreClusterUpdates: true,
    noAsyncTraces: true,
    ...(tls || tlsRequired ? { tls: natsTlsOptions(server) } : {}),
  } as ConnectionOptions);
  try {
    return await untilAborted(connecting, signal);
  } catch (cause) {
    // One that comes up although nobody waits for it any more.
    void connecting.then((late) => late.close()).catch(() => undefined);
    throw cause;
  }
}
