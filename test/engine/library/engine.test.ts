import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import {
  createEngine,
  createMemoryStore,
  defineExecutor,
  defineHandler,
  failed,
  RulesInvalid,
  succeeded,
  type Engine,
  type EngineOptions,
  type Event,
} from '../../../src/index.js';
import { formatTime } from '../../../src/kernel/time.js';
import { event } from '../../support/rules.js';
import { settled } from '../../support/manual-clock.js';
import { embed, START, until, WORKFLOWS, type Embedded } from './harness.js';

const engines: Engine[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

async function start(options: Parameters<typeof embed>[0] = {}): Promise<Embedded> {
  const embedded = await embed(options);
  engines.push(embedded.engine);
  return embedded;
}

const RULES = `
triggers:
  - trigger_id: paid
    event_types: [order.paid]
    workflow_name: w
    workflow_input: { order: "{{ event.payload.order }}" }
  - { trigger_id: watched, event_types: [order.paid], workflow_name: w, mode: observe }
  - { trigger_id: calm, event_types: [order.paid], workflow_name: w, cooldown: 1h }
${WORKFLOWS}`;
const paid = (event_id: string): Record<string, unknown> => ({
  event_id,
  event_type: 'order.paid',
  payload: { order: 7 },
});
const hear = (engine: Engine, handlerId: string, eventTypes = ['*']): Event[] => {
  const heard: Event[] = [];
  engine.bus.registerHandler(defineHandler({ handlerId, eventTypes, handle: (one) => void heard.push(one) }));
  return heard;
};
const typesOf = (events: readonly Event[]): readonly string[] => events.map(({ event_type }) => event_type);

describe('publish', () => {
  test('tells what was decided, and of every handler', async () => {
    const { engine, attempts } = await start({ rules: RULES });
    const first = await engine.publish(paid('e1'));
    expect(first).toMatchObject({
      event_id: 'e1',
      duplicate: false,
      launches: [
        { trigger_id: 'paid', workflow_name: 'w', event_id: 'e1', mode: 'launch', status: 'pending' },
        { trigger_id: 'watched', mode: 'observe', status: 'observed' },
        { trigger_id: 'calm' },
      ],
      suppressed: [],
      results: [
        {
          handler_id: 'trigger_handler',
          status: 'success',
          result: {
            event_id: 'e1',
            duplicate: false,
            triggered_workflows: 3,
            executions: [
              {
                trigger_id: 'paid',
                workflow_name: 'w',
                event_id: 'e1',
                status: 'pending',
                timestamp: formatTime(START),
              },
              { trigger_id: 'watched' },
              { trigger_id: 'calm' },
            ],
          },
        },
      ],
    });
    const second = await engine.publish(paid('e2'));
    expect(second.suppressed).toMatchObject([
      { trigger_id: 'calm', gate: 'cooldown', until: START + 3_600_000 },
    ]);
    expect(await engine.publish(paid('e2'))).toMatchObject({ duplicate: true, launches: [], suppressed: [] });
    await until(() => attempts.length === 3);
    expect(attempts[0]).toMatchObject({
      trigger_id: 'paid',
      input: { trigger_id: 'paid', order: 7, trigger_event: { event_id: 'e1' } },
    });
  });

  test('fills in what an event leaves out', async () => {
    const { engine } = await start();
    const { event_id } = await engine.publish({});
    expect(engine.bus.getEventHistory()).toEqual([
      { ...event({ event_id, event_type: 'custom.event' }), timestamp: formatTime(START) },
    ]);
    expect(event_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  const circle: Record<string, unknown> = {};
  circle['payload'] = circle;
  let deep: unknown = 0;
  for (let level = 0; level < 70; level++) deep = { deep };
  test.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /an event is expected/],
    ['a text', 'order.paid', /an event is expected/],
    ['a list', [paid('e1')], /an event is expected, this is a list/],
    ['an unknown field', { type: 'order.paid' }, /"type" is no field/],
    ['several mistakes', { event_type: 'order paid', priority: 'urgent' }, /event_type.*; priority/],
    ['a circle', circle, /no plain data/],
    ['a number too large for JSON', { payload: { n: 1n } }, /no plain data/],
    ['a million characters', { payload: { text: 'x'.repeat(1_048_577) } }, /larger than 1 MiB/],
    ['too many levels', { payload: deep }, /nests deeper/],
  ])('refuses %s, before any handler hears of it', async (_, raw, message) => {
    const { engine } = await start();
    const heard = hear(engine, 'all');
    const refusal = { code: 'event-invalid', message: expect.stringMatching(message) };
    await expect(engine.publish(raw)).rejects.toMatchObject(refusal);
    expect(() => engine.publishAsync(raw)).toThrow(expect.objectContaining(refusal));
    expect(heard).toEqual([]);
    expect(engine.daemon.stats().events).toMatchObject({ received: 0, rejected: 2 });
  });

  test('shares nothing with what was given, and gives nobody what could be changed', async () => {
    const { engine } = await start({ rules: RULES });
    const given = { ...paid('e1'), payload: { order: 7, items: [{ sku: 'a' }] } };
    engine.bus.registerHandler(
      defineHandler({
        handlerId: 'meddler',
        eventTypes: ['order.*'],
        handle: ({ payload }) => {
          (payload['items'] as { sku: string }[])[0] = { sku: 'b' };
        },
      }),
    );
    const published = engine.publish(given);
    given.payload.order = 8;
    const { launches, results } = await published;
    expect(launches[0]?.input['order']).toBe(7);
    expect(results.at(-1)).toMatchObject({ handler_id: 'meddler', status: 'error' });
    expect(engine.daemon.event('e1')?.event.payload['items']).toEqual([{ sku: 'a' }]);
  });

  test('waits for a handler of one’s own, and is not harmed by one that fails', async () => {
    const { engine } = await start({ rules: RULES });
    engine.bus.registerHandler(
      defineHandler({
        handlerId: 'audit',
        eventTypes: ['order.*'],
        isAsync: true,
        handle: async ({ event_id }) => `seen ${event_id}`,
      }),
    );
    engine.bus.registerHandler(
      defineHandler({
        handlerId: 'broken',
        eventTypes: ['order.*'],
        handle: () => Promise.reject(new Error('no')),
      }),
    );
    const { launches, results } = await engine.publish(paid('e1'));
    expect(launches).toHaveLength(3);
    expect(results.slice(1)).toMatchObject([
      { handler_id: 'audit', status: 'success', result: 'seen e1' },
      { handler_id: 'broken', status: 'error', error: 'no' },
    ]);
  });

  test('later returns at once, and decides all the same', async () => {
    const { engine } = await start({ rules: RULES });
    const { event_id, published } = engine.publishAsync(paid('e1'));
    expect(engine.daemon.event(event_id)).toBeNull();
    expect((await published).results).toMatchObject([{ result: { triggered_workflows: 3 } }]);
    expect(engine.daemon.event(event_id)).not.toBeNull();
  });

  test('is refused while too much waits, with nothing decided', async () => {
    const { engine } = await start({ rules: RULES, queueLimit: 1 });
    const published = await Promise.allSettled([engine.publish(paid('e1')), engine.publish(paid('e2'))]);
    expect(published).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 'overloaded' } },
    ]);
    expect(engine.daemon.event('e2')).toBeNull();
  });
});

