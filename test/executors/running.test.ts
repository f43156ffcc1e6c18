import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executorKinds } from '../../src/executors/registry.js';
import type { JsonObject } from '../../src/kernel/json.js';
import type { Outcome } from '../../src/model/outcome.js';
import {
  everything,
  folderOf,
  host,
  INPUT,
  nodeCommand,
  run,
  SECRET,
  serve,
  type Received,
  type TestHost,
  type TestServer,
} from './harness.js';
import { hasNatsServer, startNatsServer, type NatsServer } from '../support/nats-server.js';
import { answer, mailTo, serveLines, serveMail, type MailServer } from './mail-harness.js';
import { listenTo, type Heard } from './nats-harness.js';

/** What the contract asks of a kind, as a workflow of it. Left out = the kind has no way to do that. */
interface Case {
  readonly name: string;
  host(): TestHost;
  /** Succeeds. */
  readonly good: () => JsonObject;
  /** Fails in a way that is to be expected. */
  readonly bad?: () => JsonObject;
  /** Never ends by itself. */
  readonly endless?: () => JsonObject;
  /** Uses a secret, which the other side says again in its answer. */
  readonly echo?: () => JsonObject;
  /** Uses a secret that is not there. */
  readonly missing?: () => JsonObject;
  /** Has an output that is too large. */
  readonly large?: () => JsonObject;
  /** Where the launch id arrived. */
  readonly idempotencyKey: (outcome: Outcome, host: TestHost) => unknown;
}

let server: TestServer;
let folder: ReturnType<typeof folderOf>;
let mails: MailServer;
let silent: MailServer;
let mute: MailServer;
let nats: NatsServer | undefined;
let heard: Heard | undefined;
beforeAll(async () => {
  if (hasNatsServer) {
    nats = await startNatsServer();
    heard = await listenTo(nats.url, 'good');
  }
  mute = await serveLines('');
  mails = await serveMail({}, ({ mail }) =>
    mail.subject === 'good'
      ? 'queued'
      : answer(451, mail.subject === 'echo' ? `who said ${SECRET}` : 'later'),
  );
  silent = await serveLines('220 hi\r\n');
  server = await serve((_request, response, { path, headers, body }) => {
    if (path.startsWith('/bad')) response.writeHead(503).end('{"why":"maintenance"}');
    else if (path.startsWith('/echo')) response.end(JSON.stringify({ path, headers, body }));
    else if (path.startsWith('/large')) response.end('x'.repeat(1_000_000));
    else if (!path.startsWith('/endless')) response.end('ok');
  });
  folder = folderOf({
    'all.mjs': `
      export const good = (input, launch) => ({ launch_id: launch.launch_id, region: input.region });
      export const bad = () => { throw new Error('no such region'); };
      export const endless = () => { for (;;); };
      export const large = () => 'x'.repeat(1_000_000);
      export const echo = (input) => { throw new Error(input.said); };`,
  });
});
afterAll(async () => {
  await heard?.close();
  await nats?.remove();
  mute.close();
  server.close();
  mails.close();
  silent.close();
  folder.remove();
});

const secret = { secret: { env: 'TOKEN' } };
const missing = { secret: { env: 'NOT_THERE' } };
/** The URL of a path, as a secret, which is how Slack's has to be given. */
const urlHost = (): TestHost =>
  host(
    {},
    Object.fromEntries(
      ['good', 'bad', 'endless', 'echo', 'large'].map((path) => [
        `URL_${path}`,
        `${server.url}/${path}/s3cret-path`,
      ]),
    ),
  );
const secretUrl = (path: string): JsonObject => ({ secret: { env: `URL_${path}` } });
const lastKey = (): unknown => server.received.at(-1)?.headers['idempotency-key'];

