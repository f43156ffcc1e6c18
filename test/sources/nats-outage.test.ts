import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { USUAL_TIMES } from '../../src/sources/nats/times.js';
import { createManualClock } from '../support/manual-clock.js';
import { hasNatsServer, startNatsServer, type NatsServer } from '../support/nats-server.js';
import { createIntake } from './harness.js';
import { begin as beginReading, createPublisher, settingsOf, SHORT_TIMES } from './nats-harness.js';

/** Of a test that fails, the reader must not read on. */
const readers: { stop(): Promise<void> }[] = [];
const begin: typeof beginReading = (...given) => {
  const reader = beginReading(...given);
  readers.push(reader);
  return reader;
};
afterEach(async () => {
  await Promise.allSettled(readers.splice(0).map((reader) => reader.stop()));
});

describe.runIf(hasNatsServer)('a server', () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNatsServer();
    const publisher = await createPublisher(server.url);
    await publisher.manager.streams.add({ name: 'ORDERS', subjects: ['orders.>'] });
    await publisher.connection.close();
  });
  afterAll(() => server?.remove());

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'that is stopped with %s and started again is ridden out, with one line a second at most',
    async (signal) => {
      const clock = createManualClock();
      const intake = createIntake();
      const durable = `of-${signal}`;
      const { stop, logged } = begin(settingsOf(server.url, { durable }), intake, {
        clock,
        times: USUAL_TIMES,
      });
      const pass = (isSo: () => boolean | Promise<boolean>) =>
        expect
          .poll(
            async () => {
              await clock.advance(100);
              return isSo();
            },
            { interval: 1, timeout: 8_000 },
          )
          .toBe(true);
      const before = await createPublisher(server.url);
      await before.numbers(0, 3);
      await pass(() => intake.taken.length >= 3);
      await before.connection.close();
      await server.stop(signal);
      const from = clock.now();
      // An outage of a minute.
      await pass(() => clock.now() - from > 60_000);
      const outage = logged.length;
      await server.start();
      const after = await createPublisher(server.url);
      await after.numbers(3, 5);
      // A server that was killed may give again what it had no time to note as acknowledged.
      await pass(() => intake.numbers().includes(4));
      await pass(() => logged.at(-1)?.message === 'a stream is read again');
      await stop();
      await after.connection.close();
      // Some perhaps twice: the daemon knows them by their ids.
      expect(new Set(intake.numbers())).toEqual(new Set([0, 1, 2, 3, 4]));
      // When it goes, when nobody listens any more, and reminders after 10, 20, 40 … seconds.
      expect(outage).toBeGreaterThanOrEqual(3);
      expect(outage).toBeLessThanOrEqual(7);
      expect(logged.filter(({ message }) => message === 'a stream is read again')).toHaveLength(1);
      const apart = logged.slice(1).map(({ at }, i) => at - (logged[i]?.at ?? 0));
      expect(Math.min(...apart)).toBeGreaterThanOrEqual(1_000);
      expect(logged.map(({ fields }) => fields['hint'] ?? '').join()).toContain('sources.nats.servers');
    },
    15_000,
  );

  test('that is not there at the start is waited for', async () => {
    await server.stop();
    const intake = createIntake();
    const { stop, logged } = begin(settingsOf(server.url, { durable: 'late' }), intake);
    await expect.poll(() => logged.length, { interval: 5 }).toBe(1);
    expect(logged[0]?.fields).toMatchObject({
      problem: `${server.url} refused the connection`,
      hint: 'check that it runs, and sources.nats.servers',
    });
    await server.start();
    const publisher = await createPublisher(server.url);
    await publisher.numbers(0, 1);
    await expect.poll(() => intake.taken.length, { interval: 5 }).toBeGreaterThan(0);
    await stop();
    await publisher.connection.close();
  });

  test('that is not there is left at once when the daemon stops', async () => {
    const { stop, logged } = begin(settingsOf('nats://127.0.0.1:1'), createIntake(), { times: USUAL_TIMES });
    await expect.poll(() => logged.length, { interval: 5 }).toBe(1);
    await stop();
  });
});

describe.runIf(hasNatsServer)('a login', () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNatsServer({
      config: [
        'authorization { users: [',
        '  { user: reader, password: secret-word }',
        '  { user: poor, password: secret-word, permissions: { publish: "none", subscribe: "none" } }',
        '] }',
      ].join('\n'),
    });
    const publisher = await createPublisher(server.url, { user: 'reader', pass: 'secret-word' });
    await publisher.manager.streams.add({ name: 'ORDERS', subjects: ['orders.>'] });
    await publisher.numbers(0, 2);
    await publisher.connection.close();
  });
  afterAll(() => server?.remove());

  test('is given', async () => {
    const intake = createIntake();
    const login = { user: 'reader', password: 'secret-word' };
    const { stop } = begin(settingsOf(server.url, login), intake);
    await expect.poll(() => intake.numbers(), { interval: 5 }).toEqual([0, 1]);
    await stop();
  });

  test.each<[what: string, login: object, problem: string, hint: string]>([
    ['wrong password', { user: 'reader', password: 'not-it' }, 'refused the login', 'sources.nats.user'],
    ['wrong token', { token: 'not-it' }, 'refused the login', 'token'],
    ['no login', {}, 'refused the login', 'credentials'],
    [
      'credentials that are not there',
      { credentials: '/no/such.creds' },
      'cannot be read (ENOENT)',
      '.creds',
    ],
    ['no rights', { user: 'poor', password: 'secret-word' }, '', ''],
  ])('with %s is told, without the secret, and tried again', async (_what, login, problem, hint) => {
    const { stop, logged } = begin(settingsOf(server.url, login), createIntake(), {
      times: { ...SHORT_TIMES, answerMs: 300 },
    });
    await expect.poll(() => logged.length, { interval: 5 }).toBe(1);
    expect(logged[0]?.fields).toMatchObject({
      problem: expect.stringContaining(problem),
      hint: expect.stringContaining(hint),
    });
    expect(JSON.stringify(logged)).not.toMatch(/not-it|secret-word/);
    await stop();
  });
});

test.runIf(hasNatsServer)('a server without JetStream is told', async () => {
  const server = await startNatsServer({ jetstream: false });
  const { stop, logged } = begin(settingsOf(server.url), createIntake());
  await expect.poll(() => logged.length, { interval: 5 }).toBe(1);
  expect(logged[0]?.fields).toMatchObject({
    problem: 'JetStream is not enabled on the server, or not for this account',
  });
  await stop();
  await server.remove();
});
