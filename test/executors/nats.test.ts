import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/kernel/json.js';
import type { Attempting } from '../../src/ports/executor-kind.js';
import { messageOf } from '../../src/executors/nats/message.js';
import { executeNats } from '../../src/executors/nats/execute.js';
import { hasNatsServer, startNatsServer, type NatsServer } from '../support/nats-server.js';
import { attempting, everything, folderOf, host, INPUT, outputOf, run, SECRET } from './harness.js';
import { selfSigned } from './certificate.js';
import { serveLines } from './mail-harness.js';

const TRACE = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'a=b' };
const LAUNCH = 'launch-0123456789abcdef';

describe.runIf(hasNatsServer)('a message', () => {
  let server: NatsServer;
  let connection: NatsConnection;
  let manager: JetStreamManager;
  let received: Msg[];
  beforeAll(async () => {
    server = await startNatsServer({ config: 'max_payload: 2000' });
    connection = await connect({ servers: server.url, reconnect: false });
    manager = await jetstreamManager(connection);
    await manager.streams.add({ name: 'INCIDENTS', subjects: ['incidents.>'] });
    await manager.streams.add({ name: 'SMALL', subjects: ['small.>'], max_msg_size: 10 });
    await manager.streams.add({
      name: 'FULL',
      subjects: ['full.>'],
      max_msgs: 0,
      max_bytes: 1,
      discard: 'new',
    });
    connection.subscribe('plain.>', { callback: (_error, message) => void received.push(message) });
    await connection.flush();
  });
  afterAll(async () => {
    await connection?.close();
    await server?.remove();
  });
  beforeEach(async () => {
    received = [];
    await manager.streams.purge('INCIDENTS');
  });

  const settings = (changes: JsonObject = {}): JsonObject => ({
    servers: server.url,
    subject: 'plain.eu',
    ...changes,
  });
  const arrived = async (): Promise<Msg> => {
    await expect.poll(() => received.length, { interval: 5 }).toBe(1);
    return received[0] as Msg;
  };

  test.each<[what: string, payload: Json | undefined, text: string]>([
    ['the whole input', undefined, JSON.stringify(INPUT)],
    ['a text as it is', 'Größe: 5\n', 'Größe: 5\n'],
    ['an empty text', '', ''],
    ['an object as JSON', { a: [1, null] }, '{"a":[1,null]}'],
    ['null as JSON', null, 'null'],
  ])('carries %s', async (_what, payload, text) => {
    const outcome = await run('nats', settings(payload === undefined ? {} : { payload }));
    expect(outcome).toEqual({ ok: true, output: { server: server.url, subject: 'plain.eu' } });
    const message = await arrived();
    expect([message.subject, message.string()]).toEqual(['plain.eu', text]);
  });

  test('carries the launch id, the trace and headers of its own, secrets among them', async () => {
    const written = settings({
      headers: { 'X-Team': 'Größe', Authorization: { secret: { env: 'TOKEN' }, prefix: 'Bearer ' } },
    });
    const one: Attempting = { ...attempting(written), trace: TRACE };
    const given = host();
    const outcome = await executeNats(one, given, AbortSignal.timeout(5_000));
    expect(outcome.ok).toBe(true);
    const { headers } = await arrived();
    expect([...(headers ?? [])]).toEqual([
      ['Nats-Msg-Id', [LAUNCH]],
      ['X-Team', ['Größe']],
      ['Authorization', [`Bearer ${SECRET}`]],
      ['traceparent', [TRACE.traceparent]],
      ['tracestate', [TRACE.tracestate]],
    ]);
    expect(everything(outcome, given)).not.toContain(SECRET);
  });

  test('of a workflow that names a trace itself belongs into that one', () => {
    const written = settings({ headers: { traceparent: 'own' } });
    const { headers } = messageOf({ ...attempting(written), trace: TRACE }, host().secrets);
    expect([...headers]).toEqual([
      ['Nats-Msg-Id', [LAUNCH]],
      ['traceparent', ['own']],
    ]);
  });

  test('is acknowledged by a stream, and kept by it once however often it is sent', async () => {
    const written = settings({ subject: 'incidents.{{ input.region }}', jetstream: true });
    const rendered = { ...written, subject: 'incidents.eu' };
    const launchId = `launch-${crypto.randomUUID()}`;
    const first = outputOf(await run('nats', written, { rendered, launchId }));
    const second = outputOf(await run('nats', written, { rendered, launchId }));
    const { seq } = first;
    expect(first).toEqual({
      server: server.url,
      subject: 'incidents.eu',
      stream: 'INCIDENTS',
      seq,
      duplicate: false,
    });
    expect(second).toEqual({ ...first, duplicate: true });
    const { state } = await manager.streams.info('INCIDENTS');
    expect(state.messages).toBe(1);
    const stored = await manager.streams.getMessage('INCIDENTS', { seq: Number(seq) });
    expect(stored?.header.get('Nats-Msg-Id')).toBe(launchId);
  });

  test.each<[what: string, changes: JsonObject, retry: string, words: string]>([
    [
      'that no stream takes',
      { subject: 'nowhere', jetstream: true },
      'yes',
      'has no stream that takes nowhere',
    ],
    [
      'that is too large for the stream',
      { subject: 'small.a', payload: 'x'.repeat(500), jetstream: true },
      'never',
      'the stream refused the message: message size exceeds maximum allowed (10054)',
    ],
    [
      'for which the stream has no room',
      { subject: 'full.a', jetstream: true },
      'yes',
      'the stream refused the message: maximum bytes exceeded',
    ],
    [
      'that is too large for the server',
      { payload: 'x'.repeat(2_000) },
      'never',
      'and the server takes 2000',
    ],
  ])('%s is an outcome', async (_what, changes, retry, words) => {
    const outcome = await run('nats', settings(changes));
    expect(outcome).toMatchObject({ ok: false, retry, reason: expect.stringContaining(words) });
  });

  test('of the size that the server takes is taken, and of one byte more refused', async () => {
    const bare = messageOf(attempting(settings({ payload: '' })), host().secrets).sizeBytes;
    const fits = settings({ payload: 'x'.repeat(2_000 - bare) });
    expect(await run('nats', fits)).toMatchObject({ ok: true });
    const over = settings({ payload: 'x'.repeat(2_001 - bare) });
    expect(await run('nats', over)).toMatchObject({ ok: false, retry: 'never' });
  });

  test('goes to the first server that can be reached', async () => {
    const outcome = await run('nats', settings({ servers: ['nats://127.0.0.1:1', server.url] }));
    expect(outcome).toEqual({ ok: true, output: { server: server.url, subject: 'plain.eu' } });
    await arrived();
  });

  test('leaves no connection behind, whether it was taken or not', async () => {
    const before = await openSockets();
    await run('nats', settings());
    await run('nats', settings({ subject: 'nowhere', jetstream: true }));
    await run('nats', settings({ payload: 'x'.repeat(2_000) }));
    await expect.poll(openSockets, { interval: 5 }).toBe(before);
  });
});

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
}

