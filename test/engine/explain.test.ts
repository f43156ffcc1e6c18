import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createApp } from '../../src/app/compose.js';
import type { Why } from '../../src/model/report.js';
import { folder } from '../support/rules.js';

const app = createApp({ stdin: process.stdin }, {});
const place = mkdtempSync(join(tmpdir(), 'triggerd-explain-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

async function explainRules(rules: string, events: readonly object[], trigger: string) {
  writeFileSync(join(place, 'rules.yaml'), rules);
  writeFileSync(join(place, 'events.jsonl'), events.map((event) => JSON.stringify(event)).join('\n'));
  const report = await app.explain({
    folder: join(place, 'rules.yaml'),
    trigger,
    events: [join(place, 'events.jsonl')],
  });
  return report.why;
}

const workflows = 'workflows: { note: { executor: log, with: { message: noted } } }';

describe('explain', () => {
  test('a launch that a timer made on the way to an event is not put down to the event', async () => {
    const why = await explainRules(
      `triggers:
  - { trigger_id: deadline, event_types: [x], group_by: [payload.id], condition: { time_based: { after: 10s } }, workflow_name: note }
${workflows}`,
      [
        { event_type: 'x', timestamp: '2026-01-01T00:00:00Z', payload: { id: 1 } },
        { event_type: 'x', timestamp: '2026-01-01T00:01:00Z', payload: { id: 2 } },
      ],
      'deadline',
    );
    expect(why.map(({ outcome }) => outcome)).toEqual(['remembered', 'remembered']);
  });

  test.each([
    ['type', { event_type: 'y' }, /event_type is "y", wanted in \["x"\]/],
    ['value', { event_type: 'x', payload: { n: 1, s: 'b' } }, /payload.n is 1, wanted equal 5/],
    [
      'type of the value',
      { event_type: 'x', payload: { n: '5', s: 'b' } },
      /payload.n is "5", wanted equal 5 \(a string, the test wants a number/,
    ],
    [
      'missing field',
      { event_type: 'x', payload: { m: 5, s: 'b' } },
      /payload.n is not there, wanted equal 5 \(no/,
    ],
    [
      'case',
      { event_type: 'x', payload: { n: 5, s: 'B' } },
      /payload.s is "B", wanted equal "b" \(differs only in case/,
    ],
    [
      'group',
      { event_type: 'x', payload: { n: 5, s: 'b' } },
      /group cannot be told: user_id is null|user_id/,
    ],
  ])('names the deciding test, the value found and the value wanted: %s', async (_what, event, reason) => {
    const [why] = await explainRules(
      `triggers:
  - { trigger_id: t, event_types: [x], filters: { payload.n: 5, payload.s: b }, group_by: [payload.user_id], workflow_name: note }
${workflows}`,
      [event],
      't',
    );
    expect(why?.outcome).toBe('not_matched');
    expect(why?.reason).toMatch(reason);
    expect(why?.deciding?.place?.line).toBe(2);
  });

  test('each element of for_each has a verdict of its own', async () => {
    const why = await explainRules(
      `triggers:
  - { trigger_id: t, event_types: [x], for_each: payload.list, filters: { item.n: 1 }, workflow_name: note }
${workflows}`,
      [{ event_type: 'x', payload: { list: [{ n: 1 }, { n: 2 }] } }],
      't',
    );
    expect(why.map(({ item, outcome }) => [item, outcome])).toEqual([
      [0, 'launched'],
      [1, 'not_matched'],
    ]);
  });

  test('a suppressed trigger says by which gate and until when', async () => {
    const why = await explainRules(
      `triggers:
  - { trigger_id: t, event_types: [x], workflow_name: note, cooldown: 10s }
${workflows}`,
      [
        { event_type: 'x', timestamp: '2026-01-01T00:00:00Z' },
        { event_type: 'x', timestamp: '2026-01-01T00:00:01Z' },
      ],
      't',
    );
    expect(why[1]).toMatchObject({
      outcome: 'suppressed',
      reason: 'suppressed by cooldown until 2026-01-01T00:00:10Z',
    });
  });

  test('a window says where it stands', async () => {
    const why = await explainRules(
      `triggers:
  - { trigger_id: t, event_types: [x], condition: { threshold_reached: { aggregate: count, at_least: 5, within: 60s } }, workflow_name: note }
${workflows}`,
      [0, 1, 2].map((second) => ({ event_type: 'x', timestamp: `2026-01-01T00:00:0${second}Z` })),
      't',
    );
    expect(why[2]?.outcome).toBe('remembered');
    expect(why[2]?.reason).toMatch(/3 of 5 .*58s/);
  });

  test('every trigger of the shipped folder has a verdict with a deciding test on every sample event', async () => {
    const { ruleset } = await folder('rules');
    const byClock = new Set(
      ruleset.triggers
        .filter(({ listeners }) => listeners.length === 0)
        .map(({ trigger }) => trigger.trigger_id),
    );
    const verdicts = new Map<string, number>();
    const why = (one: Why): void => {
      verdicts.set(one.trigger_id, (verdicts.get(one.trigger_id) ?? 0) + 1);
      if (one.reason === '') throw new Error(`${one.trigger_id} on ${one.event_id} has no reason`);
      if (one.outcome !== 'not_matched' || byClock.has(one.trigger_id)) return;
      const { deciding } = one;
      const complete =
        deciding?.place &&
        deciding.wanted !== undefined &&
        (deciding.missing || deciding.found !== undefined);
      if (!complete) throw new Error(`${one.trigger_id} on ${one.event_id}: ${JSON.stringify(one)}`);
    };
    const report = await app.dryRun({
      folder: 'rules',
      events: ['rules/samples/events.jsonl', 'rules/samples/github.jsonl'],
      explain: true,
      until: null,
      sink: { launch: () => undefined, suppression: () => undefined, why },
    });
    expect(verdicts.size).toBe(ruleset.triggers.length);
    for (const count of verdicts.values()) expect(count).toBeGreaterThanOrEqual(report.events);
  });
});
