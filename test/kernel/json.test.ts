import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BlockList } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { canonicalJson, deepEqual, nesting, type Json } from '../../src/kernel/json.js';
import { uuidV7 } from '../../src/kernel/ids.js';
import { createNetworks, networkProblem } from '../../src/kernel/cidr.js';
import { coversType } from '../../src/kernel/event-type.js';
import { inHours } from '../../src/kernel/hours.js';

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;

describe('JSON values', () => {
  test('deep equality agrees with the platform', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        const plain = (value: Json): unknown => JSON.parse(JSON.stringify(value));
        const [left, right] = [plain(a), plain(b)];
        expect(deepEqual(left as Json, right as Json)).toBe(isDeepStrictEqual(left, right));
        expect(deepEqual(left as Json, plain(left as Json) as Json)).toBe(true);
      }),
    );
  });

  test('equal values have one canonical text, whatever the order of keys', () => {
    expect(canonicalJson({ b: 1, a: [{ d: 2, c: 3 }] })).toBe(canonicalJson({ a: [{ c: 3, d: 2 }], b: 1 }));
    expect(canonicalJson(['1'])).not.toBe(canonicalJson([1]));
  });

  test('nesting is measured without going deeper than asked', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 200_000; i++) deep = [deep];
    expect(nesting(deep, 64)).toBe(65);
    expect(nesting({ a: [{ b: 1 }] }, 64)).toBe(3);
    expect(nesting('x', 64)).toBe(0);
  });
});

test('a UUID v7 carries its time and sorts by it', () => {
  const random = new Uint8Array(10).fill(0xff);
  expect(uuidV7(Date.UTC(2026, 0, 1), random)).toBe('019b76da-a800-7fff-bfff-ffffffffffff');
  expect(uuidV7(1) < uuidV7(2)).toBe(true);
});

test('networks hold the addresses in them, of both families', () => {
  const networks = createNetworks(['10.0.0.0/8', '2001:db8::/32', '192.0.2.1']);
  expect(['10.1.2.3', '2001:db8::1', '192.0.2.1'].every((address) => networks.contains(address))).toBe(true);
  expect(
    ['11.0.0.1', '2001:db9::1', '192.0.2.2', 'host', ''].some((address) => networks.contains(address)),
  ).toBe(false);
  expect(createNetworks(['0.0.0.0/0']).contains('255.255.255.255')).toBe(true);
  expect(createNetworks(['10.1.2.3/16']).contains('10.1.255.0')).toBe(true);
  expect(createNetworks(['10.0.0.0/8']).contains('::ffff:10.0.0.1')).toBe(true);
  expect(
    ['10.1.2', '10.1.2.3.4', '10.01.2.3', '256.1.1.1', '10..1.2'].some((text) => networks.contains(text)),
  ).toBe(false);
  expect(networkProblem('10.0.0.0/8')).toBeUndefined();
  expect(networkProblem('10.0.0.0/33')).toContain('32');
  expect(networkProblem('ten')).toContain('not a network');
});

test.each([
  ['workflow.*', 'workflow.failed', true],
  ['workflow.*', 'workflow', false],
  ['workflow.*', 'workflow.', false],
  ['workflow.*', 'workflows.failed', false],
  ['com.github.*', 'com.github.push.tag', true],
  ['*', 'anything', true],
  ['order.paid', 'order.paid', true],
  ['order.paid', 'Order.paid', false],
])('type pattern %s covers %s: %s', (pattern, type, covered) =>
  expect(coversType(pattern, type)).toBe(covered),
);

test('IPv4 ranges agree with the platform', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const address = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.'));
  fc.assert(
    fc.property(address, fc.integer({ min: 0, max: 32 }), address, (network, bits, candidate) => {
      const list = new BlockList();
      list.addSubnet(network, bits, 'ipv4');
      expect(createNetworks([`${network}/${bits}`]).contains(candidate)).toBe(list.check(candidate, 'ipv4'));
    }),
  );
});

describe('hours of the week', () => {
  const night = {
    days: ['fri'],
    fromMinute: 22 * 60,
    toMinute: 6 * 60,
    timezone: 'Europe/Berlin',
    except: ['2026-12-25'],
  } as const;
  test.each([
    ['2026-11-27T21:00:00Z', true], // Friday 22:00 in Berlin: included
    ['2026-11-27T20:59:59Z', false],
    ['2026-11-28T04:59:59Z', true], // Saturday 05:59: still Friday's night
    ['2026-11-28T05:00:00Z', false], // 06:00: excluded
    ['2026-11-28T21:30:00Z', false], // Saturday night is nobody's
    ['2026-12-25T22:00:00Z', false], // an excepted Friday
    ['2026-12-26T03:00:00Z', false], // and the morning after it
  ])('at %s: %s', (time, inside) => expect(inHours(Date.parse(time), night)).toBe(inside));
});