const url = 'nats://127.0.0.1:1';
test.each<[what: string, changes: JsonObject, words: string]>([
  ['subject with a line break', { subject: 'a\r\nPUB evil 0' }, 'the subject holds a space or a control'],
  ['subject with a space', { subject: 'a b' }, 'the subject holds a space'],
  ['subject with a next line', { subject: 'a\u0085b' }, 'the subject holds a space or a control'],
  ['empty subject', { subject: '' }, 'the subject has an empty part'],
  ['subject of nothing', { subject: null }, 'the subject has an empty part'],
  ['subject with an empty part', { subject: 'a..b' }, 'the subject has an empty part'],
  ['subject that ends in a dot', { subject: 'a.' }, 'the subject has an empty part'],
  ['subject with a wildcard', { subject: 'a.*' }, 'the subject holds a wildcard'],
  ['subject with the other wildcard', { subject: 'a.>' }, 'the subject holds a wildcard'],
  ['subject of the system', { subject: '$SYS.REQ.SERVER.PING' }, 'the subject begins with $SYS'],
  ['subject of JetStream', { subject: '$JS.API.STREAM.DELETE.ORDERS' }, 'the subject begins with $JS'],
  ['subject without end', { subject: 'a'.repeat(2_000) }, 'the subject is longer than 1024 bytes'],
  ['header with a line break', { headers: { A: 'b\r\nNats-Msg-Id: c' } }, 'the header A holds a line break'],
  ['header with a zero', { headers: { A: 'b\u0000' } }, 'the header A holds a line break or another'],
  ['header name with a line break', { headers: { 'A\r\nB': 'c' } }, 'a name that no header can have'],
  ['header name with a colon', { headers: { 'A:B': 'c' } }, 'a name that no header can have'],
  ['message id', { headers: { 'nats-msg-id': 'c' } }, 'the header nats-msg-id cannot be set'],
  ['other header of the server', { headers: { 'Nats-Expected-Stream': 'c' } }, 'cannot be set'],
])('a %s is refused for good before anything is sent', async (_what, changes, words) => {
  const written = { servers: url, subject: 'a' };
  const outcome = await run('nats', written, { rendered: { ...written, ...changes } });
  expect(outcome).toMatchObject({ ok: false, retry: 'never', reason: expect.stringContaining(words) });
});

test.each<[servers: Json, words: string]>([
  ['http://127.0.0.1', 'holds what is no server'],
  ['127.0.0.1:4222', 'holds what is no server'],
  ['{{ input.server }}', 'holds what is no server'],
  ['nats://', 'holds what is no server'],
  ['nats://a/b', 'holds what is no server'],
  [['nats://user:pass-word@127.0.0.1'], 'holds a login'],
  ['nats://169.254.169.254', 'is a link-local, cloud metadata or multicast address'],
  [[], 'names no server'],
])('servers %j are refused for good, and no login is repeated', async (servers, words) => {
  // What an event would make of it counts for nothing.
  const rendered = { servers: url, subject: 'a' };
  const outcome = await run('nats', { servers, subject: 'a' }, { rendered });
  expect(outcome).toMatchObject({ ok: false, retry: 'never', reason: expect.stringContaining(words) });
  expect(JSON.stringify(outcome)).not.toContain('pass-word');
});

