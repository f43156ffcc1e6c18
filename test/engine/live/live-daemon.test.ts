import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { firstReading } from '../../../src/engine/live/reloader.js';
import { startLiveDaemon, type LiveDaemon } from '../../../src/engine/live/live-daemon.js';
import type { Fault } from '../../../src/kernel/fault.js';
import { formatTime } from '../../../src/kernel/time.js';
import type { Event } from '../../../src/model/event.js';
import type { Outcome } from '../../../src/model/outcome.js';
import { failed, succeeded, type Attempting, type ExecutorKind } from '../../../src/ports/executor-kind.js';
import type { Store } from '../../../src/ports/store.js';
import { createMemoryStore } from '../../../src/stores/memory.js';
import { createManualClock, type ManualClock } from '../../support/manual-clock.js';
import { event, plugins } from '../../support/rules.js';
import { noLog, noMeter, START } from './harness.js';

const RULES = `
triggers:
  - trigger_id: pair
    event_types: [x]
    group_by: [user_id]
    condition: { threshold_reached: { aggregate: count, at_least: 2, within: 60s } }
    workflow_name: call
    workflow_input: { version: 1 }
  - trigger_id: each
    event_types: [y]
    max_executions: 2
    workflow_name: call
  - trigger_id: on-failure
    event_types: [workflow.failed]
    workflow_name: tell
workflows:
  call: { executor: log, retry: { attempts: 2, initial: 1s, jitter: false } }
  tell: { executor: log }
`;

interface Running {
  readonly daemon: LiveDaemon;
  readonly clock: ManualClock;
  readonly store: Store;
  readonly folder: string;
  /** Attempts so far, in their order. */
  readonly attempts: readonly Attempting[];
  /** What the next attempts come to; success when none is left. */
  readonly outcomes: Outcome[];
  readonly faults: readonly Fault[];
  /** Sends an event and lets what it launches be carried out. */
  send(fields: Partial<Event> & Pick<Event, 'event_id' | 'event_type'>): Promise<readonly string[]>;
  settle(): Promise<void>;
  write(text: string, file?: string): Promise<void>;
}

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function start(
  text = RULES,
  store = createMemoryStore(),
  at = START,
  launchLimit = 250_000,
): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'triggerd-rules-'));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  const write = (content: string, file = 'rules.yaml'): Promise<void> =>
    writeFile(join(folder, file), content);
  await write(text);
  const clock = createManualClock(at);
  const attempts: Attempting[] = [];
  const outcomes: Outcome[] = [];
  const faults: Fault[] = [];
  const log = plugins.executors.find(({ name }) => name === 'log') as ExecutorKind;
  const recording: ExecutorKind = {
    ...log,
    load: async () => async (attempting) => {
      attempts.push(attempting);
      return outcomes.shift() ?? succeeded({ done: true });
    },
  };
  const daemon = await startLiveDaemon({
    root: folder,
    plugins: {
      ...plugins,
      executors: [recording, ...plugins.executors.filter(({ name }) => name !== 'log')],
    },
    store,
    clock,
    log: noLog,
    meter: noMeter,
    random: () => 0.5,
    host: {
      log: noLog,
      secrets: { read: () => '', redact: (one) => one },
      environment: {},
      now: () => clock.now(),
      settings: {
        allow_commands: false,
        module_folders: [],
        private_networks: [],
        folder,
        smtp_url: null,
      },
    },
    keepGoing: false,
    maxHops: 8,
    queueLimit: 1_000,
    launchLimit,
    restartGraceMs: 60_000,
    retention: { ageMs: 30 * 86_400_000, bytes: null },
    limits: { maxRunning: 8, stormPerMinute: null, breaker: { failures: 5, openMs: 30_000 } },
    watch: null,
    fatal: (fault) => void faults.push(fault),
  });
  cleanUps.push(() => daemon.stop(0));
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    daemon,
    clock,
    store,
    folder,
    attempts,
    outcomes,
    faults,
    settle,
    write,
    async send(fields) {
      const one = event({ timestamp: formatTime(clock.now()), ...fields });
      const [receipt] = await daemon.submit([{ event: one, at: clock.now() }]);
      await settle();
      return (receipt?.launches ?? []).map(({ launch_id }) => launch_id);
    },
  };
}

