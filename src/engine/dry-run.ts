import { Fault } from '../kernel/fault.js';
import { parseDuration } from '../kernel/duration.js';
import { parseTime } from '../kernel/time.js';
import type { Launch, Suppression } from '../model/decision.js';
import type { Event } from '../model/event.js';
import type { DryRunReport, ReportLaunch, ReportSuppression, TriggerSummary, Why } from '../model/report.js';
import type { DryRunOptions, RunIo } from './api.js';
import { createNearMisses } from './near-misses.js';
import type { Plugins } from './plugins.js';
import { createBoundedList, reportLaunch, reportSuppression } from './report-parts.js';
import { compileFolder, createPlaces, readRuleFolder } from './rule-folder.js';
import { readSamples } from './sample-events.js';
import { createVirtualRun } from './virtual-run.js';
import { explainTrigger } from './why.js';

interface Tally {
  readonly active: boolean;
  launched: number;
  observed: number;
  suppressed: number;
}

/**
 * Runs sample events through the rules of a folder under a virtual clock, launching nothing, and reports what would
 * launch, with which input, and what did not and why. Memory does not grow with the number of events.
 */
export async function dryRun(options: DryRunOptions, plugins: Plugins, io: RunIo): Promise<DryRunReport> {
  const folder = compileFolder(await readRuleFolder(options.folder, plugins), plugins);
  const { ruleset, matcher } = folder;
  const places = createPlaces(folder.documents);
  const until = options.until === null ? null : parseUntil(options.until);

  const launches = createBoundedList<ReportLaunch>();
  const suppressed = createBoundedList<ReportSuppression>();
  const whys = createBoundedList<Why>();
  const unaccepted = createBoundedList<string>();
  const sink = options.sink ?? {
    launch: (launch: ReportLaunch) => launches.add(launch),
    suppression: (suppression: ReportSuppression) => suppressed.add(suppression),
    why: (why: Why) => whys.add(why),
  };
  const tallies = new Map<string, Tally>();
  for (const { trigger } of ruleset.triggers)
    tallies.set(trigger.trigger_id, { active: trigger.active, launched: 0, observed: 0, suppressed: 0 });
  const tally = (trigger_id: string): Tally => tallies.get(trigger_id) as Tally;
  let current: Event | null = null;
  let recentLaunches: Launch[] = [];
  let recentSuppressions: Suppression[] = [];

  const run = createVirtualRun({
    folder,
    templates: plugins.templates,
    sink: {
      launch(launch) {
        if (launch.mode === 'observe') tally(launch.trigger_id).observed++;
        else tally(launch.trigger_id).launched++;
        if (options.explain) recentLaunches.push(launch);
        sink.launch(reportLaunch(launch));
      },
      suppression(suppression) {
        tally(suppression.trigger_id).suppressed++;
        if (options.explain) recentSuppressions.push(suppression);
        sink.suppression(reportSuppression(suppression));
      },
      event(event) {
        // What timers decided on the way to this event is not about it.
        if (event !== current) return;
        recentLaunches = [];
        recentSuppressions = [];
      },
    },
  });
  const nearMisses = createNearMisses(ruleset, matcher, places);
  let events = 0;
  let duplicates = 0;
  let lastAt: number | null = null;

  for await (const batch of readSamples(options.events, io)) {
    for (const { event, at } of batch) {
      events++;
      lastAt = lastAt === null ? at : Math.max(lastAt, at);
      current = event;
      const result = run.event(event, at);
      if (!result.fresh) duplicates++;
      else if (!result.accepted) unaccepted.add(event.event_id);
      nearMisses.see(event);
      if (!options.explain) continue;
      for (const compiled of ruleset.triggers) {
        const happened = {
          launches: recentLaunches.filter((launch) => launch.trigger_id === compiled.trigger.trigger_id),
          suppressions: recentSuppressions.filter(
            (suppression) => suppression.trigger_id === compiled.trigger.trigger_id,
          ),
          state: run.decider.describe(compiled.ordinal, event, null),
        };
        for (const why of explainTrigger(compiled, event, happened, { matcher, places })) sink.why(why);
      }
    }
  }
  if (until !== null)
    run.runUntil(until.kind === 'time' ? until.at : (lastAt ?? run.decider.now) + until.afterMs);

  const byTrigger: TriggerSummary[] = [...tallies].map(([trigger_id, counts]) => ({ trigger_id, ...counts }));
  return {
    schema: 'triggerd/dry-run@1',
    events,
    triggers: ruleset.triggers.length,
    launches: launches.items,
    suppressed: suppressed.items,
    unaccepted_events: unaccepted.items,
    never_fired: byTrigger
      .filter(({ launched, observed }) => launched + observed === 0)
      .map(({ trigger_id }) => trigger_id),
    near_misses: nearMisses.report(),
    by_trigger: byTrigger,
    duplicate_events: duplicates,
    diagnostics: folder.diagnostics,
    ...(options.explain && options.sink === undefined ? { why: whys.items } : {}),
    left_out: {
      launches: launches.leftOut,
      suppressed: suppressed.leftOut,
      unaccepted_events: unaccepted.leftOut,
      near_miss_events: nearMisses.unseen,
      why: whys.leftOut,
    },
  };
}

type Until =
  | { readonly kind: 'time'; readonly at: number }
  | { readonly kind: 'after'; readonly afterMs: number };

function parseUntil(text: string): Until {
  const at = parseTime(text);
  if (at !== undefined) return { kind: 'time', at };
  const afterMs = parseDuration(text);
  if (afterMs !== undefined) return { kind: 'after', afterMs };
  throw new Fault('usage', `--until takes a time or a duration, not ${JSON.stringify(text)}`, {
    hint: 'write 2026-01-01T12:00:00Z, or 10m for ten minutes after the last event',
  });
}