test('a server that is not there may come later', async () => {
  expect(await run('nats', { servers: url, subject: 'a' })).toMatchObject({
    ok: false,
    retry: 'yes',
    reason: `the server ${url} refused the connection`,
  });
});

test.each<[what: string, greeting: string, words: string]>([
  ['what is no NATS', 'HTTP/1.1 400 Bad Request\r\n', 'is no NATS server'],
  [
    'no encryption where it is asked for',
    'INFO {"version":"2.9.10","max_payload":1000}\r\n',
    'offers no encryption',
  ],
])('a server that speaks %s may be another one later', async (_what, greeting, words) => {
  const server = await serveLines(greeting);
  const outcome = await run('nats', { servers: `tls://127.0.0.1:${server.port}`, subject: 'a' });
  expect(outcome).toMatchObject({ ok: false, retry: 'yes', reason: expect.stringContaining(words) });
  await expect.poll(() => server.open(), { interval: 5 }).toBe(0);
  server.close();
});

test.each<[what: string, greeting: string]>([
  ['says nothing', ''],
  ['greets and says nothing more', 'INFO {"version":"2.9.10","max_payload":1000}\r\n'],
])('a server that %s is left when it is time, and no connection with it', async (_what, greeting) => {
  const server = await serveLines(greeting);
  const controller = new AbortController();
  const outcome = run(
    'nats',
    { servers: `nats://127.0.0.1:${server.port}`, subject: 'a' },
    { signal: controller.signal },
  );
  await expect.poll(() => server.open(), { interval: 5 }).toBeGreaterThan(0);
  controller.abort();
  expect(await outcome).toMatchObject({
    ok: false,
    retry: 'yes',
    reason: expect.stringContaining('told to end'),
  });
  if (greeting === '') await expect.poll(() => server.open(), { interval: 5 }).toBe(0);
  server.close();
});

describe.runIf(hasNatsServer)('a login', () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNatsServer({
      config: `authorization { users: [
        { user: writer, password: "${SECRET}", permissions: { publish: "orders.>" } }
      ] }`,
    });
  });
  afterAll(() => server?.remove());
  const settings = (more: JsonObject): JsonObject => ({
    servers: server.url,
    subject: 'orders.paid',
    ...more,
  });
  const password = { secret: { env: 'TOKEN' } };

  test('is given', async () => {
    expect(await run('nats', settings({ user: 'writer', password }))).toMatchObject({ ok: true });
  });

  test.each<[what: string, login: JsonObject, retry: string, words: string]>([
    ['none', {}, 'never', 'did not accept the login'],
    ['another user', { user: 'reader', password }, 'never', 'did not accept the login'],
    ['a token', { token: password }, 'never', 'did not accept the login'],
    ['a secret that is missing', { token: { secret: { env: 'NOT_SET' } } }, 'yes', 'NOT_SET'],
    ['credentials that are none', { credentials: password }, 'yes', 'is not the content of a .creds file'],
    [
      'no right to the subject',
      { user: 'writer', password, subject: 'secrets.all' },
      'never',
      'does not allow publish of secrets.all',
    ],
    [
      'no right to the subject, which a stream is to have',
      { user: 'writer', password, subject: 'secrets.all', jetstream: true },
      'never',
      'does not allow publish of secrets.all',
    ],
  ])('%s is an outcome without the secret', async (_what, login, retry, words) => {
    const given = host();
    const outcome = await run('nats', settings(login), { host: given });
    expect(outcome).toMatchObject({ ok: false, retry, reason: expect.stringContaining(words) });
    expect(everything(outcome, given)).not.toContain(SECRET);
  });
});

test.runIf(hasNatsServer).each(['tls', 'nats'])(
  'a server with a certificate that nobody vouches for gets no login, as %s://',
  async (scheme) => {
    const { key, cert } = selfSigned();
    const folder = folderOf({ 'key.pem': key, 'cert.pem': cert });
    const server = await startNatsServer({
      jetstream: false,
      config: `tls { key_file: "${folder.path}/key.pem", cert_file: "${folder.path}/cert.pem" }`,
    });
    const servers = `${scheme}://127.0.0.1:${server.port}`;
    const outcome = await run('nats', { servers, subject: 'a', token: { secret: { env: 'TOKEN' } } });
    expect(outcome).toMatchObject({
      ok: false,
      retry: 'yes',
      reason: expect.stringContaining('has a certificate that was not accepted'),
    });
    await server.remove();
    folder.remove();
  },
);
