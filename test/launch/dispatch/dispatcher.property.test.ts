import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attemptsMade, retryPlan } from '../../../src/launch/dispatch/retry-plan.js';
import type { Outcome } from '../../../src/model/outcome.js';
import type { LaunchRecord } from '../../../src/model/record.js';
import { failed, succeeded, type Attempting } from '../../../src/ports/executor-kind.js';
import { settled } from '../../support/manual-clock.js';
import { propertyRuns } from '../../support/property-runs.js';
import { createHarness, launchOf, START, workflowOf } from './harness.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** What an attempt does: how long it takes, and what it gives in the end. */
const behaviour = fc.record({
  takesMs: fc.constantFrom(0, 0, 10, 500, 4_000, 100_000),
  gives: fc.constantFrom('success', 'failure', 'failure', 'never', 'throws', 'retry after'),
});
type Behaviour = typeof behaviour extends fc.Arbitrary<infer T> ? T : never;

const aWorkflow = fc.record({
  attempts: fc.integer({ min: 1, max: 4 }),
  jitter: fc.boolean(),
  own: fc.boolean(),
  limit: fc.constantFrom(null, 1, 2),
  keyed: fc.boolean(),
  when_full: fc.constantFrom('queue' as const, 'queue' as const, 'skip' as const),
});

const aLaunch = fc.record({
  workflow: fc.nat(2),
  trigger: fc.constantFrom('t0', 't1'),
  key: fc.constantFrom('eu', 'us'),
  addedMs: fc.constantFrom(0, 0, 100, 1_000, 30_000),
  left: fc.constantFrom('pending', 'pending', 'pending', 'running', 'retrying'),
  maxRetries: fc.nat(2),
  behaviours: fc.array(behaviour, { minLength: 1, maxLength: 5 }),
});

const world = fc.record({
  workflows: fc.array(aWorkflow, { minLength: 3, maxLength: 3 }),
  launches: fc.array(aLaunch, { minLength: 1, maxLength: 25 }),
  maxRunning: fc.integer({ min: 1, max: 5 }),
  stormPerMinute: fc.constantFrom(null, 1, 5),
  failures: fc.constantFrom(2, 5, 1_000),
  recordMs: fc.constantFrom(0, 7),
});

