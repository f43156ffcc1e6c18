import { describe, expect, test } from 'vitest';
import type { LaunchRecord } from '../../../src/model/record.js';
import { failed, succeeded } from '../../../src/ports/executor-kind.js';
import { settled } from '../../support/manual-clock.js';
import { createHarness, launchOf, START, workflowOf, type Harness } from './harness.js';

const DAY_MS = 86_400_000;
const once = workflowOf({
  retry: { attempts: 1, initialMs: 1_000, factor: 2, maxMs: 300_000, jitter: false },
});
const open = { number: 1, started_at: START - 60_000, ended_at: null, reason: null };
const refusedAttempt = { number: 1, started_at: START - 60_000, ended_at: START - 59_000, reason: 'refused' };

describe('after the process died', () => {
  test.each<{ readonly name: string; readonly left: Partial<LaunchRecord>; readonly at: readonly number[] }>([
    { name: 'what was pending is attempted', left: {}, at: [0] },
    { name: 'what was running is attempted again', left: { status: 'running', attempts: [open] }, at: [0] },
    {
      name: 'what waited for a time that has passed is attempted at once',
      left: { status: 'retrying', attempts: [refusedAttempt], next_at: START - 30_000 },
      at: [0],
    },
    {
      name: 'what waits for a time to come waits for it',
      left: { status: 'retrying', attempts: [refusedAttempt], next_at: START + 30_000 },
      at: [30_000],
    },
  ])('$name', async ({ left, at }) => {
    const harness = createHarness();
    await harness.add(launchOf('a', workflowOf(), left));
    await harness.clock.advance(DAY_MS);
    expect(harness.callTimes('a')).toEqual(at);
    expect(harness.record('a').status).toBe('succeeded');
  });

  test('the attempt that was cut off is closed, and counts', async () => {
    const harness = createHarness({ execute: () => failed('refused') });
    await harness.add(launchOf('a', workflowOf(), { status: 'running', attempts: [open] }));
    await harness.clock.advance(DAY_MS);
    const { status, attempts } = harness.record('a');
    expect(status).toBe('dead');
    expect(attempts.map(({ number, reason }) => [number, reason])).toEqual([
      [1, 'the daemon ended during this attempt'],
      [2, 'refused'],
      [3, 'refused'],
    ]);
    expect(attempts[0]?.ended_at).toBe(START);
    expect(harness.callTimes('a')).toEqual([0, 2_000]);
  });

  test('one more attempt is made although none is left', async () => {
    const harness = createHarness({ execute: () => failed('refused') });
    await harness.add(launchOf('a', once, { status: 'running', attempts: [open] }));
    await harness.clock.advance(DAY_MS);
    expect(harness.calls.map(({ attempting }) => attempting.attempt)).toEqual([2]);
    expect(harness.record('a').status).toBe('dead');
  });

  test('one that was running is not left out, and does not count as a start against storms', async () => {
    const harness = createHarness({ limits: { stormPerMinute: 1 }, execute: () => undefined });
    const workflow = workflowOf({ concurrency: { limit: 1, key: null, when_full: 'skip' } });
    await harness.add(
      launchOf('new', workflowOf({ workflow_name: 'v' })),
      launchOf('a', workflow, { status: 'running', attempts: [open] }),
      launchOf('b', workflow, { status: 'running', attempts: [open] }),
    );
    expect(harness.calls.map(({ attempting }) => attempting.launch_id)).toEqual(['new', 'a']);
    harness.call('a').end(succeeded());
    await settled();
    expect(harness.call('b').attempting.attempt).toBe(2);
  });

  test.each(['observed', 'succeeded', 'dead', 'skipped'] as const)(
    'what is %s is left alone',
    async (status) => {
      const harness = createHarness();
      await harness.add(launchOf('a', workflowOf(), { status }));
      await harness.clock.advance(DAY_MS);
      expect(harness.story).toEqual([]);
      expect(harness.dispatcher.queued).toBe(0);
    },
  );

  test('what is handed over twice is carried out once', async () => {
    const harness = createHarness({ execute: () => undefined });
    await harness.add(launchOf('a'), launchOf('a'));
    await harness.add(launchOf('a'));
    expect(harness.calls).toHaveLength(1);
    expect(harness.dispatcher.queued).toBe(0);
  });
});

