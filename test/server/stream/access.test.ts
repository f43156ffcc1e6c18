import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenFor } from '../http-bench.js';
import { sendRaw } from '../raw-request.js';
import { startStream, type StreamBench } from './stream-bench.js';

const READ = 'tok-read-0b8d61aa94c7e23f';
const INGEST = 'tok-ingest-7f3a9c55e1d24b0f';
const BOARD = 'https://board.example';

let guarded: StreamBench;
let open: StreamBench;
beforeAll(async () => {
  guarded = await startStream({
    tokens: [tokenFor('reader', READ, 'read'), tokenFor('sender', INGEST, 'ingest')],
    allowedOrigins: [BOARD],
  });
  open = await startStream({ allowedOrigins: [BOARD], streamLimits: { maxClients: 40 } });
});
afterAll(async () => {
  await guarded.close();
  await open.close();
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const protocol = (text: string) => ({ 'sec-websocket-protocol': text });

describe('with tokens', () => {
  test.each<[string, Record<string, string>, number, string | null]>([
    ['no token', {}, 401, 'unauthorized'],
    ['a wrong one', bearer('wrong'), 401, 'unauthorized'],
    ['one that may not read', bearer(INGEST), 403, 'forbidden'],
    ['one that may', bearer(READ), 101, null],
    ['a wrong one as subprotocol', protocol('bearer, wrong'), 401, 'unauthorized'],
    ['one that may not read, as subprotocol', protocol(`bearer, ${INGEST}`), 403, 'forbidden'],
    ['one that may, as subprotocol', protocol(`bearer, ${READ}`), 101, null],
    ['without the blank', protocol(`bearer,${READ}`), 101, null],
    ['the scheme alone', protocol('bearer'), 401, 'unauthorized'],
    ['the token alone', protocol(READ), 401, 'unauthorized'],
    ['the other way round', protocol(`${READ}, bearer`), 401, 'unauthorized'],
    ['another scheme', protocol(`basic, ${READ}`), 401, 'unauthorized'],
    ['a right one and a wrong one', protocol(`bearer, ${READ}, wrong`), 400, 'header-repeated'],
    ['both ways', { ...bearer(READ), ...protocol(`bearer, ${READ}`) }, 400, 'header-repeated'],
    ['a token of its own page', { ...bearer(READ), origin: BOARD }, 101, null],
    ['a token of another page', { ...bearer(READ), origin: 'https://evil.example' }, 403, 'origin-refused'],
  ])('%s', async (_what, headers, status, code) => {
    const client = await guarded.connect({ headers });
    expect(client.status).toBe(status);
    if (code !== null) expect(JSON.parse(client.body).error.code).toBe(code);
    else expect((await client.next()).type).toBe('connection_established');
    // The token is never said back.
    expect(client.head).not.toContain(READ);
    expect(client.head.includes('Sec-WebSocket-Protocol: bearer')).toBe(
      status === 101 && 'sec-websocket-protocol' in headers,
    );
  });

  test('a token in the address is none', async () => {
    for (const path of [`/v1/stream?token=${READ}`, `/v1/stream?access_token=${READ}`]) {
      expect((await guarded.connect({ path })).status).toBe(401);
      expect((await guarded.connect({ path, headers: bearer(READ) })).status).toBe(400);
    }
  });

  test('nobody without one is told what there is', async () => {
    for (const path of ['/', '/v1/nothing', '/v1/events']) {
      expect((await guarded.connect({ path })).status).toBe(401);
      expect((await guarded.connect({ path, headers: bearer(READ) })).status).toBe(404);
    }
  });
});

describe('without tokens', () => {
  test.each<[string, Record<string, string>, number]>([
    ['a program', {}, 101],
    ['a page of the daemon itself', { origin: 'OWN' }, 101],
    ['a page that is allowed', { origin: BOARD }, 101],
    ['a page of another site', { origin: 'https://evil.example' }, 403],
    ['a page of this machine', { origin: 'http://127.0.0.1:1' }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
    ['a site that does not say which', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a name that was made to point here', { host: 'evil.example' }, 421],
    [
      'a name that was made to point here, as its page',
      { host: 'evil.example', origin: 'http://evil.example' },
      421,
    ],
    ['any subprotocol', protocol('chat'), 101],
    ['a token that nobody asked for', protocol('bearer, x'), 101],
  ])('%s', async (_what, headers, status) => {
    const own = headers['origin'] === 'OWN' ? { origin: open.url } : {};
    const client = await open.connect({ headers: { ...headers, ...own } });
    expect(client.status).toBe(status);
    client.destroy();
  });

  test.each<[string, object, number]>([
    ['a slash behind', { path: '/v1/stream/' }, 404],
    ['percent codes', { path: '/v1/%73tream' }, 404],
    ['capitals', { path: '/V1/STREAM' }, 404],
    ['another path', { path: '/v1/stats' }, 404],
    ['another method', { method: 'POST' }, 404],
    ['no key', { headers: { 'sec-websocket-key': '' } }, 400],
    ['a key that is none', { headers: { 'sec-websocket-key': 'short' } }, 400],
    ['a version of the future', { headers: { 'sec-websocket-version': '99' } }, 400],
    ['a body', { headers: { 'content-length': '3' } }, 400],
    ['a subprotocol that is no word', { headers: protocol('a b') }, 400],
    ['extensions', { headers: { 'sec-websocket-extensions': 'permessage-deflate' } }, 101],
  ])('a handshake with %s', async (_what, how, status) => {
    const client = await open.connect(how);
    expect(client.status).toBe(status);
    if (status === 101) expect(client.head).not.toMatch(/sec-websocket-extensions/i);
    else expect(JSON.parse(client.body).error.message).not.toBe('');
    client.destroy();
  });

  test('a request that is no handshake is told what to do', async () => {
    const response = await fetch(`${open.url}/v1/stream`);
    expect(response.status).toBe(426);
    expect(response.headers.get('upgrade')).toBe('websocket');
    expect(await response.json()).toMatchObject({ error: { code: 'upgrade-required' } });
  });

  test('more clients than it takes are sent away', async () => {
    const full = await startStream({ streamLimits: { maxClients: 2 } });
    const [one] = [await full.connect(), await full.connect()];
    const refused = await full.connect();
    expect(refused.status).toBe(503);
    expect(refused.head).toContain('retry-after: 10');
    one.destroy();
    let status = 503;
    while (status === 503) ({ status } = await full.connect());
    expect(status).toBe(101);
    await full.close();
  });
});

describe('a wish for another protocol than WebSocket is ignored, as HTTP allows', () => {
  const h2c = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQ' };

  test.each([0, 1, 70_000])('with a body of %i bytes', async (size) => {
    const body = JSON.stringify({ event_id: `h2c-${size}`, payload: { text: 'x'.repeat(size) } });
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = request(
        {
          port: open.port,
          method: 'POST',
          path: '/v1/events',
          headers: { ...h2c, 'content-type': 'application/json' },
        },
        (response) => {
          response.resume();
          response.on('end', () => resolve(response.statusCode));
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
    expect(status).toBe(202);
    expect(open.daemon.event(`h2c-${size}`)?.event.payload['text']).toHaveLength(size);
  });

  test('and the connection can be used again', async () => {
    const answers = await new Promise<number>((resolve) => {
      const socket = connect(open.port, '127.0.0.1');
      let text = '';
      socket.on('data', (bytes) => {
        text += bytes.toString('latin1');
        const count = text.match(/HTTP\/1\.1 200/g)?.length ?? 0;
        if (count === 1 && !text.includes('again')) {
          text += 'again';
          socket.write('GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
        }
      });
      socket.on('close', () => resolve(text.match(/HTTP\/1\.1 200/g)?.length ?? 0));
      socket.write('GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: h2c\r\n\r\n');
    });
    expect(answers).toBe(2);
  });

  test('whoever asks, and for what', async () => {
    for (const upgrade of ['h2c', 'TLS/1.0', 'foo, websocket', '', 'websocket/13']) {
      const raw = `GET /v1/stats HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: ${upgrade}\r\n\r\n`;
      expect((await sendRaw(open.port, raw)).statuses).toEqual([200]);
      expect((await sendRaw(guarded.port, raw)).statuses).toEqual([401]);
    }
  });
});