describe('the bus of an engine', () => {
  test('carries what is published on it to the trigger engine', async () => {
    const { engine } = await start({ rules: RULES });
    const { results } = await engine.bus.publish(event({ event_id: 'e1', event_type: 'order.paid' }));
    expect(results).toMatchObject([{ handler_id: 'trigger_handler', result: { triggered_workflows: 3 } }]);
    expect(engine.daemon.event('e1')).not.toBeNull();
  });

  test('is no way around the reading of events', async () => {
    const { engine } = await start({ rules: RULES });
    const bad = {
      ...event({ event_id: 'e1', event_type: 'order.paid' }),
      payload: { n: 1n },
    } as unknown as Event;
    const { results } = await engine.bus.publish(bad);
    expect(results).toMatchObject([
      { status: 'error', error: 'the event is no plain data that JSON can carry' },
    ]);
    expect((await engine.publish(paid('e2'))).launches).toHaveLength(3);
  });

  test('hears every event once: those published, those of the daemon, and those that reach it otherwise', async () => {
    const { engine, attempts } = await start({ rules: RULES });
    const heard = hear(engine, 'all');
    await engine.publish(paid('e1'));
    await until(() => engine.getTriggerStats().successful_executions === 2);
    const other = event({ event_id: 'e2', event_type: 'user.action' });
    await engine.daemon.submit([{ event: other, at: START }]);
    await engine.bus.publish(event({ event_id: 'e3', event_type: 'user.action' }));
    await engine.bus.flush();
    expect(typesOf(heard).toSorted()).toEqual([
      'order.paid',
      'user.action',
      'user.action',
      'workflow.completed',
      'workflow.completed',
      'workflow.started',
      'workflow.started',
    ]);
    expect(new Set(heard.map(({ event_id }) => event_id)).size).toBe(7);
    // Each was decided once too: of what had not come from the bus, the trigger engine only gives its account.
    expect(engine.daemon.stats().events).toMatchObject({ received: 7, duplicate: 0 });
    expect(engine.bus.getStats().handlers['trigger_handler']).toMatchObject({
      execution_count: 7,
      error_count: 0,
    });
    expect(engine.bus.getEventHistory(10, 'workflow.*')).toHaveLength(4);
    expect(attempts).toHaveLength(2);
  });

  test('hears causes before their effects', async () => {
    const { engine } = await start({
      rules: [WORKFLOWS, { trigger_id: 't', event_types: ['order.paid'], workflow_name: 'w' }],
    });
    const heard = hear(engine, 'all');
    await engine.publish(paid('e1'));
    await until(() => heard.length === 3);
    expect(typesOf(heard)).toEqual(['order.paid', 'workflow.started', 'workflow.completed']);
  });

  test('decides nothing when the trigger engine was unregistered', async () => {
    const { engine } = await start({ rules: RULES });
    const heard = hear(engine, 'all');
    expect(engine.bus.unregisterHandler('trigger_handler')).toBe(true);
    expect(await engine.publish(paid('e1'))).toMatchObject({ duplicate: false, launches: [] });
    expect(typesOf(heard)).toEqual(['order.paid']);
    expect(engine.daemon.event('e1')).toBeNull();
  });
});