test('every launch ends once, within its attempts, and no limit is ever exceeded', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (drawn) => {
      const workflows = drawn.workflows.map((w, i) =>
        workflowOf({
          workflow_name: `w${i}`,
          timeoutMs: 5_000,
          retry: w.own
            ? { attempts: w.attempts, initialMs: 1_000, factor: 2, maxMs: 10_000, jitter: w.jitter }
            : null,
          concurrency:
            w.limit === null
              ? null
              : { limit: w.limit, key: w.keyed ? '{{ input.key }}' : null, when_full: w.when_full },
        }),
      );
      const launches = drawn.launches.map((l, i): LaunchRecord => {
        const workflow = workflows[l.workflow] ?? workflowOf();
        const base = launchOf(`l${i}`, workflow, { trigger_id: l.trigger, max_retries: l.maxRetries });
        const attempt = { number: 1, started_at: START - 5_000, ended_at: null, reason: null };
        return {
          ...base,
          input: { ...base.input, key: l.key },
          ...(l.left === 'running' && { status: 'running', attempts: [attempt] }),
          ...(l.left === 'retrying' && {
            status: 'retrying',
            attempts: [{ ...attempt, ended_at: START - 4_000, reason: 'refused' }],
            next_at: START + 2_000,
          }),
        };
      });
      const byId = new Map(
        launches.map((launch, i) => [launch.launch_id, { launch, drawn: drawn.launches[i] }]),
      );

      /** What runs right now by the limit it counts against, by what the executor and the records say. */
      const atWork = new Map<string, number>();
      const inPlaces = new Map<string, string>();
      const starts = new Map<string, number[]>();
      const ends = new Map<string, number>();
      const called = new Map<string, number>();
      const placeOf = ({ launch_id }: { readonly launch_id: string }): string => {
        const found = byId.get(launch_id);
        const concurrency = found?.launch.workflow.concurrency;
        if (!concurrency) return 'free';
        return `${found?.launch.workflow_name} ${concurrency.key === null ? '' : found?.drawn?.key}`;
      };
      const limitOf = (launch: LaunchRecord): number => launch.workflow.concurrency?.limit ?? Infinity;

      const harness = createHarness({
        limits: {
          maxRunning: drawn.maxRunning,
          stormPerMinute: drawn.stormPerMinute,
          breaker: { failures: drawn.failures, openMs: 3_000 },
        },
        random: () => 0.7,
        async record(changed, change) {
          const id = changed.launch_id;
          expect(ends.get(id) ?? 0, `${id} changed after its end`).toBe(0);
          if (change === 'started') {
            expect(inPlaces.has(id)).toBe(false);
            inPlaces.set(id, placeOf(changed));
            const beside = [...inPlaces.values()].filter((place) => place === placeOf(changed)).length;
            expect(beside).toBeLessThanOrEqual(limitOf(changed));
            expect(inPlaces.size).toBeLessThanOrEqual(drawn.maxRunning);
            if (changed.attempts.length === 1) {
              const recent = starts.get(changed.trigger_id) ?? [];
              recent.push(harness.clock.now());
              starts.set(changed.trigger_id, recent);
            }
          }
          if (drawn.recordMs > 0)
            await new Promise<void>((resolve) => harness.clock.after(drawn.recordMs, resolve));
          if (change === 'started') return;
          inPlaces.delete(id);
          if (change !== 'retrying') ends.set(id, (ends.get(id) ?? 0) + 1);
        },
        execute(attempting) {
          const { launch_id } = attempting;
          called.set(launch_id, (called.get(launch_id) ?? 0) + 1);
          const place = placeOf(attempting);
          atWork.set(place, (atWork.get(place) ?? 0) + 1);
          const behaviours = byId.get(launch_id)?.drawn?.behaviours ?? [];
          const does = behaviours[(attempting.attempt - 1) % behaviours.length] as Behaviour;
          if (does.takesMs === 0 && does.gives !== 'throws') return outcomeOf(does, attempting);
          const call = harness.calls.at(-1);
          harness.clock.after(does.takesMs, () => {
            if (does.gives === 'throws') call?.reject(new Error('broken'));
            else call?.end(outcomeOf(does, attempting));
          });
          return undefined;
        },
      });
      let passed = 0;
      for (const addedMs of [...new Set(drawn.launches.map((l) => l.addedMs))].sort((a, b) => a - b)) {
        await harness.clock.advance(addedMs - passed);
        passed = addedMs;
        harness.dispatcher.add(launches.filter((_, i) => drawn.launches[i]?.addedMs === addedMs));
      }
      await harness.clock.advance(DAY_MS);
      await settled();

      expect([harness.dispatcher.running, harness.dispatcher.queued]).toEqual([0, 0]);
      for (const { launch, drawn: l } of byId.values()) {
        const id = launch.launch_id;
        const last = harness.record(id);
        expect(ends.get(id)).toBe(1);
        expect(['succeeded', 'dead', 'skipped']).toContain(last.status);
        expect(last.attempts.length).toBe(launch.attempts.length + (called.get(id) ?? 0));
        expect(last.attempts.map(({ number }) => number)).toEqual(last.attempts.map((_, i) => i + 1));
        expect(last.attempts.every(({ ended_at }) => ended_at !== null)).toBe(true);
        const allowed = retryPlan(launch).attempts;
        // One that was tried by a process that died has one more at least.
        expect(attemptsMade(last)).toBeLessThanOrEqual(Math.max(allowed, launch.attempts.length + 1));
        expect(expectedEnd(launch, l?.behaviours ?? [])).toContain(last.status);
        if (last.status === 'skipped') {
          expect(launch.workflow.concurrency?.when_full).toBe('skip');
          expect(last.attempts).toEqual([]);
        }
      }
      if (drawn.stormPerMinute !== null) {
        for (const times of starts.values())
          for (const [i, at] of times.entries()) {
            const before = times[i - drawn.stormPerMinute];
            if (before !== undefined) expect(at - before).toBeGreaterThanOrEqual(MINUTE_MS);
          }
      }
      expect(harness.logged.filter(({ message }) => message.includes('broke off'))).toEqual([]);
    }),
    propertyRuns(0.06),
  );
});

function outcomeOf({ gives }: Behaviour, { attempt }: Attempting): Outcome {
  if (gives === 'success') return succeeded(attempt);
  return failed('refused', {
    retry: gives === 'never' ? 'never' : 'yes',
    retryAfterMs: gives === 'retry after' ? 20_000 : null,
  });
}

/** The oracle: its attempts one after the other, as if it were alone. */
function expectedEnd(
  launch: LaunchRecord,
  behaviours: readonly Behaviour[],
): readonly LaunchRecord['status'][] {
  const mayBeSkipped = launch.workflow.concurrency?.when_full === 'skip' && launch.attempts.length === 0;
  const skipped = mayBeSkipped ? (['skipped'] as const) : [];
  for (let attempt = launch.attempts.length + 1; ; attempt++) {
    const does = behaviours[(attempt - 1) % behaviours.length] as Behaviour;
    // Too long for its timeout and the two seconds after it.
    const given = does.takesMs > 7_000 ? 'failure' : does.gives;
    if (given === 'success') return ['succeeded', ...skipped];
    if (given === 'never' || attempt >= retryPlan(launch).attempts) return ['dead', ...skipped];
  }
}
