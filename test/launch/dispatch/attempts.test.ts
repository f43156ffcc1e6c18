import { describe, expect, test } from 'vitest';
import { createDispatcher, type DispatcherOptions } from '../../../src/launch/dispatch/dispatcher.js';
import { failed, succeeded, type ExecutorKind } from '../../../src/ports/executor-kind.js';
import { settled } from '../../support/manual-clock.js';
import { createHarness, launchOf, SECRET, START, workflowOf } from './harness.js';

const DAY_MS = 86_400_000;
const once = { attempts: 1, initialMs: 1_000, factor: 2, maxMs: 300_000, jitter: false };

function kindOf(name: string, load: ExecutorKind['load']): ExecutorKind {
  return { name, summary: '', schema: {}, examples: [], load };
}

describe('what the executor gets', () => {
  test('the launch, its settings rendered and as written, and the same id in every attempt', async () => {
    const workflow = workflowOf({
      with: {
        url: 'https://tracker/{{ input.region }}',
        key: '{{ launch.id }}',
        own: '{{ launch.workflow_input }}',
        token: { secret: { env: 'TOKEN' } },
      },
    });
    const launch = launchOf('a', workflow, { group: { 'payload.region': 'eu' }, correlation_id: 'c' });
    const harness = createHarness({ execute: () => failed('refused') });
    await harness.add({ ...launch, input: { ...launch.input, region: 'eu' } });
    await harness.clock.advance(1_000);
    expect(harness.calls.map(({ attempting }) => [attempting.launch_id, attempting.attempt])).toEqual([
      ['a', 1],
      ['a', 2],
    ]);
    expect(harness.call('a').attempting).toMatchObject({
      trigger_id: 't',
      workflow_name: 'w',
      at: START,
      event_id: 'event-of-a',
      group: { 'payload.region': 'eu' },
      correlation_id: 'c',
      timeoutMs: 30_000,
      input: { region: 'eu', trigger_id: 't' },
      settings: {
        url: 'https://tracker/eu',
        key: 'a',
        own: { region: 'eu' },
        token: { secret: { env: 'TOKEN' } },
      },
      written: { url: 'https://tracker/{{ input.region }}' },
    });
  });

  test('a missing value is null in the settings, and said once', async () => {
    const workflow = workflowOf({ with: { url: '{{ input.nowhere }}' } });
    const harness = createHarness({ execute: () => failed('refused') });
    await harness.add(launchOf('a', workflow));
    await harness.clock.advance(1_000);
    expect(harness.call('a').attempting.settings).toEqual({ url: null });
    expect(harness.logged.filter(({ message }) => message.includes('missing'))).toHaveLength(1);
  });
});

describe('a launch that cannot be attempted is dead, and says why', () => {
  test.each([
    {
      name: 'its settings are no template',
      changes: { with: { url: '{{ nobody.knows }}' } },
      reason: /settings cannot be rendered: \/url: /,
    },
    {
      name: 'its settings are too large',
      changes: { with: { url: '{{ input.large }}{{ input.large }}' } },
      reason: /settings cannot be rendered: .*\/url/,
    },
    {
      name: 'its concurrency key is no template',
      changes: { concurrency: { limit: 1, key: '{% if %}', when_full: 'queue' as const } },
      reason: /key of its concurrency cannot be rendered: \/key: /,
    },
  ])('because $name', async ({ changes, reason }) => {
    const harness = createHarness();
    const launch = launchOf('a', workflowOf(changes));
    await harness.add({ ...launch, input: { ...launch.input, large: 'x'.repeat(200_000) } });
    await harness.add(launchOf('b'));
    await harness.clock.advance(DAY_MS);
    const { status, attempts, ended_at } = harness.record('a');
    expect([status, ended_at]).toEqual(['dead', START]);
    expect(attempts).toEqual([
      { number: 1, started_at: START, ended_at: START, reason: expect.stringMatching(reason) },
    ]);
    expect(harness.story).toEqual(['dead a', 'started b', 'call b', 'succeeded b']);
    expect(harness.dispatcher.running + harness.dispatcher.queued).toBe(0);
  });

  test('because nothing knows its executor', async () => {
    const harness = createHarness({ executors: [kindOf('emit', null)] });
    await harness.add(launchOf('a', workflowOf({ executor: 'teleport' })));
    await harness.add(launchOf('b', workflowOf({ executor: 'emit' })));
    expect(harness.record('a')).toMatchObject({
      status: 'dead',
      attempts: [{ reason: 'there is no executor teleport' }],
    });
    expect(harness.record('b')).toMatchObject({
      status: 'dead',
      attempts: [{ reason: 'the executor emit is not carried out by the dispatcher' }],
    });
  });
});

