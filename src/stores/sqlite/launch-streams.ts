import type { LaunchQuery } from '../../ports/store.js';
import { toColumn } from './column-text.js';
import { both, NO_TESTS, rowTest, type RowTests } from './row-tests.js';
import type { Stream } from './scan.js';

/** Statuses few launches have: the index by status knows these. */
const RARE_STATUSES: readonly string[] = ['pending', 'running', 'retrying', 'dead', 'skipped'];
/** The condition of that index, word for word: only by it the planner sees that the index has them all. */
const IS_RARE = `status IN (${RARE_STATUSES.map((status) => `'${status}'`).join(', ')})`;

/** The streams that give the launches a query is about. */
export function launchStreams(query: LaunchQuery, times: RowTests): readonly Stream[] {
  const { trigger_id, workflow_name } = query;
  const statuses = [...new Set<string>(query.statuses)];
  const ofStatus =
    statuses.length === 0
      ? NO_TESTS
      : rowTest('status', `status IN (${statuses.map(() => '?').join(', ')})`, ...statuses);
  if (trigger_id !== null) {
    const ofWorkflow =
      workflow_name === null
        ? NO_TESTS
        : rowTest('workflow_name', 'workflow_name = ?', toColumn(workflow_name));
    return [launchesWhere('trigger_id', trigger_id, both(both(ofWorkflow, ofStatus), times))];
  }
  if (workflow_name !== null) return [launchesWhere('workflow_name', workflow_name, both(ofStatus, times))];
  if (statuses.length > 0 && statuses.every((status) => RARE_STATUSES.includes(status))) {
    return statusStreams(statuses, times);
  }
  return [{ from: 'launches', key: 'seq', ...both(ofStatus, times) }];
}

function launchesWhere(column: string, id: string, tests: RowTests): Stream {
  return { from: 'launches', key: 'seq', where: [`${column} = ?`], values: [toColumn(id)], ...tests };
}

/** The launches of rare statuses. */
export function statusStreams(statuses: readonly string[], tests: RowTests): readonly Stream[] {
  return statuses.map((status) => ({
    from: 'launches INDEXED BY launches_by_rare_status',
    key: 'seq',
    where: [IS_RARE, 'status = ?'],
    values: [status],
    ...tests,
  }));
}
