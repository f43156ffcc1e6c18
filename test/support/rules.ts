import { conditionKinds } from '../../src/conditions/registry.js';
import type { Plugins } from '../../src/engine/plugins.js';
import {
  compileFolder,
  readRuleFolder,
  type CompiledFolder,
  type RuleFolder,
} from '../../src/engine/rule-folder.js';
import type { StepSink } from '../../src/engine/stepper.js';
import { createVirtualRun, type VirtualRun } from '../../src/engine/virtual-run.js';
import { executorKinds } from '../../src/executors/registry.js';
import { createTemplates } from '../../src/launch/liquid.js';
import { loadText } from '../../src/load/folder.js';
import type { Launch, Suppression } from '../../src/model/decision.js';
import { BLANK_EVENT, type Event } from '../../src/model/event.js';
import type { DeciderSnapshot } from '../../src/decide/state-rows.js';
import { validateFolder } from '../../src/validate/folder.js';

export const plugins: Plugins = {
  conditions: conditionKinds,
  executors: executorKinds,
  templates: createTemplates(),
  environment: {},
};

/** Rules written in a test, as a folder of one file. */
export function rules(text: string): CompiledFolder {
  const loaded = loadText('rules/test.yaml', text);
  const validated = validateFolder(loaded.documents, plugins);
  const folder: RuleFolder = {
    root: 'rules',
    files: ['rules/test.yaml'],
    documents: loaded.documents,
    source: validated.source,
    diagnostics: [...loaded.diagnostics, ...validated.diagnostics],
  };
  const errors = folder.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new Error(errors.map((error) => `${error.line}:${error.column} ${error.message}`).join('\n'));
  return compileFolder(folder, plugins);
}

/** A folder of the repository, compiled. */
export async function folder(root: string): Promise<CompiledFolder> {
  return compileFolder(await readRuleFolder(root, plugins), plugins);
}

export interface Recorder {
  readonly run: VirtualRun;
  readonly launches: Launch[];
  readonly suppressions: Suppression[];
}

/** A run whose launches are kept, or handed to a sink of one's own. */
export function record(compiled: CompiledFolder, snapshot?: DeciderSnapshot, sink?: StepSink): Recorder {
  const launches: Launch[] = [];
  const suppressions: Suppression[] = [];
  const run = createVirtualRun({
    folder: compiled,
    templates: plugins.templates,
    sink: sink ?? {
      launch: (launch) => void launches.push(launch),
      suppression: (one) => void suppressions.push(one),
    },
    ...(snapshot === undefined ? {} : { snapshot }),
  });
  return { run, launches, suppressions };
}

/** An event of a test: the fields that matter, the rest as the language defaults them. */
export function event(fields: Partial<Event> & Pick<Event, 'event_id' | 'event_type'>): Event {
  return { ...BLANK_EVENT, timestamp: '2000-01-01T00:00:00Z', ...fields };
}
