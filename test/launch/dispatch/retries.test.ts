import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retryDelayMs, LONGEST_RETRY_AFTER_MS } from '../../../src/launch/dispatch/retry-plan.js';
import type { LaunchRecord } from '../../../src/model/record.js';
import type { Workflow } from '../../../src/model/trigger.js';
import { failed, succeeded } from '../../../src/ports/executor-kind.js';
import { propertyRuns } from '../../support/property-runs.js';
import { createHarness, launchOf, SECRET, START, workflowOf } from './harness.js';

const DAY_MS = 86_400_000;

interface Schedule {
  readonly name: string;
  readonly retry: Partial<NonNullable<Workflow['retry']>> | null;
  readonly event?: Partial<LaunchRecord>;
  readonly retryAfterMs?: number;
  /** Seconds from the start at which it is attempted when all fail. */
  readonly attempts: readonly number[];
}

const schedules: readonly Schedule[] = [
  { name: 'doubles', retry: { attempts: 5 }, attempts: [0, 1, 3, 7, 15] },
  { name: 'is capped', retry: { attempts: 5, maxMs: 2_000 }, attempts: [0, 1, 3, 5, 7] },
  { name: 'may stay the same', retry: { attempts: 4, factor: 1 }, attempts: [0, 1, 2, 3] },
  { name: 'may not wait at all', retry: { attempts: 3, initialMs: 0 }, attempts: [0, 0, 0] },
  { name: 'may be one attempt', retry: { attempts: 1 }, attempts: [0] },
  {
    name: 'draws from the whole time with jitter',
    retry: { attempts: 4, jitter: true },
    attempts: [0, 0.5, 1.5, 3.5],
  },
  {
    name: 'is the event’s when the workflow says nothing',
    retry: null,
    event: { max_retries: 2 },
    attempts: [0, 0.5, 1.5],
  },
  {
    name: 'is none when the event may not be retried',
    retry: null,
    event: { retryable: false },
    attempts: [0],
  },
  {
    name: 'is the workflow’s even then',
    retry: { attempts: 2 },
    event: { retryable: false, max_retries: 0 },
    attempts: [0, 1],
  },
  {
    name: 'waits as long as the other side asks',
    retry: { attempts: 3 },
    retryAfterMs: 60_000,
    attempts: [0, 60, 120],
  },
  {
    name: 'waits its own time when it is longer',
    retry: { attempts: 3 },
    retryAfterMs: 1_500,
    attempts: [0, 1.5, 3.5],
  },
];

describe('the schedule of retries', () => {
  test.each(schedules)('$name', async ({ retry, event, retryAfterMs, attempts }) => {
    const base = workflowOf().retry;
    if (base === null) throw new TypeError('the test workflow has retries');
    const workflow = workflowOf({ retry: retry === null ? null : { ...base, ...retry } });
    const harness = createHarness({
      execute: () => failed('refused', { retryAfterMs: retryAfterMs ?? null }),
    });
    await harness.add(launchOf('a', workflow, event));
    await harness.clock.advance(DAY_MS);
    expect(harness.callTimes('a')).toEqual(attempts.map((seconds) => seconds * 1_000));
    const { status, attempts: made, ended_at, next_at } = harness.record('a');
    expect(status).toBe('dead');
    expect(next_at).toBe(null);
    expect(ended_at).toBe(START + (attempts.at(-1) ?? 0) * 1_000);
    expect(made.map(({ number, reason }) => [number, reason])).toEqual(
      attempts.map((_, index) => [index + 1, 'refused']),
    );
    expect(harness.dispatcher.running + harness.dispatcher.queued).toBe(0);
  });

  test('between two attempts the launch is retrying, and says when the next is due', async () => {
    const harness = createHarness({ execute: () => failed('refused', { output: { status: 503 } }) });
    await harness.add(launchOf('a'));
    expect(harness.record('a')).toMatchObject({
      status: 'retrying',
      next_at: START + 1_000,
      ended_at: null,
      output: { status: 503 },
    });
    expect([harness.dispatcher.running, harness.dispatcher.queued]).toEqual([0, 1]);
  });

  test('the attempt that succeeds is the last', async () => {
    const harness = createHarness({
      execute: ({ attempt }) => (attempt < 3 ? failed('refused') : succeeded({ ticket: 7 })),
    });
    await harness.add(launchOf('a'));
    await harness.clock.advance(DAY_MS);
    const { status, output, attempts } = harness.record('a');
    expect({ status, output }).toEqual({ status: 'succeeded', output: { ticket: 7 } });
    expect(attempts.map(({ reason }) => reason)).toEqual(['refused', 'refused', null]);
    expect(harness.calls.map(({ attempting }) => attempting.attempt)).toEqual([1, 2, 3]);
  });

  test('never means never', async () => {
    const harness = createHarness({ execute: () => failed('no such file', { retry: 'never' }) });
    await harness.add(launchOf('a'));
    await harness.clock.advance(DAY_MS);
    expect(harness.record('a')).toMatchObject({ status: 'dead', attempts: [{ reason: 'no such file' }] });
    expect(harness.story).toEqual(['started a', 'call a', 'dead a']);
    expect(harness.figures.get('dead_letters_total{w}')).toBe(1);
  });

  test('a clock that is set back in between delays nothing', async () => {
    const harness = createHarness({
      execute: ({ attempt }) => (attempt === 1 ? failed('refused') : succeeded()),
    });
    await harness.add(launchOf('a'));
    harness.clock.set(START - DAY_MS);
    await harness.clock.advance(1_000);
    const { status, attempts } = harness.record('a');
    expect(status).toBe('succeeded');
    for (const { started_at, ended_at } of attempts) expect(ended_at).toBeGreaterThanOrEqual(started_at);
  });
});