describe('history and statistics of triggers', () => {
  const rules = `
triggers:
  - { trigger_id: good, event_types: [order.paid], workflow_name: w }
  - { trigger_id: bad, event_types: [order.lost], workflow_name: w }
  - { trigger_id: watched, event_types: [order.paid], workflow_name: w, mode: observe }
  - { trigger_id: off, event_types: [order.paid], workflow_name: w, active: false }
  - { trigger_id: said, event_types: [order.said], workflow_name: say }
  - { trigger_id: hourly, condition: { time_based: { every: 1h } }, workflow_name: w }
workflows:
  w: { executor: own }
  say: { executor: emit, with: { event_type: order.heard } }`;

  test('tell how every launch ended', async () => {
    const { engine, clock } = await start({
      rules,
      execute: ({ trigger_id }) =>
        trigger_id === 'bad' ? failed('no stock', { retry: 'never' }) : succeeded({ ok: 1 }),
    });
    expect(engine.getTriggerStats()).toEqual({
      total_triggers: 6,
      active_triggers: 5,
      total_executions: 0,
      successful_executions: 0,
      failed_executions: 0,
      trigger_history_size: 0,
    });
    const { launches } = await engine.publish(paid('e1'));
    await until(() => engine.getTriggerHistory().length === 1);
    await engine.publish({ event_id: 'e2', event_type: 'order.lost' });
    await until(() => engine.getTriggerHistory().length === 2);
    await engine.publish({ event_id: 'e3', event_type: 'order.said' });
    await clock.advance(3_600_000);
    await until(() => engine.getTriggerHistory().length === 4);

    const launch_id = launches[0]?.launch_id;
    const timestamp = formatTime(START);
    const history = engine.getTriggerHistory();
    expect(history).toMatchObject([
      {
        trigger_id: 'good',
        workflow_name: 'w',
        event_id: 'e1',
        launch_id,
        timestamp,
        status: 'success',
        execution_result: {
          workflow_name: 'w',
          execution_id: launch_id,
          status: 'completed',
          execution_time_ms: 0,
          result: { ok: 1 },
        },
      },
      { trigger_id: 'bad', event_id: 'e2', status: 'error', error: 'no stock' },
      { trigger_id: 'said', event_id: 'e3', status: 'success', execution_result: { result: null } },
      { trigger_id: 'hourly', event_id: null, status: 'success' },
    ]);
    expect(engine.getTriggerHistory(1)).toEqual(history.slice(-1));
    expect(engine.getTriggerHistory(10, 'bad')).toEqual(history.slice(1, 2));
    expect(engine.getTriggerStats()).toEqual({
      total_triggers: 6,
      active_triggers: 5,
      total_executions: 4,
      successful_executions: 3,
      failed_executions: 1,
      trigger_history_size: 4,
    });
    // What `emit` publishes is no workflow that starts and ends.
    await engine.bus.flush();
    expect(engine.getWorkflowStats()).toEqual({
      started: 3,
      completed: 2,
      failed: 1,
      paused: 0,
      resumed: 0,
      cancelled: 0,
    });
  });

  test('count an attempt that is repeated once, and a launch that is redriven anew', async () => {
    let fails = 2;
    const { engine, clock } = await start({
      rules: [
        { trigger_id: 't', event_types: ['order.paid'], workflow_name: 'w' },
        { workflows: { w: { executor: 'own', retry: { attempts: 2, initial: '1s', jitter: false } } } },
      ],
      execute: () => {
        if (fails-- > 0) throw new Error('not yet');
      },
    });
    const { launches } = await engine.publish(paid('e1'));
    await settled();
    await clock.advance(2_000);
    await until(() => engine.getTriggerStats().failed_executions === 1);
    expect(engine.getTriggerHistory()).toMatchObject([{ status: 'error', error: 'not yet' }]);
    await engine.daemon.redrive(launches[0]?.launch_id ?? '');
    await until(() => engine.getTriggerStats().successful_executions === 1);
    expect(engine.getTriggerStats()).toMatchObject({ total_executions: 1, trigger_history_size: 2 });
  });

  test('name launches that were left out because their workflow was full', async () => {
    const ends: (() => void)[] = [];
    const { engine } = await start({
      rules: [
        { trigger_id: 't', event_types: ['order.paid'], workflow_name: 'w' },
        { workflows: { w: { executor: 'own', concurrency: { limit: 1, when_full: 'skip' } } } },
      ],
      execute: () => new Promise((resolve) => ends.push(() => resolve(undefined))),
    });
    await engine.publish(paid('e1'));
    await until(() => ends.length === 1);
    await engine.publish(paid('e2'));
    await until(() => engine.getTriggerHistory().length === 1);
    ends[0]?.();
    await until(() => engine.getTriggerHistory().length === 2);
    expect(engine.getTriggerHistory()).toMatchObject([
      { event_id: 'e2', status: 'skipped' },
      { event_id: 'e1', status: 'success' },
    ]);
    await engine.bus.flush();
    expect(engine.getTriggerStats()).toMatchObject({ successful_executions: 1, failed_executions: 0 });
    expect(engine.getWorkflowStats()).toMatchObject({ completed: 1, cancelled: 1 });
  });

  test('are bounded, and their figures go on', async () => {
    const { engine } = await start({
      rules: [WORKFLOWS, { trigger_id: 't', event_types: ['order.paid'], workflow_name: 'w' }],
      historySize: 3,
    });
    for (let index = 0; index < 5; index++) await engine.publish(paid(`e${index}`));
    await until(() => engine.getTriggerStats().successful_executions === 5);
    expect(engine.getTriggerHistory().map(({ event_id }) => event_id)).toEqual(['e2', 'e3', 'e4']);
    expect(engine.getTriggerStats()).toMatchObject({ total_executions: 5, trigger_history_size: 3 });
    expect(engine.bus.getStats().history_size).toBe(3);
  });
});

