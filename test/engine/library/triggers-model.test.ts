import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Engine } from '../../../src/index.js';
import { propertyRuns } from '../../support/property-runs.js';
import { embed, WORKFLOWS } from './harness.js';

type Command =
  | { readonly kind: 'register'; readonly id: string; readonly type: string; readonly most: number | null }
  | { readonly kind: 'unregister'; readonly id: string }
  | { readonly kind: 'publish'; readonly type: string; readonly event_id: string };

const id = fc.constantFrom('a', 'b', 'c');
const TYPES = ['order.paid', 'order.late', 'user.action'];
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    kind: fc.constant('register' as const),
    id,
    type: fc.constantFrom('order.*', ...TYPES),
    most: fc.constantFrom(null, 1, 2),
  }),
  fc.record({ kind: fc.constant('unregister' as const), id }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('publish' as const),
      type: fc.constantFrom(...TYPES),
      event_id: fc.constantFrom(...Array.from({ length: 12 }, (_, index) => `e${index}`)),
    }),
  },
);

/** Triggers as a list, in the order they were registered; `a` is one of the rules from the start. */
function createModel() {
  let triggers: { readonly id: string; readonly type: string; readonly most: number | null }[] = [
    { id: 'a', type: 'order.paid', most: null },
  ];
  const counts = new Map<string, number>();
  const seen = new Set<string>();
  return (one: Command): unknown => {
    switch (one.kind) {
      case 'register':
        if (triggers.some(({ id: known }) => known === one.id)) return 'duplicate-trigger-id';
        triggers = [...triggers, one];
        return 'registered';
      case 'unregister': {
        const before = triggers.length;
        triggers = triggers.filter(({ id: known }) => known !== one.id);
        return triggers.length < before;
      }
      case 'publish': {
        if (seen.has(one.event_id)) return 'duplicate';
        seen.add(one.event_id);
        return triggers
          .filter(({ type }) => type === one.type || (type === 'order.*' && one.type.startsWith('order.')))
          .filter(({ id: known, most }) => {
            // Counted for the id, whatever stands under it in the meantime: only while there is a limit.
            const count = (counts.get(known) ?? 0) + 1;
            if (most !== null && count > most) return false;
            if (most !== null) counts.set(known, count);
            return true;
          })
          .map(({ id: known }) => known);
      }
    }
  };
}

async function run(engine: Engine, one: Command): Promise<unknown> {
  switch (one.kind) {
    case 'register':
      try {
        await engine.registerTrigger({
          trigger_id: one.id,
          event_types: [one.type],
          workflow_name: 'w',
          ...(one.most === null ? {} : { max_executions: one.most }),
        });
        return 'registered';
      } catch (error) {
        return (error as { diagnostics?: readonly { severity: string; code: string }[] }).diagnostics?.find(
          ({ severity }) => severity === 'error',
        )?.code;
      }
    case 'unregister':
      return engine.unregisterTrigger(one.id);
    case 'publish': {
      const { duplicate, launches } = await engine.publish({ event_type: one.type, event_id: one.event_id });
      return duplicate ? 'duplicate' : launches.map(({ trigger_id }) => trigger_id);
    }
  }
}

test('whatever is registered, unregistered and published, launches come from the triggers there are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 16 }), async (commands) => {
      const { engine, attempts } = await embed({
        rules: `triggers: [{ trigger_id: a, event_types: [order.paid], workflow_name: w }]\n${WORKFLOWS}`,
      });
      const model = createModel();
      let launches = 0;
      for (const one of commands) {
        const [expected, actual] = [model(one), await run(engine, one)];
        expect(actual).toEqual(expected);
        if (one.kind === 'publish' && Array.isArray(actual)) launches += actual.length;
      }
      await engine.close();
      expect(attempts).toHaveLength(launches);
      expect(engine.getTriggerHistory(1_000)).toHaveLength(launches);
    }),
    propertyRuns(0.03),
  );
});
