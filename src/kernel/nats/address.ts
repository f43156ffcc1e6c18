import { isIP } from 'node:net';

/** Where a NATS server listens. */
export interface NatsAddress {
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** Nothing is sent before the connection is encrypted. */
  readonly tls: boolean;
}

const SCHEMES: Readonly<Record<string, boolean>> = { 'nats:': false, 'tls:': true };
const DEFAULT_PORT = 4222;
const NAME = /^[A-Za-z0-9._-]{1,253}$/;

/**
 * Reads `nats://host:4222` or `tls://host`. `login` when it holds a user or a password, which would be shown wherever the
 * address is; undefined for anything else.
 */
export function readNatsAddress(text: string): NatsAddress | 'login' | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(text);
  const tls = SCHEMES[protocol];
  if (tls === undefined) return undefined;
  if (username !== '' || password !== '') return 'login';
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) === 0 && !NAME.test(host)) return undefined;
  if (!['', '/'].includes(pathname) || search !== '' || hash !== '') return undefined;
  return { host, port: port === '' ? DEFAULT_PORT : Number(port), tls };
}

/**
 * TLS options for a server. The client says a name to check the certificate for only where it looked that up itself, and may
 * have been told an address.
 */
export function natsTlsOptions({ host }: NatsAddress): object {
  return isIP(host) === 0 ? { servername: host } : { host };
}

/** An address in words, as it goes into messages. */
export function natsAddressText({ host, port, tls }: NatsAddress): string {
  return `${tls ? 'tls' : 'nats'}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}
