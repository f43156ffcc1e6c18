import { afterEach, describe, expect, test, vi } from 'vitest';
import type { JsonObject } from '../../../src/kernel/json.js';
import { createHttpServer } from '../../../src/server/http-server.js';
import { event } from '../../support/rules.js';
import {
  createRunning,
  listening,
  nobody,
  plain,
  resourceOf,
  spansOf,
  type Listening,
  type ReceivedSpan,
  type TestDaemon,
} from './harness.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const PARENT = `00-${TRACE}-${SPAN}-01`;

const running = createRunning();
const servers: Listening[] = [];
afterEach(async () => {
  await running.cleanUp();
  for (const server of servers.splice(0)) server.close();
});

async function server(answer?: number | null): Promise<Listening> {
  const made = await listening(answer);
  servers.push(made);
  return made;
}

const rulesFor = (target: string): string => `
triggers:
  - { trigger_id: paid, event_types: [order.paid], workflow_name: ship }
  - { trigger_id: shipped, event_types: [workflow.completed], filters: { payload.workflow_name: ship }, workflow_name: say }
  - { trigger_id: said, event_types: [order.shipped], workflow_name: show }
workflows:
  ship: { executor: http, with: { url: '${target}/ship', method: POST, body: {} } }
  say: { executor: emit, with: { event_type: order.shipped, payload: {} } }
  show:
    executor: command
    with: { argv: [/bin/sh, -c, 'echo $TRACEPARENT $TRACESTATE'] }
`;

function only(spans: readonly ReceivedSpan[], name: string): ReceivedSpan {
  const found = spans.filter((span) => span.name === name);
  expect(found.map((span) => span.name)).toEqual([name]);
  return found[0] as ReceivedSpan;
}

/** From the end of a chain of events up to what began it. */
function pathFrom(spans: readonly ReceivedSpan[], span: ReceivedSpan): string[] {
  const path = [span.name];
  for (let above = span.parentSpanId; above !== undefined; ) {
    const next = spans.find(({ spanId }) => spanId === above);
    path.unshift(next?.name ?? above);
    above = next?.parentSpanId;
  }
  return path;
}

/** Sends an order and waits until all that follows from it is done. */
async function order(daemon: TestDaemon, metadata: Readonly<Record<string, string>>): Promise<string> {
  const last = new Promise<string>((resolve) => {
    const stop = daemon.daemon.listen((happenings) => {
      for (const one of happenings) {
        if (one.kind !== 'launch' || one.launch.workflow_name !== 'show') continue;
        if (one.launch.status !== 'succeeded') continue;
        stop();
        resolve(one.launch.launch_id);
      }
    });
  });
  await daemon.send({ event_id: 'order-1', event_type: 'order.paid', source: 'shop', metadata });
  return last;
}

