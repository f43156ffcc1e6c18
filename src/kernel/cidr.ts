import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

/** A set of networks an address may be in. */
export interface Networks {
  readonly texts: readonly string[];
  contains(address: string): boolean;
}

const CIDR = /^([^/]+)(?:\/(\d{1,3}))?$/;

/** What is wrong with a network text like `10.0.0.0/8` or `2001:db8::/32`, or undefined. */
export function networkProblem(text: string): string | undefined {
  const match = CIDR.exec(text);
  const address = match?.[1] ?? '';
  const family = isIP(address);
  if (family === 0) return `${JSON.stringify(text)} is not a network`;
  const bits = match?.[2] === undefined ? undefined : Number(match[2]);
  if (bits !== undefined && bits > (family === 4 ? 32 : 128))
    return `${JSON.stringify(text)} has more than ${family === 4 ? 32 : 128} prefix bits`;
  return undefined;
}

/** Networks ready to ask; each text has passed `networkProblem`. An IPv4 address written as IPv6 (::ffff:…) counts as IPv4. */
export function createNetworks(texts: readonly string[]): Networks {
  const list = new BlockList();
  for (const text of texts) {
    const match = CIDR.exec(text);
    const address = match?.[1] ?? '';
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    list.addSubnet(
      address,
      match?.[2] === undefined ? (family === 'ipv4' ? 32 : 128) : Number(match[2]),
      family,
    );
  }
  return {
    texts,
    contains(address) {
      if (isIPv4(address)) return list.check(address, 'ipv4');
      if (isIPv6(address)) return list.check(address, 'ipv6');
      return false;
    },
  };
}
