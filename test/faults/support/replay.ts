import { conditionKinds } from '../../../src/conditions/registry.js';
import { compileFolder, readRuleFolder, type CompiledFolder } from '../../../src/engine/rule-folder.js';
import { createVirtualRun } from '../../../src/engine/virtual-run.js';
import { executorKinds } from '../../../src/executors/registry.js';
import { parseTime } from '../../../src/kernel/time.js';
import { createTemplates } from '../../../src/launch/liquid.js';
import { loadText } from '../../../src/load/load-text.js';
import type { Launch } from '../../../src/model/decision.js';
import type { StoredEvent } from '../../../src/model/record.js';
import { validateFolder } from '../../../src/validate/folder.js';

const plugins = {
  conditions: conditionKinds,
  executors: executorKinds,
  templates: createTemplates(),
  environment: {},
};

export async function compileRules(folder: string): Promise<CompiledFolder> {
  return compileFolder(await readRuleFolder(folder, plugins), plugins);
}

/** What a journal leads to under rules that never change, decided in memory: by event, and at the end by timers up to `untilMs`. */
export function replay(
  folder: CompiledFolder,
  events: readonly StoredEvent[],
  untilMs: number,
): ReadonlyMap<string, Launch> {
  const launches = new Map<string, Launch>();
  const run = createVirtualRun({
    folder,
    templates: plugins.templates,
    sink: {
      launch: (launch) => launches.set(launch.launch_id, launch),
      suppression: () => undefined,
    },
  });
  for (const { event, received_at } of events) {
    const time = parseTime(event.timestamp);
    run.event(event, time ?? received_at, received_at);
  }
  run.runUntil(untilMs);
  return launches;
}

/** Compiles rules that are on no disk; null when they have errors. */
export function compileTexts(root: string, texts: ReadonlyMap<string, string>): CompiledFolder | null {
  const files = [...texts.keys()].sort();
  const loaded = files.map((file) => loadText(`${root}/${file}`, texts.get(file) ?? ''));
  const documents = loaded.flatMap((one) => one.documents);
  const { source, diagnostics } = validateFolder(documents, plugins);
  const all = [...loaded.flatMap((one) => one.diagnostics), ...diagnostics];
  if (all.some(({ severity }) => severity === 'error')) return null;
  return compileFolder({ root, files, documents, source, diagnostics: all }, plugins);
}
