import type { LookupAddress } from 'node:dns';
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressKind } from '../../src/executors/request/address-kind.js';
import { reachableAddresses } from '../../src/executors/request/reachable.js';
import { retryAfterMs } from '../../src/executors/request/retry-after.js';
import { send } from '../../src/executors/request/send.js';
import type { JsonObject } from '../../src/kernel/json.js';
import { host, INPUT, NOW, outputOf, run, SECRET, serve, type TestServer } from './harness.js';

let server: TestServer;
let other: TestServer;
beforeAll(async () => {
  other = await serve();
  server = await serve((_request, response, { path }) => {
    const url = new URL(path, server.url);
    const status = Number(url.searchParams.get('status') ?? 200);
    const to = url.searchParams.get('to');
    const after = url.searchParams.get('after');
    response.writeHead(status, {
      ...(to === null ? {} : { location: to }),
      ...(after === null ? {} : { 'retry-after': after }),
    });
    response.end(status === 204 || status === 304 ? undefined : 'said');
  });
});
afterAll(() => {
  server.close();
  other.close();
});
const last = (from = server) => from.received.at(-1) ?? { method: '', path: '', headers: {}, body: '' };
const to = (location: string, status = 302): string =>
  `${server.url}/?status=${status}&to=${encodeURIComponent(location)}`;