describe('with a collector', () => {
  test('an event, what it leads to and what that leads to are one trace, below what it came in with', async () => {
    const [collector, target] = await Promise.all([server(), server()]);
    const daemon = await running.start({
      rules: rulesFor(target.url),
      settings: `tracing: { endpoint: '${collector.url}/v1/traces' }`,
      environment: {
        OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b',
        OTEL_SERVICE_NAME: 'orders',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      },
    });
    const launchId = await order(daemon, { traceparent: PARENT, tracestate: 'vendor=1' });
    await daemon.stop(0);

    const spans = spansOf(collector);
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
    expect(new Set(spans.map(({ traceState }) => traceState))).toEqual(new Set(['vendor=1']));
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
    const end = only(spans, 'attempt show');
    expect(pathFrom(spans, end)).toEqual([
      SPAN,
      'event order.paid',
      'decide',
      'launch ship',
      'event workflow.completed',
      'decide',
      'launch say',
      'event order.shipped',
      'decide',
      'launch show',
      'attempt show',
    ]);
    expect(pathFrom(spans, only(spans, 'attempt ship'))).toEqual([
      SPAN,
      'event order.paid',
      'decide',
      'launch ship',
      'attempt ship',
    ]);
    for (const span of spans)
      expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano));

    expect(plain(only(spans, 'event order.paid').attributes)).toMatchObject({
      'cloudevents.event_id': 'order-1',
      'cloudevents.event_source': 'shop',
      'messaging.system': 'triggerd',
      'triggerd.event.priority': 'normal',
    });
    expect(plain(only(spans, 'launch ship').attributes)).toMatchObject({
      'triggerd.launch.status': 'succeeded',
      'triggerd.trigger.id': 'paid',
      'triggerd.executor': 'http',
    });

    const sent = target.requests[0]?.headers;
    expect(sent?.traceparent).toBe(`00-${TRACE}-${only(spans, 'attempt ship').spanId}-01`);
    expect(sent?.['tracestate']).toBe('vendor=1');
    expect(launchId).toBe(plain(end.attributes)['triggerd.launch.id']);

    const request = collector.requests[0];
    expect(request).toMatchObject({ path: '/v1/traces', headers: { 'x-key': 'a b' } });
    expect(resourceOf(request as NonNullable<typeof request>)).toEqual({
      'service.name': 'orders',
      'deployment.environment.name': 'test',
    });
  });

  test('an event that came with nothing begins a trace, and a command is told of its attempt', async () => {
    const [collector, target] = await Promise.all([server(), server()]);
    const daemon = await running.start({
      rules: rulesFor(target.url),
      environment: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
    });
    const launchId = await order(daemon, {});
    const output = JSON.stringify(daemon.daemon.launch(launchId)?.output);
    await daemon.stop(0);

    const spans = spansOf(collector);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(only(spans, 'event order.paid').parentSpanId).toBeUndefined();
    const end = only(spans, 'attempt show');
    expect(pathFrom(spans, end)).toHaveLength(10);
    expect(output).toContain(`00-${end.traceId}-${end.spanId}-01\\n`);
  });

  test('a trace that is not to be recorded is passed on as such, and nothing is exported', async () => {
    const [collector, target] = await Promise.all([server(), server()]);
    const daemon = await running.start({
      rules: rulesFor(target.url),
      settings: `tracing: { endpoint: '${collector.url}/v1/traces' }`,
    });
    await order(daemon, { traceparent: `00-${TRACE}-${SPAN}-00` });
    await daemon.stop(0);
    expect(target.requests[0]?.headers.traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
    expect(collector.requests).toEqual([]);
  });

  test('a rule sees the same as in a dry-run', async () => {
    const daemon = await running.start({
      rules: `
triggers:
  - { trigger_id: a, event_types: [x], workflow_name: say }
  - { trigger_id: b, event_types: [y], workflow_name: note }
workflows:
  say: { executor: emit, with: { event_type: y, payload: {} } }
  note: { executor: log }
`,
      settings: `tracing: { endpoint: '${await nobody()}' }`,
    });
    const metadata = { traceparent: PARENT };
    const sent = { event: event({ event_id: 'e', event_type: 'x', metadata }), at: daemon.clock.now() };
    const dry = daemon.daemon.dryRun(sent, null).launches;
    await daemon.daemon.submit([sent]);
    expect(dry.map(({ workflow_name }) => workflow_name)).toEqual(['say', 'note']);
    // The times differ: the dry-run came first.
    const timeless = (input: JsonObject | undefined): string =>
      JSON.stringify(input).replaceAll(/"\d{4}-\d\d-\d\dT[^"]*"/g, '"a time"');
    for (const { launch_id, input } of dry) {
      expect(timeless(daemon.daemon.launch(launch_id)?.input)).toBe(timeless(input));
      expect(timeless(input)).toContain(PARENT);
    }
  });

  test('attempts that fail are spans with errors, below a launch that is given up', async () => {
    const [collector, target] = await Promise.all([server(), server(500)]);
    const rules = `
triggers: [{ trigger_id: paid, event_types: [order.paid], workflow_name: ship }]
workflows:
  ship:
    executor: http
    with: { url: '${target.url}/ship', headers: { x: { secret: { env: KEY } } } }
    retry: { attempts: 2, initial: 1ms, jitter: false }
`;
    const daemon = await running.start({
      rules,
      settings: `tracing: { endpoint: '${collector.url}/v1/traces' }`,
      environment: { KEY: 'hunter2hunter2' },
    });
    const [launchId = ''] = await daemon.send({
      event_id: 'order-1',
      event_type: 'order.paid',
      source: 'hunter2hunter2',
    });
    await daemon.reached(launchId, 'dead');
    await daemon.send({ event_id: 'order-2', event_type: 'other', source: 'hunter2hunter2' });
    await daemon.stop(0);
    const spans = spansOf(collector);
    const launch = only(spans, 'launch ship');
    expect(launch.status).toMatchObject({ code: 2 });
    const attempts = spans.filter(({ name }) => name === 'attempt ship');
    expect(attempts.map(({ attributes }) => plain(attributes)['triggerd.attempt'])).toEqual([1, 2]);
    expect(attempts.every(({ parentSpanId }) => parentSpanId === launch.spanId)).toBe(true);
    expect(attempts.map(({ status }) => status.message)).toEqual([
      expect.stringContaining('500'),
      expect.stringContaining('500'),
    ]);
    expect(target.requests.map(({ headers }) => headers.traceparent?.slice(36, 52))).toEqual(
      attempts.map(({ spanId }) => spanId),
    );
    // A secret that a launch has read is in no span.
    expect(plain(only(spans, 'event other').attributes)['cloudevents.event_source']).toBe('[secret]');
  });

  test('what a request came in with is that of its events, unless they say otherwise', async () => {
    const collector = await server();
    const daemon = await running.start({
      rules: rulesFor(collector.url),
      settings: `tracing: { endpoint: '${collector.url}/v1/traces' }`,
    });
    const http = createHttpServer(
      daemon.daemon,
      {
        host: '127.0.0.1',
        port: 0,
        tokens: [],
        allowedOrigins: [],
        maxBodyBytes: 1e6,
        maxEventsPerRequest: 10,
        requestTimeoutMs: 5_000,
        rateLimit: null,
        maxConnections: 10,
      },
      {
        log: daemon.log,
        clock: daemon.clock,
        meter: daemon.meter,
        metricsText: () => daemon.meter.text(),
        busFigures: () => daemon.bus.figures(),
        newId: daemon.newId,
      },
    );
    const { port } = await http.listen();
    const own = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const response = await fetch(`http://127.0.0.1:${port}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: PARENT, tracestate: 'vendor=1' },
      body: JSON.stringify([
        { event_type: 'x.one' },
        { event_type: 'x.two', metadata: { traceparent: own } },
      ]),
    });
    expect(response.status).toBe(202);
    expect(await daemon.meter.text()).toContain('triggerd_trace_spans_total{outcome="recorded"} 2');
    await http.close();
    await daemon.stop(0);
    const spans = spansOf(collector);
    expect(only(spans, 'event x.one')).toMatchObject({
      traceId: TRACE,
      parentSpanId: SPAN,
      traceState: 'vendor=1',
    });
    expect(only(spans, 'event x.two')).toMatchObject({
      traceId: 'a'.repeat(32),
      parentSpanId: 'b'.repeat(16),
    });
  });
});

describe('without', () => {
  test('what came in goes out unchanged, also with what is published on the way', async () => {
    const target = await server();
    const daemon = await running.start({ rules: rulesFor(target.url) });
    const launchId = await order(daemon, { traceparent: PARENT, tracestate: 'vendor=1' });
    expect(target.requests[0]?.headers).toMatchObject({ traceparent: PARENT, tracestate: 'vendor=1' });
    expect(JSON.stringify(daemon.daemon.launch(launchId)?.output)).toContain(`${PARENT} vendor=1`);
    const page = daemon.daemon.events({
      types: ['workflow.*', 'order.*'],
      sinceMs: null,
      untilMs: null,
      afterPosition: null,
      cursor: null,
      limit: 100,
      order: 'oldest',
    });
    expect(page.items.length).toBeGreaterThanOrEqual(5);
    for (const { event } of page.items) expect(event.metadata['traceparent']).toBe(PARENT);
    expect(await daemon.meter.text()).not.toContain('trace_spans');
  });

  test('nothing came in, so nothing goes out', async () => {
    const target = await server();
    const daemon = await running.start({ rules: rulesFor(target.url) });
    await order(daemon, {});
    expect(target.requests[0]?.headers).not.toHaveProperty('traceparent');
  });
});

const LOGGED = `
triggers: [{ trigger_id: paid, event_types: [order.paid], workflow_name: note }]
workflows: { note: { executor: log } }
`;

describe('a collector that is away', () => {
  test.each<[what: string, endpoint: () => Promise<string>, stopMs: number]>([
    ['refuses connections', nobody, 2_000],
    ['refuses spans', async () => (await server(400)).url, 2_000],
    ['is overloaded', async () => (await server(503)).url, 2_000],
    ['never answers', async () => (await server(null)).url, 4_000],
  ])(
    'that %s costs spans only: one line in the log, and no wait at the stop',
    async (_what, endpoint, stopMs) => {
      const consoles = (['debug', 'log', 'info', 'warn', 'error'] as const).map((name) =>
        vi.spyOn(console, name),
      );
      const daemon = await running.start({
        rules: LOGGED,
        settings: `tracing: { endpoint: '${await endpoint()}/v1/traces?key=hidden' }`,
      });
      const [launchId = ''] = await daemon.send({ event_id: 'order-1', event_type: 'order.paid' });
      await daemon.reached(launchId, 'succeeded');
      // More than a batch, so that some are on their way already.
      for (let sent = 0; sent < 600; sent++)
        void daemon.send({ event_id: `other-${sent}`, event_type: 'other.event' });
      await daemon.send({ event_id: 'last', event_type: 'other.event' });
      const begun = performance.now();
      await daemon.stop(0);
      expect(performance.now() - begun).toBeLessThan(stopMs);
      const lines = daemon.logged.filter(({ message }) => String(message).includes('spans'));
      expect(lines).toMatchObject([{ level: 'warn', message: 'spans could not be exported and are lost' }]);
      expect(JSON.stringify(daemon.logged)).not.toContain('hidden');
      expect(daemon.logged.filter(({ level }) => level === 'error')).toEqual([]);
      for (const spied of consoles) {
        expect(spied).not.toHaveBeenCalled();
        spied.mockRestore();
      }
    },
  );
});
