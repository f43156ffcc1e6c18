import { expect, test } from 'vitest';
import { event, record, rules } from '../support/rules.js';

const START = Date.UTC(2026, 0, 1);
const text = `
triggers:
  - trigger_id: limited
    event_types: [x]
    group_by: [user_id]
    condition: { threshold_reached: { aggregate: count, at_least: 2, within: 60s } }
    workflow_name: note
    max_executions: 2
    cooldown: 1s
workflows: { note: { executor: log, with: { message: noted } } }
`;

/** Three bursts of two events; between each the rules are saved again as another text. */
function launchesOver(texts: readonly string[]): number {
  let launches = 0;
  let snapshot: ReturnType<ReturnType<typeof record>['run']['decider']['snapshot']> | undefined;
  texts.forEach((version, i) => {
    const recorder = record(rules(version), snapshot);
    recorder.run.start(START + i * 10_000);
    const now = START + i * 10_000;
    recorder.run.event(event({ event_id: `e${i}`, event_type: 'x', user_id: 'ann' }), now, now);
    launches += recorder.launches.length;
    snapshot = JSON.parse(JSON.stringify(recorder.run.decider.snapshot()));
  });
  return launches;
}

test('a comment, a new description, a new input keep windows and counts', () => {
  const again = `# saved again\n${text.replace('workflow_name: note', 'description: said otherwise\n    workflow_input: { more: 1 }\n    workflow_name: note')}`;
  expect(launchesOver([text, again, text, again])).toBe(2);
  expect(launchesOver([text, again, text, again, text, again])).toBe(2);
});

test('a new cooldown keeps the windows', () => {
  expect(launchesOver([text, text.replace('cooldown: 1s', 'cooldown: 2s')])).toBe(1);
});

test('a changed condition begins its windows afresh and keeps the counts', () => {
  const changed = text.replace('within: 60s', 'within: 61s');
  expect(launchesOver([text, changed])).toBe(0);
  expect(launchesOver([text, text, text, text, changed, changed])).toBe(2);
});

test('the same decision has the same launch id in every run', () => {
  const ids = [1, 2].map(() => {
    const recorder = record(rules(text));
    recorder.run.start(START);
    for (const i of [0, 1])
      recorder.run.event(event({ event_id: `e${i}`, event_type: 'x', user_id: 'ann' }), START, START);
    return recorder.launches.map((launch) => launch.launch_id);
  });
  expect(ids[0]).toHaveLength(1);
  expect(ids[0]).toEqual(ids[1]);
});
