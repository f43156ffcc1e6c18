import { canonicalJson, type Json, type JsonObject } from '../../kernel/json.js';
import type { LaunchRecord } from '../../model/record.js';
import type { Templates } from '../../ports/templates.js';
import { launchScope } from '../launch-scope.js';

/** The workflow's `with` for this launch. Throws when it cannot be rendered: it never will be, since nothing in it changes. */
export function renderedSettings(
  record: LaunchRecord,
  templates: Templates,
): { readonly settings: JsonObject; readonly warnings: readonly string[] } {
  const { value, warnings } = render(record.workflow.with, record, templates);
  return { settings: value, warnings };
}

/** What the launch's concurrency is counted under; null without a limit. Throws like `renderedSettings`. */
export function concurrencyKey(record: LaunchRecord, templates: Templates): string | null {
  const { concurrency } = record.workflow;
  if (concurrency === null) return null;
  if (concurrency.key === null) return '';
  return canonicalJson(render({ key: concurrency.key }, record, templates).value['key'] as Json);
}

function render(map: JsonObject, record: LaunchRecord, templates: Templates) {
  const parsed = templates.parse(map, 'workflow');
  if ('problems' in parsed) {
    const problems = parsed.problems.map(({ pointer, message }) => `${pointer}: ${message}`);
    throw new TypeError(problems.join('; '));
  }
  return parsed.template.render({ input: record.input, launch: launchScope(record) });
}
