import { createRequire } from 'node:module';
import { afterEach, expect, test } from 'vitest';
import { createRunning, nobody } from './harness.js';

const running = createRunning();
afterEach(() => running.cleanUp());

const { cache } = createRequire(import.meta.url);
/** Its interfaces alone are small, and loaded with what makes the metrics. */
const loaded = (): string[] => Object.keys(cache).filter((file) => /@opentelemetry\/(?!api\/)/.test(file));

const RULES = `
triggers: [{ trigger_id: all, event_types: [x], workflow_name: note }]
workflows: { note: { executor: log } }
`;

test('the SDK of OpenTelemetry is loaded when spans are made, and not before', async () => {
  const off = await running.start({
    rules: RULES,
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318', OTEL_SDK_DISABLED: 'true' },
  });
  const [launchId = ''] = await off.send({ event_id: 'e', event_type: 'x' });
  await off.reached(launchId, 'succeeded');
  expect(loaded()).toEqual([]);
  await running.start({ rules: RULES, settings: `tracing: { endpoint: '${await nobody()}' }` });
  expect(loaded()).not.toEqual([]);
});