test('a delay lies between what the other side asks and the capped exponential, whatever the settings', () => {
  const plan = fc.record({
    attempts: fc.integer({ min: 1, max: 1_000 }),
    initialMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3_600_000 })),
    factor: fc.double({ min: 1, max: 100, noNaN: true }),
    maxMs: fc.integer({ min: 0, max: 31_622_400_000 }),
    jitter: fc.boolean(),
  });
  const asked = fc.oneof(fc.constant(null), fc.double(), fc.integer({ min: 0, max: 90_000_000 }));
  const drawn = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(
      plan,
      fc.integer({ min: 1, max: 1_000 }),
      asked,
      drawn,
      (settings, made, retryAfterMs, random) => {
        const delay = retryDelayMs(settings, made, retryAfterMs, () => random);
        const full =
          settings.initialMs === 0
            ? 0
            : Math.min(settings.maxMs, settings.initialMs * settings.factor ** (made - 1));
        const least =
          retryAfterMs !== null && retryAfterMs > 0 ? Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS) : 0;
        expect(Number.isSafeInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(least);
        expect(delay).toBeLessThanOrEqual(Math.max(Math.ceil(least), Math.ceil(full)));
        if (!settings.jitter) expect(delay).toBe(Math.max(Math.ceil(least), Math.ceil(full)));
        else if (least === 0) expect(Math.abs(delay - full * random)).toBeLessThan(1);
      },
    ),
    propertyRuns(1),
  );
});

describe('what is recorded of an outcome', () => {
  test('secrets are taken out of reason and output', async () => {
    const harness = createHarness({
      execute: () =>
        failed(`401 for Bearer ${SECRET}`, {
          retry: 'never',
          output: { echoed: [`token=${SECRET}`], [SECRET]: 1 },
        }),
    });
    await harness.add(launchOf('a'));
    const { attempts, output } = harness.record('a');
    expect(attempts[0]?.reason).toBe('401 for Bearer [secret]');
    expect(output).toEqual({ echoed: ['token=[secret]'], '[secret]': 1 });
    expect(JSON.stringify(harness.logged)).not.toContain(SECRET);
  });

  const own: Record<string, unknown> = {};
  own['self'] = own;
  own['again'] = own;
  test.each<{ readonly name: string; readonly given: unknown; readonly reason: string }>([
    { name: 'nothing', given: undefined, reason: 'fault in the executor: it gave no outcome' },
    { name: 'a text', given: 'done', reason: 'fault in the executor: it gave no outcome' },
    { name: 'an object', given: {}, reason: 'fault in the executor: it gave no outcome' },
    {
      name: 'a success with a number too large',
      given: { ok: true, output: 1n },
      reason: 'fault in the executor: its output is no JSON',
    },
    {
      name: 'a success that holds itself',
      given: { ok: true, output: own },
      reason: 'fault in the executor: its output is no JSON',
    },
    { name: 'a failure without words', given: { ok: false }, reason: 'no reason given' },
  ])('an executor that gives $name failed, and is retried', async ({ given, reason }) => {
    const broken = {
      name: 'broken',
      summary: '',
      schema: {},
      examples: [],
      load: async () => async () => given as never,
    };
    const harness = createHarness({ executors: [broken] });
    await harness.add(launchOf('a', workflowOf({ executor: 'broken' })));
    expect(harness.record('a')).toMatchObject({ status: 'retrying', attempts: [{ reason }] });
  });

  test('an output too large is cut to its beginning', async () => {
    const harness = createHarness({ execute: () => succeeded({ body: 'x'.repeat(1_000_000) }) });
    await harness.add(launchOf('a'));
    const { output } = harness.record('a');
    expect(output).toMatch(/^\{"body":"x+…$/);
    expect(String(output)).toHaveLength(262_144);
  });

  test('a reason too long is cut after its secrets were taken out', async () => {
    const harness = createHarness({
      execute: () => failed(`${'x'.repeat(4_090)}${SECRET}`, { retry: 'never' }),
    });
    await harness.add(launchOf('a'));
    const reason = harness.record('a').attempts[0]?.reason ?? '';
    expect(reason).toHaveLength(4_096);
    expect(reason.slice(4_090)).toBe('[secr…');
  });
});