describe('redriving', () => {
  const redrive = (record: LaunchRecord): LaunchRecord => ({
    ...record,
    status: 'pending',
    redriven_after: record.attempts.length,
    next_at: null,
    ended_at: null,
  });

  test('a dead launch has all its attempts again, under its own id and with those before', async () => {
    const harness = createHarness({ execute: () => failed('refused') });
    await harness.add(launchOf('a'));
    await harness.clock.advance(DAY_MS);
    expect(harness.record('a')).toMatchObject({ status: 'dead', redriven_after: 0 });
    harness.dispatcher.replace(redrive(harness.record('a')));
    await harness.clock.advance(DAY_MS);
    const { status, attempts, redriven_after } = harness.record('a');
    expect([status, redriven_after]).toEqual(['dead', 3]);
    expect(attempts.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(harness.callTimes('a').map((ms) => ms - DAY_MS)).toEqual([
      ...[0, 1_000, 3_000].map((ms) => ms - DAY_MS),
      ...[0, 1_000, 3_000],
    ]);
    expect(harness.figures.get('event_to_launch_seconds')).toBe(1);
  });

  test('one that waits for its next attempt does not wait any longer', async () => {
    const harness = createHarness({
      execute: ({ attempt }) => (attempt === 1 ? failed('refused', { retryAfterMs: DAY_MS }) : succeeded()),
    });
    await harness.add(launchOf('a'));
    harness.dispatcher.replace(redrive(harness.record('a')));
    await settled();
    expect(harness.callTimes('a')).toEqual([0, 0]);
    await harness.clock.advance(2 * DAY_MS);
    expect(harness.calls).toHaveLength(2);
    expect(harness.clock.waiting).toBe(0);
  });

  test('one that is queued is carried out once', async () => {
    const harness = createHarness({ limits: { maxRunning: 1 }, execute: () => undefined });
    await harness.add(launchOf('first'), launchOf('a'), launchOf('b'));
    harness.dispatcher.replace(launchOf('a'));
    harness.dispatcher.replace(
      launchOf('b', workflowOf(), { attempts: [refusedAttempt], status: 'retrying', next_at: START }),
    );
    harness.dispatcher.replace(
      launchOf('b', workflowOf(), { attempts: [refusedAttempt], redriven_after: 1 }),
    );
    for (const id of ['first', 'a', 'b']) {
      harness.call(id).end(succeeded());
      await settled();
    }
    expect(harness.calls.map(({ attempting }) => attempting.launch_id)).toEqual(['first', 'a', 'b']);
    expect(harness.dispatcher.running + harness.dispatcher.queued).toBe(0);
  });

  test('a skipped launch runs when there is room', async () => {
    const harness = createHarness({ execute: () => undefined });
    const workflow = workflowOf({ concurrency: { limit: 1, key: null, when_full: 'skip' } });
    await harness.add(launchOf('a', workflow), launchOf('b', workflow));
    harness.call('a').end(succeeded());
    await settled();
    harness.dispatcher.replace(redrive(harness.record('b')));
    await settled();
    harness.call('b').end(succeeded());
    await settled();
    expect(harness.record('b').status).toBe('succeeded');
  });

  test('one whose end is durable, but not heard of yet, is not lost', async () => {
    const harness: Harness = createHarness({
      execute: ({ attempt }) => (attempt === 1 ? failed('refused', { retry: 'never' }) : succeeded()),
      async record(changed, change) {
        // Durable now, and redriven before the dispatcher goes on.
        if (change === 'dead') harness.dispatcher.replace(redrive(changed));
      },
    });
    await harness.add(launchOf('a'));
    expect(harness.record('a')).toMatchObject({ status: 'succeeded', redriven_after: 1 });
    expect(harness.calls).toHaveLength(2);
  });

  test('one whose next attempt is under way already, too', async () => {
    const harness = createHarness({
      execute: ({ attempt }) => (attempt === 3 ? undefined : failed('refused')),
    });
    await harness.add(launchOf('a'));
    const retrying = harness.record('a');
    await harness.clock.advance(3_000);
    harness.dispatcher.replace({ ...redrive(retrying), redriven_after: 2 });
    harness.call('a').end(failed('refused'));
    await harness.clock.advance(DAY_MS);
    expect(harness.record('a')).toMatchObject({ status: 'dead', redriven_after: 2 });
    expect(harness.calls).toHaveLength(5);
  });

  test('one whose next attempt is just beginning goes on with its retries counted anew', async () => {
    let redriven = false;
    const harness: Harness = createHarness({
      execute: () => failed('refused'),
      async record(changed, change) {
        if (change !== 'started' || changed.attempts.length !== 2 || redriven) return;
        redriven = true;
        harness.dispatcher.replace(redrive(harness.record('a')));
      },
    });
    await harness.add(launchOf('a'));
    await harness.clock.advance(DAY_MS);
    expect(harness.record('a')).toMatchObject({ status: 'dead', redriven_after: 1 });
    expect(harness.callTimes('a')).toEqual([0, 1_000, 2_000, 4_000]);
  });
});

describe('stopping', () => {
  test('when nothing runs is done at once, whatever waits', async () => {
    const harness = createHarness({ execute: () => failed('refused') });
    await harness.add(launchOf('a'));
    await harness.dispatcher.stop(30_000);
    expect(harness.clock.waiting).toBe(0);
    await harness.add(launchOf('b'));
    harness.dispatcher.replace(launchOf('c'));
    await harness.clock.advance(DAY_MS);
    expect(harness.calls).toHaveLength(1);
    expect(harness.record('a').status).toBe('retrying');
  });

  test('begins nothing more, and waits for what runs', async () => {
    const harness = createHarness({ limits: { maxRunning: 1 }, execute: () => undefined });
    await harness.add(launchOf('a'), launchOf('b'));
    let over = false;
    const stopped = harness.dispatcher.stop(30_000).then(() => (over = true));
    await harness.clock.advance(20_000);
    expect(over).toBe(false);
    harness.call('a').end(succeeded('done'));
    await stopped;
    expect(harness.record('a')).toMatchObject({ status: 'succeeded', output: 'done' });
    expect(harness.calls).toHaveLength(1);
    expect(harness.clock.waiting).toBe(0);
  });

  test.each([0, 5_000])('cuts off after %i ms, and records nothing of that', async (graceMs) => {
    const harness = createHarness({ execute: () => undefined });
    await harness.add(launchOf('obeys'), launchOf('succeeds'), launchOf('hangs'));
    let over = false;
    const stopped = harness.dispatcher.stop(graceMs).then(() => (over = true));
    await harness.clock.advance(graceMs);
    expect(harness.calls.map(({ signal }) => signal.aborted)).toEqual([true, true, true]);
    harness.call('obeys').end(failed('aborted'));
    harness.call('succeeds').end(succeeded());
    await harness.clock.advance(1_999);
    expect(over).toBe(false);
    await harness.clock.advance(1);
    await stopped;
    for (const id of ['obeys', 'succeeds', 'hangs'])
      expect(harness.record(id)).toMatchObject({
        status: 'running',
        attempts: [{ number: 1, ended_at: null, reason: null }],
      });
    expect(harness.dispatcher.running).toBe(0);
    expect(harness.clock.waiting).toBe(0);
  });

  test('may lose its patience', async () => {
    const harness = createHarness({ execute: () => undefined });
    await harness.add(launchOf('a'));
    const patient = harness.dispatcher.stop(30_000);
    await harness.clock.advance(1_000);
    const hasty = harness.dispatcher.stop(0);
    expect(harness.call('a').signal.aborted).toBe(true);
    harness.call('a').end(failed('aborted'));
    await Promise.all([patient, hasty]);
    expect(harness.record('a').status).toBe('running');
  });

  test('does not call an executor whose beginning is being recorded when all is cut off', async () => {
    const harness = createHarness({
      record: () => new Promise((resolve) => harness.clock.after(100, resolve)),
    });
    await harness.add(launchOf('a'));
    const stopped = harness.dispatcher.stop(0);
    await harness.clock.advance(100);
    await stopped;
    expect(harness.story).toEqual(['started a']);
  });

  test('waits for an end that is being recorded', async () => {
    const harness = createHarness({
      record: (_changed, change) =>
        change === 'started'
          ? Promise.resolve()
          : new Promise((resolve) => harness.clock.after(100, resolve)),
    });
    await harness.add(launchOf('a'));
    const stopped = harness.dispatcher.stop(0);
    await harness.clock.advance(100);
    await stopped;
    expect(harness.record('a').status).toBe('succeeded');
  });
});
