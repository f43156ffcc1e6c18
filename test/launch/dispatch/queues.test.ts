import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFifo } from '../../../src/launch/dispatch/fifo.js';
import { createHeap } from '../../../src/launch/dispatch/heap.js';
import type { Workflow } from '../../../src/model/trigger.js';
import { failed, succeeded } from '../../../src/ports/executor-kind.js';
import { settled } from '../../support/manual-clock.js';
import { propertyRuns } from '../../support/property-runs.js';
import { createHarness, launchOf, START, workflowOf, type Harness } from './harness.js';

const called = (harness: Harness): string[] => harness.calls.map(({ attempting }) => attempting.launch_id);

async function end(harness: Harness, id: string): Promise<void> {
  harness.call(id).end(succeeded());
  await settled();
}

function keyed(concurrency: Partial<NonNullable<Workflow['concurrency']>>): Workflow {
  return workflowOf({ concurrency: { limit: 1, key: null, when_full: 'queue', ...concurrency } });
}

function inRegion(id: string, region: string, workflow: Workflow) {
  const launch = launchOf(id, workflow);
  return { ...launch, input: { ...launch.input, region } };
}

describe('concurrency', () => {
  test('no more than the limit run; the rest waits in the order it was decided', async () => {
    const harness = createHarness({ execute: () => undefined });
    const workflow = keyed({ limit: 2 });
    await harness.add(...['a', 'b', 'c', 'd'].map((id) => launchOf(id, workflow)));
    expect(called(harness)).toEqual(['a', 'b']);
    expect([harness.dispatcher.running, harness.dispatcher.queued]).toEqual([2, 2]);
    await end(harness, 'b');
    expect(called(harness)).toEqual(['a', 'b', 'c']);
    await end(harness, 'a');
    expect(called(harness)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('is counted apart for each key, and a full key holds up no other', async () => {
    const harness = createHarness({ execute: () => undefined });
    const workflow = keyed({ key: '{{ input.region }}' });
    await harness.add(
      inRegion('eu1', 'eu', workflow),
      inRegion('eu2', 'eu', workflow),
      inRegion('us1', 'us', workflow),
      inRegion('us2', 'us', workflow),
      launchOf('none1', workflow),
      launchOf('none2', workflow),
    );
    expect(called(harness)).toEqual(['eu1', 'us1', 'none1']);
    await end(harness, 'us1');
    expect(called(harness)).toEqual(['eu1', 'us1', 'none1', 'us2']);
  });

  test('one that waits for its retry takes up no place, and comes back before those decided after it', async () => {
    const harness = createHarness({
      execute: ({ launch_id, attempt }) =>
        launch_id === 'a' && attempt === 1 ? failed('refused') : undefined,
    });
    await harness.add(...['a', 'b', 'c', 'd'].map((id) => launchOf(id, keyed({}))));
    expect(called(harness)).toEqual(['a', 'b']);
    await harness.clock.advance(1_000);
    expect(called(harness)).toEqual(['a', 'b']);
    await end(harness, 'b');
    expect(called(harness)).toEqual(['a', 'b', 'a']);
    await end(harness, 'a');
    expect(called(harness)).toEqual(['a', 'b', 'a', 'c']);
  });

  test('skip leaves out what comes while it is full, without an attempt', async () => {
    const harness = createHarness({ execute: () => undefined });
    const workflow = keyed({ key: '{{ input.region }}', when_full: 'skip' });
    await harness.add(inRegion('eu1', 'eu', workflow), inRegion('eu2', 'eu', workflow));
    await harness.add(inRegion('eu3', 'eu', workflow), inRegion('us1', 'us', workflow));
    expect(called(harness)).toEqual(['eu1', 'us1']);
    for (const id of ['eu2', 'eu3'])
      expect(harness.record(id)).toMatchObject({
        status: 'skipped',
        attempts: [],
        ended_at: START,
        output: { reason: 'as many of its launches were running already as its concurrency allows' },
      });
    await end(harness, 'eu1');
    await harness.add(inRegion('eu4', 'eu', workflow));
    expect(called(harness)).toEqual(['eu1', 'us1', 'eu4']);
    expect(harness.figures.get('launches_total{w,skipped}')).toBe(2);
  });

  test('skip leaves out even what all places together kept from being looked at', async () => {
    const harness = createHarness({ limits: { maxRunning: 1 }, execute: () => undefined });
    const workflow = keyed({ when_full: 'skip' });
    await harness.add(launchOf('other', workflowOf({ workflow_name: 'other' })));
    await harness.add(launchOf('a', workflow), launchOf('b', workflow));
    await end(harness, 'other');
    expect(called(harness)).toEqual(['other', 'a']);
    expect(harness.record('b').status).toBe('skipped');
  });

  test('skip leaves out none that was tried before', async () => {
    const harness = createHarness({
      execute: ({ attempt }) => (attempt === 1 ? failed('refused') : undefined),
    });
    const workflow = keyed({ when_full: 'skip' });
    await harness.add(launchOf('a', workflow));
    await harness.clock.advance(500);
    await harness.add(launchOf('b', workflow));
    await harness.clock.advance(2_000);
    expect(called(harness)).toEqual(['a', 'b', 'a']);
    await end(harness, 'a');
    expect(called(harness)).toEqual(['a', 'b', 'a', 'b']);
  });

  test('a launch keeps the limit it was decided under', async () => {
    const harness = createHarness({ execute: () => undefined });
    await harness.add(...['a', 'b', 'c'].map((id) => launchOf(id, keyed({ limit: 3 }))));
    await harness.add(launchOf('d', keyed({ limit: 1 })));
    expect(called(harness)).toEqual(['a', 'b', 'c']);
    await end(harness, 'a');
    await end(harness, 'b');
    expect(called(harness)).toHaveLength(3);
    await end(harness, 'c');
    expect(called(harness)).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('between workflows', () => {
  test('each gets one start a round, however much waits in another', async () => {
    const harness = createHarness({ limits: { maxRunning: 1 }, execute: () => undefined });
    const many = Array.from({ length: 100 }, (_, i) =>
      launchOf(`m${i}`, workflowOf({ workflow_name: 'many' })),
    );
    await harness.add(...many);
    await harness.add(
      launchOf('x1', workflowOf({ workflow_name: 'x' })),
      launchOf('y1', workflowOf({ workflow_name: 'y' })),
      launchOf('x2', workflowOf({ workflow_name: 'x' })),
    );
    for (let i = 0; i < 6; i++) await end(harness, called(harness).at(-1) ?? '');
    expect(called(harness)).toEqual(['m0', 'm1', 'x1', 'y1', 'm2', 'x2', 'm3']);
  });

  test('one whose concurrency is full holds up no other', async () => {
    const harness = createHarness({ limits: { maxRunning: 2 }, execute: () => undefined });
    await harness.add(launchOf('a', keyed({})), launchOf('b', keyed({})));
    await harness.add(launchOf('x', workflowOf({ workflow_name: 'x' })));
    expect(called(harness)).toEqual(['a', 'x']);
  });
});

describe('storms', () => {
  test('no more than the bound of one trigger’s launches start in any minute; none is lost', async () => {
    const harness = createHarness({ limits: { stormPerMinute: 3 } });
    await harness.add(...Array.from({ length: 8 }, (_, i) => launchOf(`s${i}`)));
    await harness.add(launchOf('other', workflowOf(), { trigger_id: 'other' }));
    expect(called(harness)).toEqual(['s0', 's1', 's2', 'other']);
    expect(harness.notices).toEqual([
      'storm t: t launches more often than 3 times a minute, so the rest has to wait',
    ]);
    await harness.clock.advance(59_999);
    expect(harness.calls).toHaveLength(4);
    await harness.clock.advance(1);
    expect(called(harness).slice(4)).toEqual(['s3', 's4', 's5']);
    await harness.clock.advance(60_000);
    expect(called(harness).slice(7)).toEqual(['s6', 's7']);
    expect(harness.notices).toHaveLength(2);
    await harness.clock.advance(60_000);
    expect(harness.clock.waiting).toBe(0);
  });

  test('retries are no starts, and do not wait for them', async () => {
    const harness = createHarness({
      limits: { stormPerMinute: 1 },
      execute: ({ attempt }) => (attempt === 1 ? failed('refused') : succeeded()),
    });
    await harness.add(launchOf('a'), launchOf('b'));
    await harness.clock.advance(1_000);
    expect(called(harness)).toEqual(['a', 'a']);
    await harness.clock.advance(60_000);
    expect(called(harness)).toEqual(['a', 'a', 'b', 'b']);
  });

  test('a clock that is set back does not keep the trigger waiting for hours', async () => {
    const harness = createHarness({ limits: { stormPerMinute: 1 } });
    await harness.add(launchOf('a'), launchOf('b'));
    harness.clock.set(START - 86_400_000);
    await harness.clock.advance(60_000);
    expect(called(harness)).toEqual(['a', 'b']);
  });
});

describe('the breaker', () => {
  const limits = { breaker: { failures: 3, openMs: 10_000 }, maxRunning: 1 };
  const once = workflowOf({
    retry: { attempts: 1, initialMs: 1_000, factor: 2, maxMs: 300_000, jitter: false },
  });

  test('opens after so many failures in a row, lets one through after a while, and closes when that succeeds', async () => {
    let works = false;
    const harness = createHarness({
      limits,
      execute: ({ launch_id }) => (works || launch_id === 'x' ? succeeded() : failed('refused')),
    });
    await harness.add(...Array.from({ length: 8 }, (_, i) => launchOf(`l${i}`, once)));
    await harness.add(launchOf('x', workflowOf({ workflow_name: 'x' })));
    expect(called(harness).filter((id) => id !== 'x')).toEqual(['l0', 'l1', 'l2']);
    expect(called(harness)).toContain('x');
    expect(harness.notices).toEqual(['breaker w: w failed too often and is left alone for 10s: refused']);
    expect(harness.dispatcher.queued).toBe(5);
    await harness.clock.advance(9_999);
    expect(harness.calls).toHaveLength(4);
    await harness.clock.advance(1);
    expect(harness.calls).toHaveLength(5);
    await harness.clock.advance(19_999);
    expect(harness.calls).toHaveLength(5);
    works = true;
    await harness.clock.advance(1);
    expect(harness.calls).toHaveLength(9);
    expect(harness.dispatcher.queued).toBe(0);
    expect(harness.record('l7').status).toBe('succeeded');
  });

  test('doubles the time it stays open, up to 16 times', async () => {
    const harness = createHarness({ limits, execute: () => failed('refused') });
    await harness.add(...Array.from({ length: 10 }, (_, i) => launchOf(`l${i}`, once)));
    await harness.clock.advance(86_400_000);
    const times = harness.calls.map(({ at }) => (at - START) / 1_000);
    expect(times).toEqual([0, 0, 0, 10, 30, 70, 150, 310, 470, 630]);
  });

  test('a success in between starts the count anew, and one attempt at a time is let through', async () => {
    const harness = createHarness({ limits: { ...limits, maxRunning: 10 }, execute: () => undefined });
    await harness.add(...Array.from({ length: 6 }, (_, i) => launchOf(`l${i}`, keyedOnce(6))));
    for (const [i, outcome] of [failed('a'), failed('b'), succeeded(), failed('c'), failed('d')].entries())
      harness.call(`l${i}`).end(outcome);
    await settled();
    await harness.add(launchOf('m', once), launchOf('late', once));
    expect(called(harness)).toContain('late');
    harness.call('l5').end(failed('e'));
    await settled();
    await harness.add(launchOf('n', once), launchOf('o', once));
    // From before it opened: says nothing about now.
    harness.call('m').end(succeeded());
    await settled();
    expect(called(harness)).not.toContain('n');
    await harness.clock.advance(10_000);
    expect(called(harness)).toContain('n');
    harness.call('late').end(succeeded());
    await settled();
    expect(called(harness)).not.toContain('o');
    harness.call('n').end(succeeded());
    await settled();
    expect(called(harness)).toContain('o');
  });

  test('one let through that cannot be attempted leaves the chance to the next', async () => {
    let works = false;
    const harness = createHarness({ limits, execute: () => (works ? succeeded() : failed('refused')) });
    await harness.add(...['a', 'b', 'c'].map((id) => launchOf(id, once)));
    await harness.add(launchOf('d', { ...once, with: { url: '{{ nobody.knows }}' } }), launchOf('e', once));
    works = true;
    await harness.clock.advance(10_000);
    expect([harness.record('d').status, harness.record('e').status]).toEqual(['dead', 'succeeded']);
  });

  function keyedOnce(limit: number): Workflow {
    return { ...once, concurrency: { limit, key: null, when_full: 'queue' } };
  }
});

describe('the parts', () => {
  test('a heap gives the lowest rank first, whatever was moved and taken out', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('set' as const), item: fc.nat(20), rank: fc.nat(30) }),
      fc.record({ kind: fc.constant('delete' as const), item: fc.nat(20) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const heap = createHeap<number>();
        const model = new Map<number, number>();
        for (const one of steps) {
          if (one.kind === 'delete') expect(heap.delete(one.item)).toBe(model.delete(one.item));
          else {
            heap.set(one.item, one.rank);
            model.set(one.item, one.rank);
          }
          expect(heap.size).toBe(model.size);
          const first = heap.first();
          if (first === undefined) expect(model.size).toBe(0);
          else expect(model.get(first)).toBe(Math.min(...model.values()));
        }
      }),
      propertyRuns(0.1),
    );
  });

  test('a queue gives what came first, and forgets it', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 500 }), (steps) => {
        const fifo = createFifo<number>();
        const model: number[] = [];
        for (const [i, push] of steps.entries()) {
          if (push) {
            fifo.push(i);
            model.push(i);
          } else expect(fifo.shift()).toBe(model.shift());
          expect([fifo.size, fifo.first()]).toEqual([model.length, model[0]]);
        }
      }),
      propertyRuns(0.05),
    );
  });
});