describe('an engine does not start', () => {
  const refused = async (options: EngineOptions): Promise<unknown> =>
    createEngine(options).then(
      () => 'it started',
      (error: unknown) => error,
    );

  test('on rules with errors, and tells them all', async () => {
    const error = await refused({
      rules: [
        'triggers:\n  - trigger_id: t\n    event_typs: [a.b]\n',
        { workflows: { w: { executor: 'nobody' } } },
      ],
    });
    expect(error).toBeInstanceOf(RulesInvalid);
    const { diagnostics } = error as RulesInvalid;
    expect(diagnostics.map(({ code, file, line, column }) => [code, file, line, column])).toEqual(
      expect.arrayContaining([
        ['unknown-key', 'rules[0]', 3, 5],
        ['unknown-executor', 'rules[1]', 4, 19],
      ]),
    );
    expect(error).toMatchObject({
      code: 'rules-invalid',
      message: expect.stringMatching(/^rules has \d errors/),
      hint: expect.stringMatching(/^rules\[0\]:/),
    });
  });

  test.each<[string, EngineOptions, string]>([
    ['without its folder', { folder: '/nowhere/at/all' }, 'folder-missing'],
    [
      'on triggers that have nothing to launch',
      { rules: { trigger_id: 't', event_types: ['a.b'], workflow_name: 'w' } },
      'rules-invalid',
    ],
    ['with a history of no size', { historySize: -1 }, 'usage'],
    [
      'with two executors of one name',
      {
        executors: [
          defineExecutor({ name: 'x', execute: () => undefined }),
          defineExecutor({ name: 'x', execute: () => undefined }),
        ],
      },
      'usage',
    ],
    [
      'with an executor named as one of its own',
      { executors: [defineExecutor({ name: 'http', execute: () => undefined })] },
      'usage',
    ],
    [
      'with a schema that is none',
      { executors: [defineExecutor({ name: 'x', schema: { type: 'nonsense' }, execute: () => undefined })] },
      'usage',
    ],
  ])('%s', async (_, options, code) => {
    expect(await refused({ rules: WORKFLOWS.replace('own', 'log'), ...options })).toMatchObject({ code });
  });

  test('with a schema that cannot be compiled, and says whose it is', async () => {
    const sound = defineExecutor({ name: 'sound', execute: () => undefined });
    const broken = defineExecutor({
      name: 'broken',
      schema: { type: 'object', properties: { a: { pattern: '(' } } },
      execute: () => undefined,
    });
    expect(await refused({ executors: [sound, broken] })).toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/^the schema of the executor broken cannot be used: ./),
    });
  });

  test('and closes the store it was given', async () => {
    const store = createMemoryStore();
    await refused({ store, historySize: -1 });
    expect(() => store.counts()).toThrow();
  });
});