describe('the request', () => {
  test.each<[string, JsonObject, { method: string; body: string; type: string | undefined }]>([
    [
      'the whole input as JSON',
      {},
      { method: 'POST', body: JSON.stringify(INPUT), type: 'application/json' },
    ],
    ['nothing with GET', { method: 'GET' }, { method: 'GET', body: '', type: undefined }],
    ['nothing with HEAD', { method: 'HEAD' }, { method: 'HEAD', body: '', type: undefined }],
    ['a text as it is', { body: 'ü=1' }, { method: 'POST', body: 'ü=1', type: 'text/plain; charset=utf-8' }],
    [
      'a map as JSON',
      { method: 'PUT', body: { a: [1] } },
      { method: 'PUT', body: '{"a":[1]}', type: 'application/json' },
    ],
    ['null as JSON', { body: null }, { method: 'POST', body: 'null', type: 'application/json' }],
    [
      'its own type',
      { body: 'a=1', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      { method: 'POST', body: 'a=1', type: 'application/x-www-form-urlencoded' },
    ],
  ])('sends %s', async (_what, settings, wanted) => {
    expect((await run('http', { url: server.url, ...settings })).ok).toBe(true);
    const { method, body, headers } = last();
    expect({ method, body, type: headers['content-type'] }).toEqual(wanted);
    expect([headers['user-agent'], headers['idempotency-key']]).toEqual([
      'triggerd',
      'launch-0123456789abcdef',
    ]);
  });

  test('carries secrets, the login of its URL and a signature', async () => {
    const settings = {
      headers: { 'X-Key': { secret: { env: 'KEY' }, prefix: 'Bearer ' } },
      sign: { secret: { env: 'KEY' } },
    };
    await run(
      'http',
      { url: server.url.replace('//', '//me:p%40ss@'), ...settings },
      { host: host({}, { KEY: 'a long key' }) },
    );
    const { headers, body } = last();
    expect(headers['x-key']).toBe('Bearer a long key');
    expect(headers.authorization).toBe(`Basic ${btoa('me:p@ss')}`);
    const signature = createHmac('sha256', 'a long key')
      .update(`launch-0123456789abcdef.1767225600.${body}`)
      .digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${signature}`);
  });

  test('takes no secret that a template asks for', async () => {
    const asked = { secret: { env: 'TOKEN' } };
    await run(
      'http',
      { url: server.url, headers: { 'X-A': '{{ input.a }}' }, body: '{{ input.a }}' },
      { rendered: { url: server.url, headers: { 'X-A': asked }, body: asked } },
    );
    expect(last().headers['x-a']).toBe('{"secret":{"env":"TOKEN"}}');
    expect(last().body).toBe('{"secret":{"env":"TOKEN"}}');
    expect(JSON.stringify(last())).not.toContain(SECRET);
  });

  test.each<[string, JsonObject, string]>([
    ['a line break in a header', { headers: { 'X-A': 'a\r\nX-B: b' } }, 'the header X-A holds a line break'],
    ['a character past Latin-1 in a header', { headers: { 'X-A': 'a → b' } }, 'the header X-A holds'],
    [
      'a length of its own',
      { headers: { 'Content-Length': '1' } },
      'the header Content-Length cannot be set',
    ],
    ['an encoding of its own', { headers: { 'transfer-encoding': 'chunked' } }, 'cannot be set'],
    ['a line break in the URL', { url: 'http://127.0.0.1/a\r\nb' }, 'the URL holds a line break'],
    ['another scheme', { url: 'file:///etc/passwd' }, 'the URL is not an http or https URL'],
    ['no URL at all', { url: '' }, 'the URL is not an http or https URL'],
  ])('is refused with %s', async (_what, settings, reason) => {
    const before = server.received.length;
    expect(await run('http', { url: server.url, ...settings })).toMatchObject({
      ok: false,
      retry: 'never',
      reason: expect.stringContaining(reason),
    });
    expect(server.received.length).toBe(before);
  });
});

describe('the answer', () => {
  test.each<[number, JsonObject, string]>([
    [200, {}, 'ok'],
    [204, {}, 'ok'],
    [409, { success: [409] }, 'ok'],
    [200, { success: [201] }, 'yes'],
    [302, {}, 'never'],
    [304, {}, 'never'],
    [400, {}, 'never'],
    [404, {}, 'never'],
    [408, {}, 'yes'],
    [409, {}, 'never'],
    [425, {}, 'yes'],
    [429, {}, 'yes'],
    [500, {}, 'yes'],
    [503, {}, 'yes'],
    [599, {}, 'yes'],
  ])('%i with %j is %s', async (status, settings, wanted) => {
    const outcome = await run('http', { url: `${server.url}/?status=${status}`, ...settings });
    expect(outcome.ok ? 'ok' : outcome.retry).toBe(wanted);
    expect(outputOf(outcome)['status']).toBe(status);
  });

  test('says when to come again', async () => {
    const url = (after: string): string => `${server.url}/?status=429&after=${encodeURIComponent(after)}`;
    expect(await run('http', { url: url('120') })).toMatchObject({ retryAfterMs: 120_000 });
    expect(await run('http', { url: url('Thu, 01 Jan 2026 00:01:00 GMT') })).toMatchObject({
      retryAfterMs: 60_000,
    });
  });

  test.each<[string | undefined, number | null]>([
    [undefined, null],
    ['', null],
    ['0', null],
    ['1', 1_000],
    [' 5 ', 5_000],
    ['-5', null],
    ['1.5', null],
    ['1e9', null],
    ['999999999', 86_400_000],
    ['9'.repeat(400), null],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', null],
    ['Fri, 01 Jan 2027 00:00:00 GMT', 86_400_000],
    ['tomorrow', null],
    ['Xxx, 99 Xxx 2026 99:99:99 GMT', null],
    ['2026-01-01T00:01:00Z', null],
  ])('a Retry-After of %j is %j ms', (header, wanted) => {
    expect(retryAfterMs(header, NOW)).toBe(wanted);
  });
});

describe('redirects', () => {
  test('are not followed unless it is said', async () => {
    const outcome = await run('http', { url: to('/next') });
    expect(outcome).toMatchObject({
      ok: false,
      retry: 'never',
      reason: expect.stringContaining('answered 302'),
    });
  });

  test.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [302, 'PUT', 'PUT'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
  ])('a %i of %s is followed with %s', async (status, method, wanted) => {
    expect(await run('http', { url: to('/next', status), method, follow_redirects: 1 })).toMatchObject({
      ok: true,
    });
    expect([last().path, last().method]).toEqual(['/next', wanted]);
    expect(last().body).toBe(wanted === 'GET' || wanted === 'HEAD' ? '' : JSON.stringify(INPUT));
  });

  test('take no credentials to another origin', async () => {
    const on = host({}, { KEY: 'a long key' });
    const headers = {
      Authorization: 'Basic x',
      Cookie: 'a=b',
      'X-Key': { secret: { env: 'KEY' } },
      'X-Plain': 'p',
    };
    const settings = { headers, sign: { secret: { env: 'KEY' } }, follow_redirects: 2 };
    await run('http', { url: to(`${other.url}/x`, 307), ...settings }, { host: on });
    const names = Object.keys(last(other).headers);
    expect(names).toEqual(expect.arrayContaining(['x-plain', 'idempotency-key']));
    for (const name of ['authorization', 'cookie', 'x-key', 'webhook-signature'])
      expect(names).not.toContain(name);
    await run('http', { url: to('/x', 307), ...settings }, { host: on });
    expect(last().headers).toMatchObject({ authorization: 'Basic x', 'x-key': 'a long key' });
    expect(last().headers['webhook-signature']).toBeDefined();
  });

  test('are checked like the first address', async () => {
    const reason = expect.stringContaining('the redirect to 169.254.169.254 is a link-local');
    expect(
      await run('http', {
        url: to('http://169.254.169.254/latest'),
        follow_redirects: 3,
        allow_private: true,
      }),
    ).toMatchObject({ retry: 'never', reason });
    expect(await run('http', { url: to('http://10.0.0.1/'), follow_redirects: 3 })).toMatchObject({
      retry: 'never',
      reason: expect.stringContaining('the redirect to 10.0.0.1 is not a public address'),
    });
  });

  test('end after as many as were allowed', async () => {
    expect(await run('http', { url: to(to('/x')), follow_redirects: 1 })).toMatchObject({
      ok: false,
      retry: 'never',
      reason: expect.stringContaining('once more than the 1 times'),
    });
  });
});

describe('addresses', () => {
  test.each([
    ['8.8.8.8', 'public'],
    ['172.15.255.255', 'public'],
    ['172.32.0.0', 'public'],
    ['2606:4700::1111', 'public'],
    ['::ffff:8.8.8.8', 'public'],
    ['64:ff9b::808:808', 'public'],
    ['2002:808:808::1', 'public'],
    ['0.0.0.0', 'private'],
    ['10.255.255.255', 'private'],
    ['100.64.0.1', 'private'],
    ['127.0.0.1', 'private'],
    ['127.255.255.254', 'private'],
    ['172.16.0.0', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['198.19.0.1', 'private'],
    ['::', 'private'],
    ['::1', 'private'],
    ['fc00::1', 'private'],
    ['fd12:3456::1', 'private'],
    ['fec0::1', 'private'],
    ['2001:db8::1', 'private'],
    ['::ffff:127.0.0.1', 'private'],
    ['::ffff:7f00:1', 'private'],
    ['::127.0.0.1', 'private'],
    ['::ffff:0:10.0.0.1', 'private'],
    ['64:ff9b::10.0.0.1', 'private'],
    ['2002:7f00:1::', 'private'],
    ['64:ff9b:1::1', 'private'],
    ['100::1', 'private'],
    ['169.254.169.254', 'forbidden'],
    ['169.254.0.1', 'forbidden'],
    ['::ffff:169.254.169.254', 'forbidden'],
    ['::ffff:a9fe:a9fe', 'forbidden'],
    ['64:ff9b::a9fe:a9fe', 'forbidden'],
    ['2002:a9fe:a9fe::', 'forbidden'],
    ['fe80::1', 'forbidden'],
    ['fe80::1%eth0', 'forbidden'],
    ['febf::1', 'forbidden'],
    ['fd00:ec2::254', 'forbidden'],
    ['100.100.100.200', 'forbidden'],
    ['224.0.0.1', 'forbidden'],
    ['255.255.255.255', 'forbidden'],
    ['ff02::1', 'forbidden'],
    ['no address', 'forbidden'],
  ])('%s is %s', (address, kind) => {
    expect(addressKind(address)).toBe(kind);
  });

  test.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://017700000001/',
    'http://0177.0.0.01/',
    'http://127.0.0.1./',
    'http://①②⑦.⓪.⓪.①/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://0/',
    'http://localhost/',
    'http://10.1/',
  ])('%s is refused as not public', async (url) => {
    expect(await run('http', { url }, { host: host({ private_networks: [] }) })).toMatchObject({
      ok: false,
      retry: 'never',
      reason: expect.stringContaining('is not a public address'),
    });
  });

  test.each([
    'http://169.254.169.254/latest/meta-data',
    'http://0xa9fea9fe/',
    'http://2852039166/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fd00:ec2::254]/',
    'http://[fe80::1]/',
    'http://239.0.0.1/',
  ])('%s is refused whatever is allowed', async (url) => {
    const on = host({ private_networks: ['0.0.0.0/0', '::/0'] });
    expect(await run('http', { url, allow_private: true }, { host: on })).toMatchObject({
      ok: false,
      retry: 'never',
      reason: expect.stringContaining('never requested'),
    });
  });

  const names = (addresses: readonly string[]) => async (): Promise<readonly LookupAddress[]> =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const reach = { allowPrivate: false, privateNetworks: ['10.1.0.0/16', 'fd00:1::/32'] };

  test.each([
    [['8.8.8.8', '2606:4700::1111'], 'reached'],
    [['10.1.2.3'], 'reached'],
    [['::ffff:10.1.2.3'], 'reached'],
    [['fd00:1::5'], 'reached'],
    [['10.2.0.1'], 'is not a public address'],
    [['8.8.8.8', '10.2.0.1'], 'is not a public address'],
    [['8.8.8.8', '169.254.169.254'], 'never requested'],
    [[], 'has no address'],
  ])('a name with the addresses %j: %s', async (addresses, wanted) => {
    const reached = reachableAddresses('a.example', 'a.example', reach, names(addresses));
    if (wanted === 'reached') expect((await reached).map(({ address }) => address)).toEqual(addresses);
    else await expect(reached).rejects.toThrow(wanted);
  });

  test('the address that was checked is the one connected to, under the name of the URL', async () => {
    const url = new URL(`http://a.example:${server.port}/pinned`);
    const answer = await send(
      { url, addresses: [{ address: '127.0.0.1', family: 4 }], method: 'GET', headers: {}, body: null },
      new AbortController().signal,
    );
    expect([answer.status, last().path, last().headers.host]).toEqual([
      200,
      '/pinned',
      `a.example:${server.port}`,
    ]);
  });

  test('a certificate that nobody vouches for is not accepted', async () => {
    const outcome = await run('http', { url: server.url.replace('http:', 'https:') });
    expect(outcome).toMatchObject({ ok: false, retry: 'yes' });
  });

  test('a name that does not exist, and a port where nobody listens, may be tried again', async () => {
    expect(await run('http', { url: 'http://no-such-name.invalid/' })).toMatchObject({
      retry: 'yes',
      reason: expect.stringMatching(/^no-such-name\.invalid: the name could not be looked up \(E[A-Z_]+\)$/),
    });
    const gone = await serve();
    gone.close();
    expect(await run('http', { url: gone.url })).toMatchObject({
      retry: 'yes',
      reason: `127.0.0.1:${gone.port} refused the connection`,
    });
  });
});
