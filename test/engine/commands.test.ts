import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createApp } from '../../src/app/compose.js';

const app = createApp({ stdin: process.stdin }, { LIMIT: '7' });
const place = mkdtempSync(join(tmpdir(), 'triggerd-commands-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));
let folders = 0;

/** A rule folder of one file, and beside it a file of events. */
function given(
  rules: string,
  events: readonly (object | string)[] = [],
): { folder: string; events: readonly string[] } {
  const root = join(place, `${folders++}`);
  mkdirSync(join(root, 'rules'), { recursive: true });
  writeFileSync(join(root, 'rules', 'rules.yaml'), rules);
  const file = join(root, 'events.jsonl');
  writeFileSync(
    file,
    events.map((event) => (typeof event === 'string' ? event : JSON.stringify(event))).join('\n'),
  );
  return { folder: join(root, 'rules'), events: [file] };
}

const workflows = 'workflows: { note: { executor: log, with: { message: noted } } }';
const large = `triggers:
  - { trigger_id: large, event_types: [order.paid], filters: { payload.total: { at_least: 100 }, payload.region: eu }, workflow_name: note, workflow_input: { total: "{{ event.payload.total }}" } }
  - { trigger_id: silent, event_types: [order.lost], workflow_name: note }
${workflows}`;

describe('dry-run', () => {
  test('tells launches, near misses, events that nothing took and rules that never fired', async () => {
    const report = await app.dryRun({
      ...given(large, [
        { event_type: 'order.paid', payload: { total: 150, region: 'eu' } },
        { event_type: 'order.paid', payload: { total: 50, region: 'eu' } },
        { event_type: 'order.paid', payload: { total: 500, region: 'us' } },
        { event_type: 'order.paid', payload: { total: 60, region: 'eu' } },
        { event_type: 'order.sent' },
        { event_type: 'order.paid', event_id: 'line-1', payload: { total: 150, region: 'eu' } },
      ]),
      explain: false,
      until: null,
    });
    expect(report.launches.map(({ event_id, at, input }) => [event_id, at, input['total']])).toEqual([
      ['line-1', '2000-01-01T00:00:00Z', 150],
    ]);
    expect(report.duplicate_events).toBe(1);
    expect(report.unaccepted_events).toEqual(['line-2', 'line-3', 'line-4', 'line-5']);
    expect(report.never_fired).toEqual(['silent']);
    expect(
      report.near_misses.map(({ trigger_id, count, test: asked, found }) => [
        trigger_id,
        count,
        asked,
        found,
      ]),
    ).toEqual([
      ['large', 2, 'payload.total at_least 100', '60'],
      ['large', 1, 'payload.region equal "eu"', '"us"'],
    ]);
    expect(report.near_misses[0]?.place).toMatchObject({ line: 2 });
  });

  test.each([
    ['not JSON', ['{"event_type": "x"}', '{"event_type": '], /events\.jsonl:2/],
    ['an unknown field', [{ event_typ: 'x' }], /events\.jsonl:1: event_typ/],
    ['a bad time', [{ event_type: 'x', timestamp: 'yesterday' }], /events\.jsonl:1: timestamp/],
    ['no object', ['42'], /events\.jsonl:1/],
  ])('stops at an event that is %s and says where', async (_what, events, message) => {
    await expect(app.dryRun({ ...given(large, events), explain: false, until: null })).rejects.toThrow(
      message,
    );
  });

  test('one broken file among good ones runs nothing', async () => {
    const { folder, events } = given(large, [{ event_type: 'order.paid' }]);
    writeFileSync(join(folder, 'broken.yaml'), 'triggers: [{ trigger_id: x');
    await expect(app.dryRun({ folder, events, explain: false, until: null })).rejects.toMatchObject({
      code: 'rules-invalid',
    });
  });

  test('runs the clock on when asked', async () => {
    const rules = `triggers:
  - { trigger_id: late, event_types: [x], condition: { time_based: { after: 10m } }, workflow_name: note }
${workflows}`;
    const event = { event_type: 'x', timestamp: '2026-01-01T00:00:00Z' };
    for (const [until, count] of [
      [null, 0],
      ['10m', 1],
      ['2026-01-01T00:09:59Z', 0],
      ['2026-01-01T00:10:00Z', 1],
    ] as const) {
      const report = await app.dryRun({ ...given(rules, [event]), explain: false, until });
      expect(report.launches, String(until)).toHaveLength(count);
    }
    await expect(
      app.dryRun({ ...given(rules, [event]), explain: false, until: 'soon' }),
    ).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('backtest', () => {
  test('names the launches that a change adds, removes and changes', async () => {
    const events = [
      { event_type: 'order.paid', payload: { total: 150, region: 'eu' } },
      { event_type: 'order.paid', payload: { total: 90, region: 'eu' } },
      { event_type: 'order.lost' },
    ];
    const before = given(large, events);
    const after = given(
      large
        .replace('at_least: 100', 'at_least: 80')
        .replace('"{{ event.payload.total }}"', '"{{ event.payload.total | plus: 1 }}"')
        .replace('order.lost', 'order.gone'),
    );
    const report = await app.backtest({
      folder: after.folder,
      events: before.events,
      against: before.folder,
      until: null,
    });
    expect(report.added.map(({ event_id }) => event_id)).toEqual(['line-2']);
    expect(report.removed.map(({ trigger_id }) => trigger_id)).toEqual(['silent']);
    expect(
      report.changed.map((change) => [change.before.input['total'], change.after.input['total']]),
    ).toEqual([[150, 151]]);
  });
});

describe('test', () => {
  test('shows what is missing, unexpected and different, and stops at nothing', async () => {
    const { folder } = given(`${large}
tests:
  - name: wrong input
    triggers: [large]
    events: [{ at: 0s, event_type: order.paid, payload: { total: 150, region: eu } }]
    expect: [{ at: 0s, trigger_id: large, input: { total: 151 } }]
  - name: nothing expected
    events: [{ at: 0s, event_type: order.lost }]
    expect: []
  - name: too much expected
    events: []
    expect: [{ trigger_id: silent }]
  - name: right
    triggers: [silent]
    events: [{ at: 0s, event_type: order.paid, payload: { total: 150, region: eu } }]
    expect: []
`);
    const report = await app.test({ folder, run: '^[a-z ]+$' });
    const shape = report.tests.map(({ name, status, missing, unexpected, different, problem }) => [
      name,
      status,
      missing.length,
      unexpected.length,
      different.length,
      problem !== null,
    ]);
    expect(shape).toEqual([
      ['wrong input', 'failed', 0, 0, 1, false],
      ['nothing expected', 'failed', 0, 1, 0, false],
      ['too much expected', 'failed', 1, 0, 0, false],
      ['right', 'passed', 0, 0, 0, false],
    ]);
    expect(report.tests[0]?.different[0]).toMatchObject({
      expected: { input: { total: 151 } },
      actual: { input: { total: 150 } },
    });
    expect((await app.test({ folder, run: '^right$' })).tests).toHaveLength(1);
    await expect(app.test({ folder, run: '(' })).rejects.toMatchObject({ code: 'usage' });
  });

  test('takes variables from the environment, and from a test', async () => {
    const { folder } = given(`variables: { limit: { env: LIMIT, default: 5 } }
triggers:
  - { trigger_id: t, event_types: [x], filters: { payload.n: { at_least: { var: limit } } }, workflow_name: note, workflow_input: { limit: "{{ vars.limit }}" } }
${workflows}
tests:
  - name: seven, from the environment
    events: [{ at: 0s, event_type: x, payload: { n: 6 } }, { at: 1s, event_type: x, payload: { n: 7 } }]
    expect: [{ at: 1s, input: { limit: 7 } }]
  - name: three, for this test
    variables: { limit: 3 }
    events: [{ at: 0s, event_type: x, payload: { n: 3 } }]
    expect: [{ at: 0s, input: { limit: 3 } }]
`);
    const report = await app.test({ folder, run: null });
    expect(report.tests).toMatchObject([{ status: 'passed' }, { status: 'passed' }]);
  });
});

test('graph leads from event types over triggers and workflows to what emit publishes', async () => {
  const { folder } = given(`triggers:
  - { trigger_id: t, event_types: [x], workflow_name: publish }
workflows: { publish: { executor: emit, with: { event_type: y } } }`);
  const { edges } = await app.graph({ folder });
  expect(edges).toEqual([
    { from: 'event_type:x', to: 'trigger:t' },
    { from: 'trigger:t', to: 'workflow:publish' },
    { from: 'workflow:publish', to: 'event_type:y' },
  ]);
});
