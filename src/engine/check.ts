import { isObject, ownValue } from '../kernel/json.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Document } from '../model/document.js';
import type { CheckReport } from '../model/report.js';
import { lintAgainstSamples } from '../validate/lints/against-samples.js';
import { observeFields } from '../validate/lints/field-observations.js';
import type { CheckOptions, RunIo } from './api.js';
import type { Plugins } from './plugins.js';
import { readRuleFolder } from './rule-folder.js';
import { readSamples } from './sample-events.js';

/** Loads a folder as the daemon would and reports everything that is wrong or doubtful in it, all at once. */
export async function check(options: CheckOptions, plugins: Plugins, io: RunIo): Promise<CheckReport> {
  const folder = await readRuleFolder(options.folder, plugins);
  const diagnostics: Diagnostic[] = [...folder.diagnostics];
  if (options.events.length > 0) {
    const observations = observeFields();
    for await (const batch of readSamples(options.events, io))
      for (const { event } of batch) observations.see(event);
    diagnostics.push(...lintAgainstSamples(folder.source, observations, folder.documents));
  }
  return {
    schema: 'triggerd/check@1',
    files: folder.files.length,
    ...countWritten(folder.documents),
    diagnostics: options.strict
      ? diagnostics.map((diagnostic) => ({ ...diagnostic, severity: 'error' as const }))
      : diagnostics,
  };
}

/** How many triggers, workflows and tests are written down, sound or not: a broken folder is not an empty one. */
function countWritten(documents: readonly Document[]): Pick<CheckReport, 'triggers' | 'workflows' | 'tests'> {
  const counts = { triggers: 0, workflows: 0, tests: 0 };
  for (const { value } of documents) {
    if (!isObject(value)) continue;
    if (ownValue(value, 'trigger_id') !== undefined) counts.triggers++;
    for (const key of ['triggers', 'workflows', 'tests'] as const) {
      const entries = ownValue(value, key);
      if (Array.isArray(entries)) counts[key] += entries.length;
      else if (isObject(entries)) counts[key] += Object.keys(entries).length;
    }
  }
  return counts;
}
