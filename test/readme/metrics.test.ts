import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDaemon, type RunningDaemon } from '../../src/app/daemon.js';
import { readSettings } from '../../src/app/settings.js';
import { HTTP_DEFAULTS } from '../../src/server/http-options.js';
import { createHttpServer, type HttpServer } from '../../src/server/http-server.js';

// The page of metrics is read off the source; a daemon says the same of itself.
let running: RunningDaemon;
let server: HttpServer;

beforeAll(async () => {
  const { settings } = readSettings({
    flags: { folder: 'rules', store: 'memory', reload: 'false' },
    environment: {},
    readFile: () => null,
    cwd: process.cwd(),
  });
  running = await startDaemon({ settings, environment: {}, stdin: null, writeLog: () => undefined });
  const { daemon, log, clock, meter, bus, newId } = running;
  server = createHttpServer(
    daemon,
    { ...HTTP_DEFAULTS, host: '127.0.0.1', port: 0, tokens: [], allowedOrigins: [] },
    { log, clock, meter, metricsText: () => meter.text(), busFigures: () => bus.figures(), newId },
  );
});
afterAll(async () => {
  await server.close();
  await running.stop(0);
});

test('every series of a daemon is on the page of metrics, with its type and meaning', async () => {
  const page = readFileSync('docs/reference/metrics.md', 'utf8');
  const told = new Map(
    Array.from(
      page.matchAll(/^\| `(triggerd_\w+)` \| (\w+) \| .* \| (.*) \|$/gm),
      ([, name = '', type, help]) => [name, `${type} ${help}`],
    ),
  );
  const text = await running.meter.text();
  const types = new Map(
    Array.from(text.matchAll(/^# TYPE (triggerd_\w+) (\w+)$/gm), ([, name = '', type]) => [name, type]),
  );
  const helps = Array.from(text.matchAll(/^# HELP (triggerd_\w+) (.*)$/gm), ([, name = '', help]) => [
    name,
    `${types.get(name)} ${help}`,
  ]);
  expect(helps.length).toBeGreaterThan(15);
  for (const [name = '', help] of helps) expect(told.get(name), name).toBe(help);
});
