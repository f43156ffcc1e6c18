import { createRequire } from 'node:module';
import { createRunning, nobody } from './harness.js';

/*
 * What of OpenTelemetry is loaded once a daemon without tracing has carried out a launch, and once one with it has started: a
 * process of its own, since what others have loaded would be found here too. Prints both as JSON.
 */
const RULES = `
triggers: [{ trigger_id: all, event_types: [x], workflow_name: note }]
workflows: { note: { executor: log } }
`;
const { cache } = createRequire(import.meta.url);
/** Its interfaces alone are small, and loaded with what makes the metrics. */
const loaded = (): number =>
  Object.keys(cache).filter((file) => /@opentelemetry[/\\](?!api[/\\])/.test(file)).length;

const running = createRunning();
const off = await running.start({
  rules: RULES,
  environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318', OTEL_SDK_DISABLED: 'true' },
});
const [launchId = ''] = await off.send({ event_id: 'e', event_type: 'x' });
await off.reached(launchId, 'succeeded');
const without = loaded();
await running.start({ rules: RULES, settings: `tracing: { endpoint: '${await nobody()}' }` });
const withTracing = loaded();
await running.cleanUp();
process.stdout.write(JSON.stringify({ without, withTracing }));
