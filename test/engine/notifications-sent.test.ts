import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startLiveDaemon, type LiveDaemon } from '../../src/engine/live/live-daemon.js';
import type { JsonObject } from '../../src/kernel/json.js';
import { formatTime } from '../../src/kernel/time.js';
import type { Event } from '../../src/model/event.js';
import type { LaunchRecord } from '../../src/model/record.js';
import type { Store } from '../../src/ports/store.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { host, serve, type Received, type TestServer } from '../executors/harness.js';
import { serveMail, type MailServer } from '../executors/mail-harness.js';
import { createManualClock } from '../support/manual-clock.js';
import { event, plugins } from '../support/rules.js';
import { noLog, noMeter } from './live/harness.js';

const KEY = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
/** Verifying a signature asks how old it is. */
const NOW = Date.now();

let mails: MailServer;
let web: TestServer;
let folder: string;
beforeAll(async () => {
  // Before anything waits for them.
  const kinds = plugins.executors.filter(({ name }) => ['email', 'slack', 'webhook'].includes(name));
  await Promise.all(kinds.map(({ load }) => load?.()));
  mails = await serveMail();
  web = await serve((_request, response) => void response.end('ok'));
  folder = mkdtempSync(join(tmpdir(), 'triggerd-notifications-'));
  mkdirSync(join(folder, 'rules'));
  for (const file of ['notifications', 'workflows', 'variables'])
    cpSync(`rules/${file}.yaml`, join(folder, 'rules', `${file}.yaml`));
});
afterAll(() => {
  mails.close();
  web.close();
  rmSync(folder, { recursive: true, force: true });
});

let daemon: LiveDaemon;
let store: Store;
beforeEach(async () => {
  mails.received.length = 0;
  web.received.length = 0;
  store = createMemoryStore();
  const clock = createManualClock(NOW);
  const root = join(folder, 'rules');
  const environment = {
    SLACK_WEBHOOK_URL: `${web.url}/slack`,
    NOTIFICATION_WEBHOOK_URL: `${web.url}/hook`,
    NOTIFICATION_WEBHOOK_SECRET: KEY,
  };
  daemon = await startLiveDaemon({
    root,
    plugins,
    store,
    clock,
    log: noLog,
    meter: noMeter,
    random: () => 0.5,
    host: {
      ...host({ folder: root, smtp_url: `smtp://127.0.0.1:${mails.port}` }, environment),
      now: () => clock.now(),
    },
    keepGoing: false,
    maxHops: 8,
    queueLimit: 1_000,
    launchLimit: 250_000,
    restartGraceMs: 60_000,
    retention: { ageMs: 86_400_000, bytes: null },
    limits: { maxRunning: 8, stormPerMinute: null, breaker: { failures: 5, openMs: 30_000 } },
    watch: null,
    fatal: (fault) => {
      throw fault;
    },
  });
});
afterEach(() => daemon.stop(0));

const all = { cursor: null, limit: 1_000, order: 'oldest', sinceMs: null, untilMs: null } as const;
const eventCount = (): number => store.events({ ...all, types: [], afterPosition: null }).items.length;

/**
 * Sends an event of now, and waits until every launch it causes has come to its end and triggerd's own events, two for each,
 * have been decided. The launches, by workflow name.
 */
async function send(
  fields: Partial<Event> & Pick<Event, 'event_id' | 'event_type'>,
): Promise<readonly LaunchRecord[]> {
  const [receipt] = await daemon.submit([
    { event: event({ timestamp: formatTime(NOW), ...fields }), at: NOW },
  ]);
  const caused = receipt?.launches.length ?? 0;
  await expect.poll(eventCount, { interval: 5, timeout: 15_000 }).toBe(1 + 2 * caused);
  const records = store.launches({ ...all, trigger_id: null, workflow_name: null, statuses: [] }).items;
  // None was caused by what triggerd told of them.
  expect(records).toHaveLength(caused);
  return [...records].sort((a, b) => (a.workflow_name < b.workflow_name ? -1 : 1));
}

function posted(path: string): readonly Received[] {
  return web.received.filter((received) => received.path === path);
}
const slackText = (): readonly unknown[] =>
  posted('/slack').map(({ body }) => (JSON.parse(body) as JsonObject)['text']);
const statuses = (records: readonly LaunchRecord[]): readonly (readonly [string, string])[] =>
  records.map(({ workflow_name, status }) => [workflow_name, status]);