const everything = { cursor: null, limit: 1_000, order: 'oldest' } as const;
const eventTypes = (store: Store): readonly string[] =>
  store
    .events({ ...everything, types: [], sinceMs: null, untilMs: null, afterPosition: null })
    .items.map(({ event: one }) => one.event_type);

describe('a launch', () => {
  test('is carried out under its id, and events tell of it one hop on', async () => {
    const { send, attempts, store, daemon } = await start();
    const [id = ''] = await send({ event_id: 'a', event_type: 'y', correlation_id: 'c', session_id: 's' });
    expect(attempts.map(({ launch_id, attempt }) => [launch_id, attempt])).toEqual([[id, 1]]);
    expect(daemon.launch(id)).toMatchObject({
      status: 'succeeded',
      output: { done: true },
      hops: 1,
      chain: ['each'],
    });
    expect(eventTypes(store)).toEqual(['y', 'workflow.started', 'workflow.completed']);
    const completed = store.event(`succeeded-${id}-1`)?.event;
    expect(completed).toMatchObject({
      correlation_id: 'c',
      session_id: 's',
      metadata: { triggerd: { hops: 1, chain: ['each'], launch_id: id } },
      payload: { workflow_name: 'call', trigger_id: 'each', status: 'succeeded', attempts: 1, error: null },
    });
  });

  test('that dies launches what waits for failures, and can be redriven under the same id', async () => {
    const { send, attempts, outcomes, store, daemon, clock, settle } = await start();
    outcomes.push(failed('no answer'), failed('still none'));
    const [id = ''] = await send({ event_id: 'a', event_type: 'y' });
    expect(daemon.launch(id)).toMatchObject({ status: 'retrying', next_at: START + 1_000 });
    await clock.advance(1_000);
    await settle();
    expect(daemon.launch(id)).toMatchObject({ status: 'dead' });
    expect(daemon.launch(id)?.attempts.map(({ reason }) => reason)).toEqual(['no answer', 'still none']);
    expect(attempts.map(({ workflow_name }) => workflow_name)).toEqual(['call', 'call', 'tell']);
    await expect(daemon.redrive('l_none')).rejects.toMatchObject({ code: 'launch-unknown' });
    await daemon.redrive(id);
    await settle();
    expect(daemon.launch(id)).toMatchObject({ status: 'succeeded', redriven_after: 2 });
    expect(attempts.at(-1)).toMatchObject({ launch_id: id, attempt: 3 });
    await expect(daemon.redrive(id)).rejects.toMatchObject({ code: 'launch-unfinished' });
    expect(eventTypes(store).filter((type) => type === 'workflow.started')).toHaveLength(3);
  });

  test('under way when the daemon ended is carried out by the next one', async () => {
    const store = createMemoryStore();
    const first = await start(RULES, store);
    first.outcomes.push(failed('once'));
    const [id = ''] = await first.send({ event_id: 'a', event_type: 'y' });
    await first.daemon.stop(0);
    const second = await start(RULES, store);
    await second.clock.advance(1_000);
    await second.settle();
    expect(second.daemon.launch(id)).toMatchObject({ status: 'succeeded' });
    expect(second.attempts.map(({ launch_id, attempt }) => [launch_id, attempt])).toEqual([[id, 2]]);
  });
});

test('with too many launches waiting no events are taken, until there is room', async () => {
  const { daemon, send, outcomes, clock, settle } = await start(RULES, createMemoryStore(), START, 2);
  outcomes.push(failed('not now'), failed('nor now'));
  await send({ event_id: 'a', event_type: 'y' });
  await send({ event_id: 'b', event_type: 'y' });
  expect(daemon.stats().queued).toBe(2);
  await expect(send({ event_id: 'c', event_type: 'y' })).rejects.toMatchObject({ code: 'overloaded' });
  expect(daemon.readiness()).toMatchObject({ ready: false, problems: ['too many launches wait'] });
  await clock.advance(1_000);
  await settle();
  expect(daemon.readiness()).toMatchObject({ ready: true, problems: [] });
  expect(daemon.event('c')).toBeNull();
  await send({ event_id: 'c', event_type: 'y' });
  expect(daemon.event('c')).not.toBeNull();
});