const CASES: readonly Case[] = [
  {
    name: 'log',
    host: () => host(),
    good: () => ({ message: 'hello' }),
    idempotencyKey: (_outcome, { lines }) => lines[0]?.fields?.['launch_id'],
  },
  {
    name: 'command',
    host: () => host(),
    good: () => nodeCommand('console.log(JSON.stringify(process.env.TRIGGERD_LAUNCH_ID))'),
    bad: () => nodeCommand('process.exit(2)'),
    endless: () => nodeCommand('setInterval(() => {}, 1000)'),
    echo: () => ({
      ...nodeCommand('console.log(process.env.T); console.error(process.env.T); process.exit(1)'),
      env: { T: secret },
    }),
    missing: () => ({ ...nodeCommand(''), env: { T: missing } }),
    large: () => nodeCommand('process.stdout.write("x".repeat(1e6))'),
    idempotencyKey: (outcome) => (outcome.output as JsonObject)['stdout'],
  },
  {
    name: 'http',
    host: () => host(),
    good: () => ({ url: `${server.url}/good` }),
    bad: () => ({ url: `${server.url}/bad` }),
    endless: () => ({ url: `${server.url}/endless` }),
    echo: () => ({
      url: `${server.url}/echo`,
      headers: { 'X-A': 'plain', Authorization: { ...secret, prefix: 'Bearer ' } },
      success: [204],
    }),
    missing: () => ({ url: `${server.url}/good`, headers: { Authorization: missing } }),
    large: () => ({ url: `${server.url}/large` }),
    idempotencyKey: lastKey,
  },
  {
    name: 'webhook',
    host: () => host(),
    good: () => ({ url: `${server.url}/good`, secret: { env: 'TOKEN' } }),
    bad: () => ({ url: `${server.url}/bad`, secret: { env: 'TOKEN' } }),
    endless: () => ({ url: `${server.url}/endless`, secret: { env: 'TOKEN' } }),
    echo: () => ({ url: `${server.url}/echo`, secret: { env: 'TOKEN' }, headers: { 'X-Token': secret } }),
    missing: () => ({ url: `${server.url}/good`, secret: { env: 'NOT_THERE' } }),
    large: () => ({ url: `${server.url}/large`, secret: { env: 'TOKEN' } }),
    idempotencyKey: () => server.received.at(-1)?.headers['webhook-id'],
  },
  {
    name: 'slack',
    host: urlHost,
    good: () => ({ url: secretUrl('good'), text: 'hello' }),
    bad: () => ({ url: secretUrl('bad'), text: 'hello' }),
    endless: () => ({ url: secretUrl('endless'), text: 'hello' }),
    echo: () => ({ url: secretUrl('echo'), text: 'hello' }),
    missing: () => ({ url: missing, text: 'hello' }),
    large: () => ({ url: secretUrl('large'), text: 'hello' }),
    idempotencyKey: lastKey,
  },
  {
    name: 'email',
    host: () => {
      const on = host();
      on.secrets.read(secret);
      return on;
    },
    good: () => mailTo(mails, { subject: 'good' }),
    bad: () => mailTo(mails, { subject: 'bad' }),
    endless: () => mailTo(silent),
    echo: () => mailTo(mails, { subject: 'echo' }),
    missing: () => mailTo(mails, { smtp: { host: '127.0.0.1', user: 'me', password: missing } }),
    idempotencyKey: () => mails.received.at(-1)?.mail.headers.get('x-triggerd-launch'),
  },
  {
    name: 'module',
    host: () => host({ folder: folder.path, module_folders: [folder.path] }),
    good: () => ({ file: 'all.mjs', export: 'good' }),
    bad: () => ({ file: 'all.mjs', export: 'bad' }),
    endless: () => ({ file: 'all.mjs', export: 'endless' }),
    large: () => ({ file: 'all.mjs', export: 'large' }),
    idempotencyKey: (outcome) => (outcome.output as JsonObject)['launch_id'],
  },
  {
    name: 'nats',
    host: () => host(),
    good: () => ({ servers: nats?.url ?? '', subject: 'good' }),
    bad: () => ({ servers: 'nats://127.0.0.1:1', subject: 'good' }),
    endless: () => ({ servers: `nats://127.0.0.1:${mute.port}`, subject: 'good' }),
    missing: () => ({ servers: nats?.url ?? '', subject: 'good', token: missing }),
    idempotencyKey: () => heard?.messages.at(-1)?.headers?.get('Nats-Msg-Id'),
  },
];

test('every kind that carries something out keeps the contract', () => {
  const carrying = executorKinds.filter(({ load }) => load !== null).map(({ name }) => name);
  expect(carrying.sort()).toEqual(CASES.map(({ name }) => name).sort());
});

