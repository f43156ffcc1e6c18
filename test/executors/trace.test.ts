import { afterAll, beforeAll, expect, test } from 'vitest';
import { executorKinds } from '../../src/executors/registry.js';
import type { JsonObject } from '../../src/kernel/json.js';
import type { TraceContext } from '../../src/kernel/trace-context.js';
import type { Outcome } from '../../src/model/outcome.js';
import { attempting, folderOf, host, nodeCommand, outputOf, serve, type TestServer } from './harness.js';

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const SIGNING = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const OTHER = '00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01';
const traced: TraceContext = { traceparent: TRACEPARENT, tracestate: 'vendor=1' };

let server: TestServer;
let modules: ReturnType<typeof folderOf>;
beforeAll(async () => {
  server = await serve((_request, response) => void response.end('ok'));
  modules = folderOf({ 'variables.mjs': 'export default () => process.env;' });
});
afterAll(() => {
  server.close();
  modules.remove();
});

async function run(executor: string, settings: JsonObject, trace: TraceContext | null): Promise<Outcome> {
  const kind = executorKinds.find(({ name }) => name === executor);
  const execute = await kind?.load?.();
  if (execute === undefined) throw new TypeError(`${executor} has nothing to load`);
  const settingsOfHost = { folder: modules.path, module_folders: [modules.path] };
  const environment = { TRACEPARENT: OTHER, TRACESTATE: 'ours=1', HOOK: `${server.url}/hook`, SIGNING };
  return execute(
    { ...attempting(settings), trace },
    host(settingsOfHost, environment),
    AbortSignal.timeout(10_000),
  );
}

/** What of the last request says where it belongs. */
function sent(): Record<string, unknown> {
  const { traceparent, tracestate } = server.received.at(-1)?.headers ?? {};
  return { traceparent, tracestate };
}

const request = (): JsonObject => ({ url: server.url });
const hook: JsonObject = { url: { secret: { env: 'HOOK' } }, text: 'hello' };

test.each<[executor: string, settings: () => JsonObject]>([
  ['http', request],
  ['webhook', () => ({ url: server.url, secret: { env: 'SIGNING' } })],
  ['slack', () => hook],
])('%s sends the trace context as headers', async (executor, settings) => {
  expect(await run(executor, settings(), traced)).toMatchObject({ ok: true });
  expect(sent()).toEqual({ traceparent: TRACEPARENT, tracestate: 'vendor=1' });
});

test.each<[what: string, trace: TraceContext | null, headers: JsonObject, wanted: unknown]>([
  ['none, nothing', null, {}, { traceparent: undefined, tracestate: undefined }],
  [
    'one without a state, no state',
    { ...traced, tracestate: null },
    {},
    { traceparent: TRACEPARENT, tracestate: undefined },
  ],
  [
    'one, and another that the workflow names, the other alone',
    traced,
    { Traceparent: OTHER },
    { traceparent: OTHER, tracestate: undefined },
  ],
  [
    'one, and a state that the workflow names, that state',
    traced,
    { tracestate: 'own=1' },
    { traceparent: TRACEPARENT, tracestate: 'own=1' },
  ],
])('with %s is sent', async (_what, trace, headers, wanted) => {
  await run('http', { url: server.url, headers }, trace);
  expect(sent()).toEqual(wanted);
});

test.concurrent.each<[string, TraceContext | null, JsonObject]>([
  ['names its trace', traced, { TRACEPARENT, TRACESTATE: 'vendor=1' }],
  ['names no state that there is not', { ...traced, tracestate: null }, { TRACEPARENT }],
  ["is not told of the daemon's own", null, {}],
])('the environment of a command %s', async (_what, trace, wanted) => {
  const script =
    'const { TRACEPARENT, TRACESTATE } = process.env; console.log(JSON.stringify({ TRACEPARENT, TRACESTATE }))';
  const outcome = await run('command', nodeCommand(script), trace);
  expect(outputOf(outcome)['stdout']).toEqual(wanted);
});

test.concurrent("a command's own variable goes over it", async () => {
  const settings = { ...nodeCommand('console.log(process.env.TRACEPARENT)'), env: { TRACEPARENT: 'mine' } };
  expect(outputOf(await run('command', settings, traced))['stdout']).toBe('mine\n');
});

test.concurrent('a module finds it in its environment', async () => {
  const outcome = await run('module', { file: 'variables.mjs' }, traced);
  expect(outcome).toMatchObject({ ok: true, output: { TRACEPARENT, TRACESTATE: 'vendor=1' } });
});