test('what fell due while the daemon was down is launched when it is up', async () => {
  const store = createMemoryStore();
  const text = RULES.replace(
    'triggers:',
    `triggers:
  - trigger_id: delayed
    event_types: [z]
    condition: { time_based: { after: 10s } }
    workflow_name: call`,
  );
  const first = await start(text, store);
  await first.send({ event_id: 'a', event_type: 'z' });
  await first.daemon.stop(0);
  const second = await start(text, store, START + 60_000);
  await second.settle();
  expect(second.attempts.map(({ trigger_id, at }) => [trigger_id, at])).toEqual([
    ['delayed', START + 10_000],
  ]);
});

describe('an operator', () => {
  test('snoozes a trigger, and ends it', async () => {
    const { daemon, send, clock } = await start();
    await daemon.snooze('each', START + 60_000);
    expect(await send({ event_id: 'a', event_type: 'y' })).toEqual([]);
    expect(daemon.trigger('each', 10)).toMatchObject({
      snoozed_until: formatTime(START + 60_000),
      suppressed: 1,
    });
    const { items } = daemon.decisions({
      ...everything,
      event_id: 'a',
      trigger_id: null,
      sinceMs: null,
      untilMs: null,
    });
    expect(items[0]?.suppressed).toMatchObject([{ gate: 'snoozed', until: START + 60_000 }]);
    await daemon.snooze('each', null);
    expect(await send({ event_id: 'b', event_type: 'y' })).toHaveLength(1);
    await daemon.snooze('each', clock.now() + 1_000);
    await clock.advance(1_000);
    expect(await send({ event_id: 'c', event_type: 'y' })).toHaveLength(1);
    await expect(daemon.snooze('eahc', null)).rejects.toMatchObject({
      code: 'trigger-unknown',
      hint: 'did you mean each?',
    });
  });

  test('resets one group, or all that a trigger remembers', async () => {
    const { daemon, send } = await start();
    await send({ event_id: 'a1', event_type: 'x', user_id: 'ann' });
    await send({ event_id: 'b1', event_type: 'x', user_id: 'bob' });
    expect(daemon.trigger('pair', 10)?.of.map(({ group, standing }) => [group, standing])).toEqual([
      [{ user_id: 'ann' }, expect.stringContaining('1 of 2')],
      [{ user_id: 'bob' }, expect.stringContaining('1 of 2')],
    ]);
    expect(await daemon.reset('pair', { user_id: 'ann' })).toBe(1);
    expect(await send({ event_id: 'a2', event_type: 'x', user_id: 'ann' })).toEqual([]);
    expect(await send({ event_id: 'b2', event_type: 'x', user_id: 'bob' })).toHaveLength(1);
    for (const id of ['c', 'd', 'e']) await send({ event_id: id, event_type: 'y' });
    expect(await daemon.reset('each', null)).toBe(1);
    expect(await send({ event_id: 'f', event_type: 'y' })).toHaveLength(1);
    await expect(daemon.reset('pair', { user: 'ann' })).rejects.toMatchObject({ code: 'usage' });
    await expect(daemon.reset('none', null)).rejects.toMatchObject({ code: 'trigger-unknown' });
  });

  test('asks what an event would lead to, and nothing happens', async () => {
    const { daemon, send, store } = await start();
    await send({ event_id: 'a', event_type: 'x', user_id: 'ann' });
    const incoming = { event: event({ event_id: 'b', event_type: 'x', user_id: 'ann' }), at: START };
    for (let asked = 0; asked < 2; asked++) {
      const answer = daemon.dryRun(incoming, 'pair');
      expect(answer.launches.map(({ trigger_id }) => trigger_id)).toEqual(['pair']);
      expect(answer.why.map(({ outcome }) => outcome)).toEqual(['launched']);
    }
    expect(eventTypes(store)).toEqual(['x']);
    expect(await send({ event_id: 'b', event_type: 'x', user_id: 'ann' })).toHaveLength(1);
  });
});

