import { BlockList, isIP, isIPv6 } from 'node:net';

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

/** An IPv4 address as a number; undefined when the text is none. A check by sockets costs twenty times as much. */
function ipv4Number(text: string): number | undefined {
  let value = 0;
  let part = -1;
  let parts = 1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46) {
      if (part < 0 || ++parts > 4) return undefined;
      value = value * 256 + part;
      part = -1;
    } else if (code >= 48 && code <= 57 && part !== 0) {
      part = part < 0 ? code - 48 : part * 10 + code - 48;
      if (part > 255) return undefined;
    } else {
      return undefined;
    }
  }
  return parts === 4 && part >= 0 ? value * 256 + part : undefined;
}

/**
 * Networks ready to ask; each text has passed `networkProblem`. An IPv4 address written as IPv6 (::ffff:…) counts as IPv4.
 */
export function createNetworks(texts: readonly string[]): Networks {
  const list = new BlockList();
  const ranges: { readonly first: number; readonly last: number }[] = [];
  for (const text of texts) {
    const match = CIDR.exec(text);
    const address = match?.[1] ?? '';
    const ipv4 = ipv4Number(address);
    const bits = match?.[2] === undefined ? undefined : Number(match[2]);
    list.addSubnet(address, bits ?? (ipv4 === undefined ? 128 : 32), ipv4 === undefined ? 'ipv6' : 'ipv4');
    if (ipv4 === undefined) continue;
    const size = 2 ** (32 - (bits ?? 32));
    const first = Math.floor(ipv4 / size) * size;
    ranges.push({ first, last: first + size - 1 });
  }
  return {
    texts,
    contains(address) {
      const ipv4 = ipv4Number(address);
      if (ipv4 !== undefined) return ranges.some(({ first, last }) => ipv4 >= first && ipv4 <= last);
      return isIPv6(address) && list.check(address, 'ipv6');
    },
  };
}
