import { expect, test } from 'vitest';
import { event, record, rules } from '../support/rules.js';

const START = Date.UTC(2026, 0, 1);

test('a loop is told by one system.error event a minute, which rules can hear', () => {
  const { run, launches, suppressions } = record(
    rules(`
triggers:
  - { trigger_id: feeds-itself, event_types: [x], workflow_name: echo }
  - { trigger_id: tells, event_types: [system.error], filters: { payload.reason: loop }, workflow_name: note, workflow_input: { says: "{{ event.payload.error }}" } }
workflows:
  echo: { executor: emit, with: { event_type: x } }
  note: { executor: log, with: { message: noted } }
`),
  );
  for (const [i, at] of [0, 1_000, 61_000].entries())
    run.event(event({ event_id: `e${i}`, event_type: 'x' }), START + at);
  expect(suppressions.map(({ gate }) => gate)).toEqual(['loop', 'loop', 'loop']);
  expect(launches.map(({ trigger_id, at }) => [trigger_id, at - START])).toEqual([
    ['feeds-itself', 0],
    ['tells', 0],
    ['feeds-itself', 1_000],
    ['feeds-itself', 61_000],
    ['tells', 61_000],
  ]);
  expect(launches[1]?.input['says']).toBe(
    'trigger feeds-itself was stopped in a loop: it led to this event itself',
  );
});

test('nothing opts out of the limit on hops, not even allow_loop', () => {
  const { run, launches, suppressions } = record(
    rules(`
triggers:
  - { trigger_id: feeds-itself, event_types: [x], workflow_name: echo, allow_loop: true }
  - { trigger_id: hears-errors, event_types: [system.error], workflow_name: echo, allow_loop: true }
workflows: { echo: { executor: emit, with: { event_type: x } } }
`),
  );
  run.event(event({ event_id: 'e', event_type: 'x' }), START);
  expect(launches.filter(({ trigger_id }) => trigger_id === 'feeds-itself')).toHaveLength(8);
  expect(suppressions.every(({ gate }) => gate === 'loop')).toBe(true);
});

test('when every group waits for a timer a new one is refused, counted and told', () => {
  const { run, launches } = record(
    rules(`
triggers:
  - trigger_id: deadline
    event_types: [x]
    group_by: [user_id]
    max_groups: 2
    condition: { time_based: { after: 10m, unless: { event_types: [y] } } }
    workflow_name: note
  - { trigger_id: tells, event_types: [system.error], workflow_name: note }
workflows: { note: { executor: log, with: { message: noted } } }
`),
  );
  for (const who of ['ann', 'bob', 'cid', 'dan'])
    run.event(event({ event_id: who, event_type: 'x', user_id: who }), START);
  expect(run.decider.counters(0).get('refused_groups')).toBe(2);
  expect(launches.map(({ trigger_id }) => trigger_id)).toEqual(['tells']);
});
