import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256 } from '../../../src/kernel/hash.js';
import { createHttpServer } from '../../../src/server/http-server.js';
import { HTTP_DEFAULTS } from '../../../src/server/http-options.js';
import { noFigures } from '../../engine/live/harness.js';
import { createMemoryDaemon } from '../../server/memory-daemon.js';
import { createManualClock } from '../../support/manual-clock.js';
import { run } from '../harness.js';

// The commands against the daemon's own HTTP surface: both sides must mean the same.
const daemon = createMemoryDaemon();
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const figure = { add() {}, set() {}, observe() {} };
const server = createHttpServer(
  daemon,
  {
    ...HTTP_DEFAULTS,
    host: '127.0.0.1',
    port: 0,
    tokens: [{ name: 'ops', scopes: ['ingest', 'read', 'admin'], hash: sha256('sesame') }],
    allowedOrigins: [],
  },
  {
    log: silent,
    clock: createManualClock(Date.UTC(2026, 2, 1, 12)),
    meter: { counter: () => figure, gauge: () => figure, histogram: () => figure, watch() {} },
    metricsText: () => Promise.resolve(''),
    busFigures: noFigures,
    newId: () => 'made-here',
  },
);
let url = '';
beforeAll(async () => {
  const { port } = await server.listen();
  url = `http://127.0.0.1:${port}`;
});
afterAll(() => server.close());

const ask = (argv: readonly string[], stdin = '') =>
  run(argv, { environment: { TRIGGERD_URL: url, TRIGGERD_TOKEN: 'sesame' }, stdin });

test('without the token nothing is said', async () => {
  const { code, err } = await run(['status', '--url', url]);
  expect(code).toBe(2);
  expect(err).toContain('hint: give a token');
});

test.each([
  ['one', ['order.paid', '--id', 'e-one', '--wait'], ''],
  ['one as a CloudEvent', ['order.paid', '--id', 'e-ce', '--cloudevents', '--wait'], ''],
  [
    'several',
    ['--file', '-', '--wait'],
    '{"event_id":"e-1","event_type":"order.paid"}\n{"event_id":"e-2"}\n',
  ],
  ['several CloudEvents', ['--file', '-', '--cloudevents'], '{"event_id":"c-1"}\n{"event_id":"c-2"}\n'],
])('emit: %s', async (_what, argv, stdin) => {
  const { code, out, err } = await ask(['emit', ...argv], stdin);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const ids = stdin === '' ? [argv[2]] : Array.from(stdin.matchAll(/"event_id":"([^"]+)"/g), ([, id]) => id);
  for (const id of ids) {
    expect(out).toContain(id);
    expect((await ask(['events', id ?? ''])).out).toContain(`${id}  `);
  }
});

test('events and launches are listed with their filters', async () => {
  await ask(['emit', 'order.paid', '--id', 'listed']);
  const events = await ask(['events', '--type', 'order.*', '--since', '1h', '--all', '--format', 'jsonl']);
  expect(events).toMatchObject({ code: 0, err: '' });
  expect(events.out).toContain('"event_id":"listed"');
  daemon.addLaunch('l-dead', 'dead');
  const launches = await ask(['launches', '--status', 'dead', '--format', 'json']);
  const found = (JSON.parse(launches.out) as { launches: { launch_id: string }[] }).launches;
  expect(found.map(({ launch_id }) => launch_id)).toContain('l-dead');
  expect((await ask(['launches', 'l-dead'])).out).toMatch(/^l-dead {2}dead/);
});

test('status, when it is ready and when it is not', async () => {
  expect((await ask(['status'])).out).toMatch(/^ready\n/);
  daemon.ready = false;
  const { code, out } = await ask(['status']);
  daemon.ready = true;
  expect(code).toBe(1);
  expect(out).toMatch(/^not ready: reload refused\n/);
  expect(out).toContain('rules/orders.yaml:7:5 error unknown-key: coldown is no key of a trigger');
});

test('redrive, reset and snooze', async () => {
  daemon.addLaunch('l-again', 'dead');
  expect((await ask(['redrive', 'l-again'])).out).toMatch(/^l-again {2}pending/);
  expect((await ask(['reset', 'ship-order', '--group', 'payload.region=eu'])).out).toMatch(
    /^ship-order forgot/,
  );
  expect(daemon.resets.at(-1)).toEqual({ triggerId: 'ship-order', group: { 'payload.region': 'eu' } });
  const snoozed = await ask(['snooze', 'ship-order', '--for', '2h']);
  expect(snoozed).toMatchObject({ code: 0, out: 'ship-order launches nothing until 2026-03-01T14:00:00Z\n' });
  expect((await ask(['snooze', 'ship-order', '--end'])).out).toBe('ship-order may launch again\n');
  expect(await ask(['snooze', 'no-such', '--end'])).toMatchObject({ code: 2 });
});
