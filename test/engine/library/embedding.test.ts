import { expect, test } from 'vitest';
import { createEngine, defineExecutor } from '../../../src/index.js';

// The lines between the marks are what the README shows.
test('an engine is embedded in ten lines', async () => {
  const called: unknown[] = [];
  const pager = { call: (region: unknown) => void called.push(region) };
  // <embedding>
  const page = defineExecutor({ name: 'page', execute: ({ input }) => pager.call(input['region']) });
  const engine = await createEngine({
    executors: [page],
    rules: `
      triggers: [{ trigger_id: outage, event_types: [workflow.failed], filters: { priority: high },
                   workflow_name: call, workflow_input: { region: "{{ event.payload.region }}" } }]
      workflows: { call: { executor: page } }`,
  });
  await engine.publish({ event_type: 'workflow.failed', priority: 'high', payload: { region: 'eu' } });
  await engine.close();
  // </embedding>
  expect(called).toEqual(['eu']);
  expect(engine.getTriggerHistory()).toMatchObject([{ trigger_id: 'outage', status: 'success' }]);
});
