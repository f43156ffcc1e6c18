import { Fault } from '../kernel/fault.js';
import { suggest } from '../kernel/suggest.js';
import type { Launch, Suppression } from '../model/decision.js';
import type { Event } from '../model/event.js';
import type { ExplainReport, Why } from '../model/report.js';
import type { ExplainOptions, RunIo } from './api.js';
import type { Plugins } from './plugins.js';
import { compileFolder, createPlaces, readRuleFolder } from './rule-folder.js';
import { readSamples } from './sample-events.js';
import { createVirtualRun } from './virtual-run.js';
import { explainTrigger } from './why.js';

/** Why one trigger does or does not fire on each of the given events, which are run in order under a virtual clock. */
export async function explain(options: ExplainOptions, plugins: Plugins, io: RunIo): Promise<ExplainReport> {
  const folder = compileFolder(await readRuleFolder(options.folder, plugins), plugins);
  const { ruleset, matcher } = folder;
  const compiled = ruleset.triggers.find(({ trigger }) => trigger.trigger_id === options.trigger);
  if (compiled === undefined) {
    const near = suggest(
      options.trigger,
      ruleset.triggers.map(({ trigger }) => trigger.trigger_id),
    );
    throw new Fault(
      'trigger-unknown',
      `${options.folder} has no trigger ${JSON.stringify(options.trigger)}`,
      {
        hint: near === undefined ? `triggerd graph ${options.folder} lists them` : `did you mean ${near}?`,
      },
    );
  }
  const places = createPlaces(folder.documents);
  let current: Event | null = null;
  let launches: Launch[] = [];
  let suppressions: Suppression[] = [];
  const own = (trigger_id: string): boolean => trigger_id === options.trigger;
  const run = createVirtualRun({
    folder,
    templates: plugins.templates,
    sink: {
      launch: (launch) => void (own(launch.trigger_id) && launches.push(launch)),
      suppression: (suppression) => void (own(suppression.trigger_id) && suppressions.push(suppression)),
      event(event) {
        // What timers decided on the way to this event is not about it.
        if (event !== current) return;
        launches = [];
        suppressions = [];
      },
    },
  });
  const why: Why[] = [];
  for await (const batch of readSamples(options.events, io)) {
    for (const { event, at } of batch) {
      current = event;
      run.event(event, at);
      const state = run.decider.describe(compiled.ordinal, event, null);
      why.push(...explainTrigger(compiled, event, { launches, suppressions, state }, { matcher, places }));
    }
  }
  return { schema: 'triggerd/explain@1', trigger_id: options.trigger, why, diagnostics: folder.diagnostics };
}
