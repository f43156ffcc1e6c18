import { isIP } from 'node:net';
import { createNetworks } from '../../kernel/cidr.js';

/** Whether requests may go to an address: `private` when somebody allows it, `forbidden` never. */
export type AddressKind = 'public' | 'private' | 'forbidden';

// Sources: the special-purpose address registries of IANA (RFC 6890), and the documentation of the clouds.
const FORBIDDEN = createNetworks([
  // Link-local; the metadata service of most clouds is 169.254.169.254.
  '169.254.0.0/16',
  'fe80::/10',
  // Metadata services elsewhere: Alibaba; Azure's wire server; Amazon and Google over IPv6.
  '100.100.100.200/32',
  '168.63.129.16/32',
  'fd00:ec2::/32',
  'fd20:ce::254/128',
  // Multicast, broadcast and what is reserved for the future: nobody answers there.
  '224.0.0.0/3',
  'ff00::/8',
]);
const PRIVATE = createNetworks([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
]);
/** Of IPv6, only this is given out to the public; all else is private or special. */
const GLOBAL_UNICAST = createNetworks(['2000::/3']);
const SPECIAL_UNICAST = createNetworks(['2001::/23', '2001:db8::/32', '3fff::/20']);

/** What kind of address it is. An IPv6 address that carries an IPv4 address leads to that one, and is judged by it. */
export function addressKind(address: string): AddressKind {
  const inner = embeddedIpv4(address);
  if (inner !== undefined) return addressKind(inner);
  if (FORBIDDEN.contains(address)) return 'forbidden';
  if (isIP(address) === 4) return PRIVATE.contains(address) ? 'private' : 'public';
  if (isIP(address) !== 6) return 'forbidden';
  return GLOBAL_UNICAST.contains(address) && !SPECIAL_UNICAST.contains(address) ? 'public' : 'private';
}

/** The IPv4 address inside of an IPv6 one: mapped, compatible, translated (NAT64) or tunnelled (6to4). */
export function embeddedIpv4(address: string): string | undefined {
  if (isIP(address) !== 6) return undefined;
  const words = ipv6Words(address);
  const at = (index: number): number => words[index] ?? 0;
  const zero = (from: number, to: number): boolean => words.slice(from, to).every((word) => word === 0);
  const ipv4 = (high: number, low: number): string => `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  const last = ipv4(at(6), at(7));
  if (zero(0, 5) && at(5) === 0xffff) return last;
  if (zero(0, 4) && at(4) === 0xffff && at(5) === 0) return last;
  // :: and ::1 are addresses of their own.
  if (zero(0, 6) && (at(6) !== 0 || at(7) > 1)) return last;
  if (at(0) === 0x64 && at(1) === 0xff9b && zero(2, 6)) return last;
  if (at(0) === 0x2002) return ipv4(at(1), at(2));
  return undefined;
}

/** The eight words of a valid IPv6 address. */
function ipv6Words(address: string): readonly number[] {
  // The URL parser knows every spelling, and writes them all as hexadecimal words.
  const bare = address.replace(/%.*$/, '');
  const [head = '', tail] = new URL(`http://[${bare}]/`).hostname.slice(1, -1).split('::');
  const words = (text: string): readonly number[] =>
    text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16));
  const first = words(head);
  if (tail === undefined) return first;
  const rest = words(tail);
  return [...first, ...new Array<number>(8 - first.length - rest.length).fill(0), ...rest];
}