test('a critical failure reaches the user, the owner and the admins by every channel', async () => {
  const records = await send({
    event_id: 'evt-7',
    event_type: 'workflow.failed',
    source: 'workflow_engine',
    priority: 'critical',
    user_id: 'user_789',
    payload: {
      workflow_name: 'data-processor',
      workflow_owner: 'owner@example.com',
      error: 'exit 1 <!channel> & more\n  at step 3',
    },
  });
  expect(statuses(records)).toEqual([
    ['notify-by-email', 'succeeded'],
    ['notify-by-slack', 'succeeded'],
    ['notify-by-webhook', 'succeeded'],
  ]);
  const message = "Workflow 'data-processor' failed: exit 1 <!channel> & more\n  at step 3";
  const recipients = ['owner@example.com', 'user_789', 'admin@example.com', 'ops-team'];

  expect(mails.received).toHaveLength(1);
  expect(mails.received[0]?.to).toEqual([
    'owner@example.com',
    'user_789@shop.example',
    'admin@example.com',
    'ops-team@shop.example',
  ]);
  const { subject, text, from } = mails.received[0]?.mail ?? {};
  expect([subject, from?.text]).toEqual(['[error] workflow.failed', '"triggerd" <triggerd@shop.example>']);
  expect(text?.trimEnd()).toBe(`${message}\n\nEvent evt-7 of ${formatTime(NOW)}`);

  expect(slackText()).toEqual([
    "[error] Workflow 'data-processor' failed: exit 1 &lt;!channel&gt; &amp; more\n  at step 3 " +
      '(for owner@example.com, user_789, admin@example.com, ops-team)',
  ]);

  const [{ body, headers }] = posted('/hook') as [Received];
  expect(posted('/hook')).toHaveLength(1);
  expect(new Webhook(KEY).verify(body, headers as Record<string, string>)).toEqual({
    type: 'notification.error',
    timestamp: formatTime(NOW),
    data: { type: 'error', message, recipients, event_id: 'evt-7', event_type: 'workflow.failed' },
  });
  expect(() => new Webhook(KEY).verify(`${body} `, headers as Record<string, string>)).toThrow();
  expect(headers['webhook-id']).toBe(records[2]?.launch_id);
});

test('each kind goes its own ways', async () => {
  await send({ event_id: 'e', event_type: 'user.authenticated', user_id: 'alice' });
  expect(mails.received.map(({ to, mail }) => [to, mail.subject, mail.text?.split('\n')[0]])).toEqual([
    [['alice@shop.example'], '[info] user.authenticated', 'User alice authenticated successfully'],
  ]);
  expect(web.received).toEqual([]);
});

test('of no recipients Slack says none, and there is no mail', async () => {
  await send({ event_id: 'e', event_type: 'workflow.failed' });
  expect(slackText()).toEqual(["[error] Workflow 'Unknown' failed: Unknown error"]);
  expect([mails.received, posted('/hook')]).toEqual([[], []]);
});

test.each([
  'x\r\nBcc: evil@example.com',
  'x@example.com\r\nBcc: evil@example.com',
  'x, evil@example.com',
  'oauth:17',
])(
  'the user id %j adds no recipient and no header, keeps the mail from nobody else, and its failure is told to nobody',
  async (user_id) => {
    const records = await send({
      event_id: 'e',
      event_type: 'user.authenticated',
      priority: 'critical',
      user_id,
    });
    expect(statuses(records)).toEqual([
      ['notify-by-email', 'dead'],
      ['notify-by-slack', 'succeeded'],
      ['notify-by-webhook', 'succeeded'],
    ]);
    expect(records[0]?.attempts.at(-1)?.reason).toBe(
      `the mail server 127.0.0.1 took the mail, but ${JSON.stringify(user_id)} is no mailbox`,
    );
    const [{ to, raw, mail }] = mails.received as [(typeof mails.received)[number]];
    expect(to).toEqual(['admin@example.com', 'ops-team@shop.example']);
    expect(raw.slice(0, raw.indexOf('\r\n\r\n'))).not.toMatch(/evil|oauth/);
    expect([mail.subject, mail.bcc]).toEqual(['[info] user.authenticated', undefined]);
    expect(mail.text).toContain(user_id.replace('\r\n', '\n'));
  },
);
