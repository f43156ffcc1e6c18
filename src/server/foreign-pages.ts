import type { IncomingHttpHeaders } from 'node:http';
import { isIPv4 } from 'node:net';
import { preview } from '../kernel/json.js';
import { Refusal } from './refusal.js';

/** True for addresses and names that only this machine reaches. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || name === '::1' || (isIPv4(name) && name.startsWith('127.'));
}

const HOST = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/;
const ORIGIN = /^https?:\/\/([^/?#@\s]+)$/i;

/**
 * Refuses what a web page of somebody else makes a browser send.
 *
 * A page may send requests to any address without asking (cross-site request forgery), and says its own origin then. And a
 * page may have its own name resolve to 127.0.0.1 (DNS rebinding), so that it reads the answers too: its requests carry that
 * name as Host. Where no token is needed, the browser of whoever sits at the machine is all an attacker wants, so there
 * (`bare`) only names of this machine, and those of the allowed origins, are answered to.
 */
export function refuseForeignPages(
  headers: IncomingHttpHeaders,
  allowedOrigins: readonly string[],
  bare: boolean,
): void {
  const { host = '', origin } = headers;
  if (bare && !isExpectedHost(host, allowedOrigins)) {
    throw new Refusal(421, 'host-refused', `the daemon does not answer to the host ${preview(host)}`, {
      hint: 'call it as localhost, or allow the origin of the page in its settings',
    });
  }
  if (origin !== undefined && !allowedOrigins.includes(origin) && !isOwnOrigin(origin, host)) {
    throw new Refusal(
      403,
      'origin-refused',
      `pages of the origin ${preview(origin)} may not call the daemon`,
      {
        hint: 'allow the origin in the settings of the daemon',
      },
    );
  }
  // Browsers that leave Origin out of a request say in this one whether another site made it.
  if (origin === undefined && headers['sec-fetch-site'] === 'cross-site') {
    throw new Refusal(403, 'origin-refused', 'pages of other sites may not call the daemon');
  }
}

function isExpectedHost(host: string, allowedOrigins: readonly string[]): boolean {
  const name = HOST.exec(host)?.[1];
  if (name === undefined) return false;
  return isLoopback(name) || allowedOrigins.some((origin) => hostOf(origin) === host.toLowerCase());
}

function isOwnOrigin(origin: string, host: string): boolean {
  return host !== '' && hostOf(origin) === host.toLowerCase();
}

function hostOf(origin: string): string | undefined {
  return ORIGIN.exec(origin)?.[1]?.toLowerCase();
}