describe('a change of the rules', () => {
  test('is taken whole: later events are decided by it, what was decided keeps its definition', async () => {
    const { daemon, send, write, outcomes, attempts, clock, settle } = await start();
    const before = daemon.readiness().ruleset_hash;
    await send({ event_id: 'a', event_type: 'x', user_id: 'ann' });
    outcomes.push(failed('later'));
    const [old = ''] = await send({ event_id: 'o', event_type: 'y' });
    await write(
      RULES.replace('version: 1', 'version: 2').replaceAll(
        'executor: log',
        'executor: log, with: { message: new }',
      ),
    );
    await daemon.reload();
    expect(daemon.readiness().ruleset_hash).not.toBe(before);
    const [launched = ''] = await send({ event_id: 'b', event_type: 'x', user_id: 'ann' });
    expect(daemon.launch(launched)).toMatchObject({
      input: { version: 2 },
      workflow: { with: { message: 'new' } },
    });
    await clock.advance(1_000);
    await settle();
    expect(attempts.filter(({ launch_id }) => launch_id === old).map(({ settings }) => settings)).toEqual([
      {},
      {},
    ]);
    expect(daemon.stats().reloads).toEqual({ taken: 1, refused: 0 });
  });

  test('with errors is refused: the rules before it stay at work, and it is said where to look', async () => {
    const { daemon, send, write, store, settle } = await start();
    const before = daemon.readiness();
    await write(
      'triggers: [{ trigger_id: bad, event_types: [x], workflow_name: nowhere, coooldown: 1s }]',
      'bad.yaml',
    );
    await daemon.reload();
    await settle();
    const after = daemon.readiness();
    expect(after).toMatchObject({
      ready: true,
      ruleset_hash: before.ruleset_hash,
      problems: [expect.stringContaining('reload refused')],
    });
    expect(
      after.diagnostics.filter(({ severity }) => severity === 'error').map(({ code, file }) => [code, file]),
    ).toContainEqual(['unknown-key', expect.stringContaining('bad.yaml')]);
    expect(eventTypes(store)).toEqual(['system.error']);
    expect(await send({ event_id: 'a', event_type: 'y' })).toHaveLength(1);
    await write('# nothing', 'bad.yaml');
    await daemon.reload();
    expect(daemon.readiness()).toMatchObject({ refused_at: null });
  });

  test('that takes the folder away is refused', async () => {
    const { daemon, folder, send } = await start();
    await rm(folder, { recursive: true });
    await daemon.reload();
    expect(daemon.readiness().problems).toEqual([expect.stringContaining('reload refused')]);
    expect(await send({ event_id: 'a', event_type: 'y' })).toHaveLength(1);
  });
});

describe('the first reading', () => {
  test('stops at a bad file, or leaves it out when told to go on', async () => {
    const { folder, write } = await start();
    await write(
      'triggers: [{ trigger_id: bad, event_types: [x], workflow_name: call, coooldown: 1s }]',
      'bad.yaml',
    );
    await expect(firstReading(folder, plugins, false)).rejects.toMatchObject({ code: 'rules-invalid' });
    const reading = await firstReading(folder, plugins, true);
    expect(reading.ruleset.triggers.map(({ trigger }) => trigger.trigger_id)).toEqual([
      'pair',
      'each',
      'on-failure',
    ]);
    expect(reading.diagnostics.map(({ code, severity }) => [code, severity])).toContainEqual([
      'unknown-key',
      'warning',
    ]);
  });

  test('refuses a folder that has nothing to launch', async () => {
    const { folder, write } = await start();
    await write('triggers: [{ trigger_id: a, event_types: [x], workflow_name: call }]');
    await expect(firstReading(folder, plugins, false)).rejects.toMatchObject({ code: 'rules-invalid' });
  });
});