describe('an executor of one’s own', () => {
  test.each<[string, () => unknown, string, unknown]>([
    ['nothing', () => undefined, 'succeeded', null],
    ['a promise of nothing', async () => undefined, 'succeeded', null],
    ['an output', () => succeeded({ ticket: 5 }), 'succeeded', { ticket: 5 }],
    ['a failure', () => failed('no', { retry: 'never' }), 'dead', 'no'],
    ['no outcome at all', () => 'done', 'dead', expect.stringMatching(/no outcome/)],
    [
      'an error',
      () => {
        throw new Error('broken');
      },
      'dead',
      'broken',
    ],
    ['a rejection', () => Promise.reject(new Error('broken')), 'dead', 'broken'],
    ['a rejection without words', () => Promise.reject(Object.create(null)), 'dead', expect.any(String)],
  ])('that gives %s', async (_, execute, status, came) => {
    const { engine } = await start({
      rules: [WORKFLOWS, { trigger_id: 't', event_types: ['order.paid'], workflow_name: 'w' }],
      execute: execute as never,
    });
    const { launches } = await engine.publish({ ...paid('e1'), retryable: false });
    const current = () => engine.daemon.launch(launches[0]?.launch_id ?? '');
    await until(() => current()?.status === status);
    expect(status === 'succeeded' ? current()?.output : current()?.attempts[0]?.reason).toEqual(came);
  });

  test('gets the settings of its workflow, checked by its schema and rendered', async () => {
    const got: unknown[] = [];
    const page = defineExecutor({
      name: 'page',
      schema: {
        type: 'object',
        required: ['to'],
        properties: { to: { type: 'string' } },
        additionalProperties: false,
      },
      execute: ({ settings, attempt }) => void got.push(settings, attempt),
    });
    const { engine } = await start({
      executors: [page],
      rules: [
        { trigger_id: 't', event_types: ['order.paid'], workflow_name: 'call' },
        {
          workflows: {
            call: { executor: 'page', with: { to: 'team {{ input.trigger_event.payload.order }}' } },
          },
        },
      ],
    });
    await engine.publish(paid('e1'));
    await until(() => got.length > 0);
    expect(got).toEqual([{ to: 'team 7' }, 1]);
    const wrong = createEngine({
      executors: [page],
      rules: { workflows: { call: { executor: 'page', with: { too: 'x' } } } },
    });
    await expect(wrong).rejects.toMatchObject({
      diagnostics: expect.arrayContaining([expect.objectContaining({ code: 'unknown-key', file: 'rules' })]),
    });
  });

  test.each(['', 'Page', '1st', 'a b', 'a'.repeat(65), '__proto__', undefined])('is not named %j', (name) => {
    expect(() => defineExecutor({ name: name as string, execute: () => undefined })).toThrow(
      expect.objectContaining({ code: 'usage' }),
    );
  });
});