describe('an executor that breaks its promise', () => {
  test.each([
    {
      name: 'throws',
      execute: () => {
        throw new Error(`no ${SECRET}`);
      },
      reason: 'fault in the executor: no [secret]',
    },
    {
      name: 'rejects',
      execute: () => Promise.reject('plain text'),
      reason: 'fault in the executor: plain text',
    },
    {
      name: 'rejects without words',
      execute: () => Promise.reject(Object.create(null)),
      reason: 'fault in the executor: something without a message was thrown',
    },
  ])('because it $name failed, and is tried again', async ({ execute, reason }) => {
    const harness = createHarness({ executors: [kindOf('broken', async () => execute)] });
    await harness.add(launchOf('a', workflowOf({ executor: 'broken' })));
    expect(harness.record('a')).toMatchObject({ status: 'retrying', attempts: [{ reason }] });
    expect(harness.dispatcher.running).toBe(0);
  });

  test('one that cannot be loaded is loaded again at the next attempt', async () => {
    let loads = 0;
    const flaky = kindOf('flaky', async () => {
      if (++loads === 1) throw new Error('no such module');
      return async () => succeeded();
    });
    const harness = createHarness({ executors: [flaky] });
    const workflow = workflowOf({ executor: 'flaky' });
    await harness.add(launchOf('a', workflow));
    expect(harness.record('a').attempts[0]?.reason).toBe(
      'the executor flaky could not be loaded: no such module',
    );
    await harness.clock.advance(1_000);
    await harness.add(launchOf('b', workflow));
    expect([harness.record('a').status, harness.record('b').status, loads]).toEqual([
      'succeeded',
      'succeeded',
      2,
    ]);
  });

  test('one that is loaded after its time is not called any more', async () => {
    let loaded: () => void = () => {};
    let called = 0;
    const slow = kindOf('slow', async () => {
      await new Promise<void>((resolve) => (loaded = resolve));
      return async () => {
        called++;
        return succeeded();
      };
    });
    const harness = createHarness({ executors: [slow] });
    await harness.add(launchOf('a', workflowOf({ executor: 'slow', timeoutMs: 1_000, retry: once })));
    await harness.clock.advance(3_000);
    expect(harness.record('a').status).toBe('dead');
    loaded();
    await settled();
    expect(called).toBe(0);
  });
});

describe('time', () => {
  const workflow = workflowOf({ timeoutMs: 5_000, retry: once });

  test('an executor that takes too long is told to end', async () => {
    const harness = createHarness({ execute: () => undefined });
    await harness.add(launchOf('a', workflow));
    const { signal, end } = harness.call('a');
    await harness.clock.advance(4_999);
    expect(signal.aborted).toBe(false);
    await harness.clock.advance(1);
    expect(signal.aborted).toBe(true);
    expect(harness.dispatcher.running).toBe(1);
    end(failed('aborted', { retry: 'never', output: 'so far' }));
    await settled();
    expect(harness.record('a')).toMatchObject({
      status: 'dead',
      output: 'so far',
      attempts: [{ reason: 'it took longer than 5s', ended_at: START + 5_000 }],
    });
  });

  test('a timeout is retried, whatever the executor made of being told to end', async () => {
    const harness = createHarness({ execute: () => undefined });
    await harness.add(launchOf('a', workflowOf({ timeoutMs: 5_000 })));
    await harness.clock.advance(5_000);
    harness.call('a').end(failed('aborted', { retry: 'never' }));
    await settled();
    expect(harness.record('a')).toMatchObject({ status: 'retrying', next_at: START + 6_000 });
  });

  test('what it did in the end, it did', async () => {
    const harness = createHarness({ execute: () => undefined });
    await harness.add(launchOf('a', workflow));
    await harness.clock.advance(6_000);
    harness.call('a').end(succeeded('late'));
    await settled();
    expect(harness.record('a')).toMatchObject({ status: 'succeeded', output: 'late' });
  });

  test('one that does not end is given up on after two seconds, and its place goes to the next', async () => {
    const harness = createHarness({ limits: { maxRunning: 1 }, execute: () => undefined });
    await harness.add(launchOf('a', workflow), launchOf('b', workflow));
    await harness.clock.advance(6_999);
    expect(harness.calls).toHaveLength(1);
    await harness.clock.advance(1);
    expect(harness.record('a')).toMatchObject({
      status: 'dead',
      attempts: [{ reason: 'it took longer than 5s, and did not end within 2s of being told to' }],
    });
    expect(harness.calls).toHaveLength(2);
    harness.calls[0]?.end(succeeded());
    await settled();
    expect(harness.record('a').status).toBe('dead');
    expect(harness.logged.filter(({ level }) => level === 'error')).toHaveLength(2);
  });

  test('an executor in time leaves no timer behind', async () => {
    const harness = createHarness();
    await harness.add(launchOf('a', workflow), launchOf('b', workflow));
    expect(harness.clock.waiting).toBe(0);
  });
});