describe.each(CASES.filter(({ name }) => name !== 'nats' || hasNatsServer))('$name', (kind) => {
  const given = <K extends keyof Case>(key: K): NonNullable<Case[K]> => kind[key] as NonNullable<Case[K]>;

  test('succeeds, and hands the launch id on as the idempotency key', async () => {
    const on = kind.host();
    const outcome = await run(kind.name, kind.good(), { host: on });
    expect(outcome.ok).toBe(true);
    expect(kind.idempotencyKey(outcome, on)).toBe('launch-0123456789abcdef');
  });

  test('begins nothing when it is told to end before', async () => {
    const on = kind.host();
    const before = server.received.length;
    const outcome = await run(kind.name, kind.good(), { host: on, signal: AbortSignal.abort() });
    expect(outcome).toMatchObject({ ok: false, reason: 'it was told to end before it began', retry: 'yes' });
    expect([on.lines, server.received.length]).toEqual([[], before]);
  });

  test.runIf(kind.bad)('gives an expected failure as an outcome that may be tried again', async () => {
    const outcome = await run(kind.name, given('bad')(), { host: kind.host() });
    expect(outcome).toMatchObject({ ok: false, retry: 'yes', reason: expect.stringMatching(/.{5,}/) });
  });

  test.runIf(kind.endless)('ends within two seconds of being told to', async () => {
    const controller = new AbortController();
    const outcome = run(kind.name, given('endless')(), { host: kind.host(), signal: controller.signal });
    const toldAt = await new Promise<number>((resolve) =>
      AbortSignal.timeout(300).addEventListener('abort', () => {
        controller.abort();
        resolve(performance.now());
      }),
    );
    expect(await outcome).toMatchObject({ ok: false, reason: expect.stringContaining('told to end') });
    expect(performance.now() - toldAt).toBeLessThan(2_000);
  });

  test.runIf(kind.echo)('shows no secret in its outcome or the log, even when it is told one', async () => {
    const on = kind.host();
    const outcome = await run(kind.name, given('echo')(), { host: on });
    const said = everything(outcome, on);
    expect(said).toContain('[secret]');
    for (const value of [SECRET, JSON.stringify(SECRET).slice(1, -1), 's3cret-path'])
      expect(said).not.toContain(value);
  });

  test.runIf(kind.missing)('names a secret that is missing, and may be tried again', async () => {
    const before = server.received.length;
    expect(await run(kind.name, given('missing')(), { host: kind.host() })).toEqual({
      ok: false,
      reason: 'the secret in the environment variable NOT_THERE is not set',
      retry: 'yes',
      retryAfterMs: null,
      output: null,
    });
    expect(server.received.length).toBe(before);
  });

  test.runIf(kind.large)('keeps 64 KiB of an output that is larger', async () => {
    const outcome = await run(kind.name, given('large')(), { host: kind.host() });
    expect(outcome.ok).toBe(true);
    const length = JSON.stringify(outcome.output).length;
    expect([length > 60_000, length < 66_000]).toEqual([true, true]);
  });
});

test('a log line carries the launch and the input, at its level, without secrets', async () => {
  const on = host();
  on.secrets.read({ secret: { env: 'TOKEN' } });
  await run(
    'log',
    { message: `a ${SECRET}`, level: 'warn' },
    { host: on, input: { ...INPUT, said: [SECRET] } },
  );
  await run('log', {}, { host: on, input: { long: 'x'.repeat(100_000) } });
  expect(on.lines[0]).toEqual({
    level: 'warn',
    message: 'a [secret]',
    fields: {
      launch_id: 'launch-0123456789abcdef',
      trigger_id: 'burst',
      workflow_name: 'open-incident',
      input: { ...INPUT, said: ['[secret]'] },
    },
  });
  expect(on.lines[1]).toMatchObject({ level: 'info', message: 'workflow launched' });
  expect(JSON.stringify(on.lines[1]).length).toBeLessThan(20_000);
});

test.each([
  ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')],
  ['a plain text', Buffer.from('a plain text')],
])('a webhook is signed with %s as a receiver checks it', async (key, bytes) => {
  const on = host({}, { KEY: key });
  await run(
    'webhook',
    { url: `${server.url}/good`, secret: { env: 'KEY' }, payload: { a: 'ü' } },
    { host: on },
  );
  const { headers, body } = server.received.at(-1) as Received;
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  expect(body).toBe('{"a":"ü"}');
  expect(headers['webhook-timestamp']).toBe('1767225600');
  expect(headers['webhook-signature']).toBe(
    `v1,${createHmac('sha256', bytes).update(signed).digest('base64')}`,
  );
});

test('a Slack message has what was set, and nothing else', async () => {
  const settings = {
    url: secretUrl('good'),
    text: 'down',
    channel: '#oncall',
    icon_emoji: ':fire:',
    blocks: [{ type: 'divider' }],
  };
  await run('slack', settings, { host: urlHost() });
  expect(JSON.parse(server.received.at(-1)?.body ?? '')).toEqual({ ...settings, url: undefined });
});
