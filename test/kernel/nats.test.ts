import fc from 'fast-check';
import { expect, test } from 'vitest';
import { natsAddressText, readNatsAddress } from '../../src/kernel/nats/address.js';
import { natsFilterCovers, natsSubjectProblem } from '../../src/kernel/nats/subject.js';

test.each<[text: string, host: string, port: number, tls: boolean]>([
  ['nats://localhost', 'localhost', 4222, false],
  ['tls://nats.example.org:4443/', 'nats.example.org', 4443, true],
  ['nats://[::1]:4000', '::1', 4000, false],
  ['nats://127.0.0.1', '127.0.0.1', 4222, false],
])('%s is a server', (text, host, port, tls) => {
  const address = readNatsAddress(text);
  expect(address).toEqual({ host, port, tls });
  if (typeof address === 'object') expect(readNatsAddress(natsAddressText(address))).toEqual(address);
});

test.each(['nats://u:p@a', 'nats://u@a', 'tls://:p@a'])('%s holds a login', (text) => {
  expect(readNatsAddress(text)).toBe('login');
});

test.each([
  '',
  'a',
  'a:4222',
  'http://a',
  'ws://a',
  'nats://',
  'nats://a/b',
  'nats://a?b',
  'nats://a#b',
  'nats://a b',
  'nats://a:99999',
  'nats://a%00',
])('%j is no server', (text) => {
  expect(readNatsAddress(text)).toBeUndefined();
});

const token = fc.constantFrom('a', 'b', 'cc', '*');
const subjects = fc
  .array(fc.constantFrom('a', 'b', 'cc'), { minLength: 1, maxLength: 4 })
  .map((all) => all.join('.'));
const filters = fc
  .tuple(fc.array(token, { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([all, rest]) => [...all, ...(rest ? ['>'] : [])].join('.'));

test('a filter takes the subjects that it stands for', () => {
  fc.assert(
    fc.property(filters, subjects, (filter, subject) => {
      const pattern = filter.replaceAll('.', '\\.').replaceAll('*', '[^.]+').replace('>', '.+');
      expect(natsFilterCovers(filter, subject)).toBe(new RegExp(`^${pattern}$`).test(subject));
    }),
  );
});

test('a filter that covers another one takes whatever that takes', () => {
  fc.assert(
    fc.property(filters, filters, subjects, (wide, narrow, subject) => {
      const takes = natsFilterCovers(wide, narrow) && natsFilterCovers(narrow, subject);
      expect(!takes || natsFilterCovers(wide, subject)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test.each<[subject: string, asFilter: boolean, asSubject: boolean]>([
  ['a', true, true],
  ['a.b-c.ü', true, true],
  ['a.*', true, false],
  ['>', true, false],
  ['a.*.b.>', true, false],
  ['a.>.b', false, false],
  ['a*', false, false],
  ['a.b>', false, false],
  ['', false, false],
  ['a..b', false, false],
  ['.a', false, false],
  ['a b', false, false],
  ['a\tb', false, false],
  ['a\u0000', false, false],
  ['a'.repeat(1_025), false, false],
])('%j may be a filter: %s, a subject: %s', (subject, asFilter, asSubject) => {
  expect(natsSubjectProblem(subject, true) === undefined).toBe(asFilter);
  expect(natsSubjectProblem(subject, false) === undefined).toBe(asSubject);
});