/** What is wrong with the order of recording and doing, under a store that takes 10 ms for a beginning, 30 for an end. */
async function orderMistakes(create: (options: DispatcherOptions) => ReturnType<typeof createDispatcher>) {
  const mistakes: string[] = [];
  const harness = createHarness({
    create,
    limits: { maxRunning: 2 },
    record: (_changed, change) =>
      new Promise((resolve) => harness.clock.after(change === 'started' ? 10 : 30, resolve)),
    execute({ launch_id, attempt }) {
      const durable = harness.store.get(launch_id);
      if (durable?.status !== 'running' || durable.attempts.length !== attempt)
        mistakes.push(`attempt ${attempt} of ${launch_id} was made while ${durable?.status} was durable`);
      const made = harness.calls.length;
      const over = harness.story.filter((line) => /^(succeeded|retrying|dead)/.test(line)).length;
      if (made - over > 2) mistakes.push(`${launch_id} began before an end was durable`);
      return attempt < 3 && launch_id < 'c' ? failed('refused') : succeeded();
    },
  });
  await harness.add(...['a', 'b', 'c', 'd', 'e'].map((id) => launchOf(id)));
  await harness.clock.advance(DAY_MS);
  if (![...harness.store.values()].every(({ status }) => status === 'succeeded'))
    mistakes.push('not all succeeded');
  return mistakes;
}

describe('the order of recording and doing', () => {
  test('the beginning is durable before the executor is called, the end before its place is free', async () => {
    expect(await orderMistakes(createDispatcher)).toEqual([]);
  });

  test.each(['started', 'succeeded', 'retrying'] as const)(
    'a dispatcher that does not wait for %s to be durable is found out',
    async (unawaited) => {
      const mistakes = await orderMistakes((options) =>
        createDispatcher({
          ...options,
          async record(changed, change) {
            const recorded = options.record(changed, change);
            if (change !== unawaited) await recorded;
          },
        }),
      );
      expect(mistakes.length).toBeGreaterThan(0);
    },
  );

  test('when a beginning cannot be recorded, nothing is called and nothing more begun', async () => {
    const harness = createHarness({
      record: async ({ launch_id }) => {
        if (launch_id === 'a') throw new Error('the store is closed');
      },
      limits: { maxRunning: 1 },
    });
    await harness.add(launchOf('a'), launchOf('b'));
    await harness.clock.advance(DAY_MS);
    expect(harness.story).toEqual([]);
    expect(harness.logged.map(({ level }) => level)).toEqual(['error']);
    await harness.dispatcher.stop(1_000);
  });
});

test('figures that cannot be counted, and secrets that cannot be taken out, cost no launch', async () => {
  const refuse = (): never => {
    throw new Error('no');
  };
  const harness = createHarness({
    meter: {
      counter: () => ({ add: refuse }),
      gauge: () => ({ set: refuse }),
      histogram: () => ({ observe: refuse }),
      watch: () => {},
    },
    host: { secrets: { read: refuse, redact: refuse } },
    execute: ({ attempt }) => (attempt === 1 ? failed('secret') : succeeded('secret')),
  });
  await harness.add(launchOf('a'), launchOf('b', workflowOf({ with: { a: '{{ nobody.knows }}' } })));
  await harness.clock.advance(DAY_MS);
  expect(harness.record('a')).toMatchObject({
    status: 'succeeded',
    output: '[not shown]',
    attempts: [{ reason: '[not shown]' }, { reason: null }],
  });
  expect(harness.record('b')).toMatchObject({ status: 'dead', attempts: [{ reason: '[not shown]' }] });
});

test('what breaks in the daemon itself costs an attempt, not the launch', async () => {
  let draws = 0;
  const harness = createHarness({
    execute: ({ attempt }) => (attempt < 3 ? failed('refused') : succeeded()),
    random() {
      if (draws++ === 0) throw new Error(`no entropy for ${SECRET}`);
      return 0.5;
    },
  });
  const retry = { attempts: 5, initialMs: 1_000, factor: 2, maxMs: 300_000, jitter: true };
  await harness.add(
    launchOf('a', workflowOf({ retry, concurrency: { limit: 1, key: null, when_full: 'queue' } })),
  );
  await harness.clock.advance(DAY_MS);
  expect(harness.record('a')).toMatchObject({
    status: 'succeeded',
    attempts: [
      { reason: 'fault in the daemon: no entropy for [secret]' },
      { reason: 'refused' },
      { reason: null },
    ],
  });
  expect(harness.dispatcher.running + harness.dispatcher.queued).toBe(0);
});

test('launches, attempts, dead letters and the time to the first attempt are counted', async () => {
  const harness = createHarness({
    execute: ({ launch_id, attempt }) =>
      launch_id === 'a' && attempt === 3 ? succeeded() : failed('refused'),
    record: (_changed, change) =>
      change === 'started' ? new Promise((resolve) => harness.clock.after(50, resolve)) : Promise.resolve(),
  });
  await harness.clock.advance(250);
  await harness.add(launchOf('a'), launchOf('b'));
  await harness.clock.advance(DAY_MS);
  expect(Object.fromEntries(harness.figures)).toEqual({
    'launches_total{w,succeeded}': 1,
    'launches_total{w,dead}': 1,
    'attempts_total{w,failed}': 5,
    'attempts_total{w,succeeded}': 1,
    'dead_letters_total{w}': 1,
    event_to_launch_seconds: 2,
    event_to_launch_seconds_sum: 0.5,
  });
});
