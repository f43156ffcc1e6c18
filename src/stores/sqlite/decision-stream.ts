import type { DecisionQuery } from '../../ports/store.js';
import { toColumn } from './column-text.js';
import { both, NO_TESTS, rowTest, type RowTests } from './row-tests.js';
import type { Stream } from './scan.js';

/** The stream that gives the decisions a query is about. */
export function decisionStream({ event_id, trigger_id }: DecisionQuery, times: RowTests): Stream {
  if (event_id !== null) {
    const ofTrigger =
      trigger_id === null
        ? NO_TESTS
        : rowTest(
            'triggers',
            'EXISTS (SELECT 1 FROM json_each(triggers) WHERE json_each.value = ?)',
            toColumn(trigger_id),
          );
    return {
      from: 'decisions',
      key: 'seq',
      where: ['event_id = ?'],
      values: [toColumn(event_id)],
      ...both(ofTrigger, times),
    };
  }
  if (trigger_id === null) return { from: 'decisions', key: 'seq', ...times };
  return {
    // The order of the join is the order of the result.
    from: 'decision_triggers CROSS JOIN decisions USING (seq)',
    key: 'seq',
    where: ['trigger_id = ?'],
    values: [toColumn(trigger_id)],
    ...times,
  };
}
