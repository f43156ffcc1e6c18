import type { Workflow } from '../../model/trigger.js';
import { escapeKey } from '../../kernel/pointer.js';
import type { Finding } from './finding.js';

/** Finds workflows that no trigger launches, one with errors included. A folder without triggers is a library of them. */
export function unusedWorkflow(
  workflows: readonly Workflow[],
  launched: ReadonlySet<string>,
): readonly Finding[] {
  if (launched.size === 0) return [];
  return workflows
    .filter(({ workflow_name }) => !launched.has(workflow_name))
    .map(({ workflow_name, origin }) => ({
      code: 'unused-workflow',
      origin,
      pointer: `/workflows/${escapeKey(workflow_name)}`,
      message: `no trigger launches the workflow ${workflow_name}`,
      hint: 'remove it, or name it in a trigger’s workflow_name',
    }));
}
