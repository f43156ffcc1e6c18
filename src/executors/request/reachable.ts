import { lookup, type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { createNetworks } from '../../kernel/cidr.js';
import { codeOf, Failure } from '../failure.js';
import { Refusal } from '../refusal.js';
import { addressKind, embeddedIpv4 } from './address-kind.js';

export interface Reach {
  /** The workflow allows private addresses. */
  readonly allowPrivate: boolean;
  /** Private networks that the daemon's settings allow to every workflow. */
  readonly privateNetworks: readonly string[];
}

/** Every address of a name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/**
 * The addresses that a request to this host may connect to: looked up once, checked, and to be used as they are, so that a
 * name cannot point elsewhere a moment later. One address that may not be reached refuses the host: which of them is used is
 * the name server's choice. `named` is the host in messages.
 */
export async function reachableAddresses(
  hostname: string,
  named: string,
  reach: Reach,
  resolve: Resolve = resolveBySystem,
): Promise<readonly LookupAddress[]> {
  // The URL parser has turned every spelling of an IPv4 address (decimal, octal, hexadecimal, short) into the usual one.
  const literal = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  const family = isIP(literal);
  const addresses = family === 0 ? await lookedUp(literal, named, resolve) : [{ address: literal, family }];
  if (addresses.length === 0) throw new Failure(`${named} has no address`);
  const allowed = createNetworks(reach.privateNetworks);
  for (const { address } of addresses) {
    const kind = addressKind(address);
    if (kind === 'forbidden')
      throw new Refusal(
        `${named} is a link-local, cloud metadata or multicast address, which is never requested`,
      );
    if (kind === 'public' || reach.allowPrivate) continue;
    if (!allowed.contains(address) && !allowed.contains(embeddedIpv4(address) ?? ''))
      throw new Refusal(
        `${named} is not a public address; allow_private: true, or private_networks in the settings, would let it through`,
      );
  }
  return addresses;
}

async function lookedUp(
  hostname: string,
  named: string,
  resolve: Resolve,
): Promise<readonly LookupAddress[]> {
  try {
    return await resolve(hostname);
  } catch (cause) {
    throw new Failure(`${named}: the name could not be looked up (${codeOf(cause)})`);
  }
}

const resolveBySystem: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    lookup(hostname, { all: true }, (cause, addresses) => (cause ? reject(cause) : resolve(addresses)));
  });