describe('close', () => {
  test('lets running launches end, then refuses everything; twice is once', async () => {
    const ends: (() => void)[] = [];
    const { engine, attempts } = await embed({
      rules: RULES,
      execute: () => new Promise((resolve) => ends.push(() => resolve(succeeded('late')))),
    });
    await engine.publish({ event_id: 'e1', event_type: 'order.paid' });
    await until(() => attempts.length === 2);
    const closing = engine.close();
    expect(engine.close()).toBe(closing);
    await settled();
    for (const end of ends) end();
    await closing;
    expect(engine.getTriggerHistory()).toMatchObject([{ status: 'success' }, { status: 'success' }]);
    const closed = { code: 'intake-closed' };
    await expect(engine.publish(paid('e2'))).rejects.toMatchObject(closed);
    expect(() => engine.publishAsync(paid('e2'))).toThrow(expect.objectContaining(closed));
    await expect(engine.registerTrigger({ trigger_id: 'y', workflow_name: 'w' })).rejects.toMatchObject(
      closed,
    );
    await expect(engine.unregisterTrigger('paid')).rejects.toMatchObject(closed);
    // What was counted is still told.
    expect(engine.getTriggerStats()).toMatchObject({ active_triggers: 3 });
    expect(engine.getWorkflowStats()).toMatchObject({ failed: 0 });
    await expect(engine.reload()).rejects.toMatchObject(closed);
  });

  test('does not wait for ever for a handler of a program', async () => {
    const { engine, clock } = await embed();
    engine.bus.registerHandler(
      defineHandler({
        handlerId: 'stuck',
        eventTypes: ['*'],
        isAsync: true,
        handle: () => new Promise(() => undefined),
      }),
    );
    engine.publishAsync(paid('e1'));
    let isClosed = false;
    const closing = engine.close(5_000).then(() => (isClosed = true));
    // Until nothing but the handler is waited for.
    await until(() => clock.waiting === 1);
    await clock.advance(4_999);
    expect(isClosed).toBe(false);
    await clock.advance(1);
    await closing;
  });

  test('keeps what a store keeps for the next engine', async () => {
    const store = createMemoryStore();
    const first = await embed({ rules: RULES, store });
    await first.engine.publish(paid('e1'));
    await first.engine.close();
    const second = await start({ rules: RULES, store });
    expect(await second.engine.publish(paid('e1'))).toMatchObject({ duplicate: true });
    expect((await second.engine.publish(paid('e2'))).suppressed).toMatchObject([{ gate: 'cooldown' }]);
  });
});

describe('within one process', () => {
  test('engines know nothing of each other', async () => {
    const trigger = { trigger_id: 't', event_types: ['order.paid'], workflow_name: 'w' };
    const [left, right] = await Promise.all([
      start({ rules: [WORKFLOWS, trigger] }),
      start({ rules: [WORKFLOWS, { ...trigger, event_types: ['user.action'] }] }),
    ]);
    await left.engine.registerTrigger({ ...trigger, trigger_id: 'own' });
    const [one, other] = await Promise.all([
      left.engine.publish(paid('e1')),
      right.engine.publish(paid('e1')),
    ]);
    expect([one.duplicate, other.duplicate]).toEqual([false, false]);
    expect([one.launches.length, other.launches.length]).toEqual([2, 0]);
    await left.engine.close();
    expect((await right.engine.publish({ event_type: 'user.action' })).launches).toHaveLength(1);
    await until(() => right.attempts.length === 1);
    expect(left.attempts.length).toBe(2);
    expect(right.engine.bus.getEventHistory(10, 'order.*')).toHaveLength(1);
  });

  test('an engine leaves nothing behind: no listener, no timer, no handle', async () => {
    const listeners = (): unknown => process.eventNames().map((name) => [name, process.listenerCount(name)]);
    const before = listeners();
    const { engine, clock, attempts } = await embed({ rules: RULES });
    await engine.publish(paid('e1'));
    await until(() => attempts.length === 2);
    expect(listeners()).toEqual(before);
    await engine.close();
    await settled();
    expect(listeners()).toEqual(before);
    expect(clock.waiting).toBe(0);
  });

  test('engines may serve a program that does other things', async () => {
    const { engine } = await start({ rules: RULES });
    const server = createServer((_, response) => {
      void engine.publish(paid('e1')).then(({ launches }) => response.end(String(launches.length)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('3');
    await new Promise((resolve) => server.close(resolve));
  });
});
