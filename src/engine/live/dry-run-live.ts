import type { Launch, Suppression } from '../../model/decision.js';
import type { Templates } from '../../ports/templates.js';
import type { Incoming } from '../../ports/source.js';
import type { LiveDryRun } from '../daemon.js';
import { reportLaunch } from '../report-parts.js';
import { createPlaces } from '../rule-folder.js';
import { createVirtualRun } from '../virtual-run.js';
import { explainTrigger } from '../why.js';
import type { RuleRun } from './rule-run.js';

/**
 * What an event would lead to now, decided on a copy of what the rules remember: it costs as much as there is of that.
 */
export function dryRunLive(
  run: RuleRun,
  { event, at }: Incoming,
  triggerId: string | null,
  options: { readonly templates: Templates; readonly now: number; readonly isKnown: boolean },
): LiveDryRun {
  const { folder, decider } = run;
  const launches: Launch[] = [];
  const suppressed: Suppression[] = [];
  let isOurs = false;
  const copy = createVirtualRun({
    folder,
    templates: options.templates,
    snapshot: decider.snapshot(),
    sink: {
      // What timers decide on the way is not about this event.
      event: (decided) => {
        isOurs ||= decided === event;
      },
      launch: (launch) => {
        if (isOurs) launches.push(launch);
      },
      suppression: (suppression) => {
        if (isOurs) suppressed.push(suppression);
      },
    },
  });
  copy.start(options.now);
  copy.event(event, at, options.now);
  const asked = folder.ruleset.triggers.filter(
    ({ trigger }) => triggerId === null || trigger.trigger_id === triggerId,
  );
  const places = createPlaces(folder.documents);
  const why = asked.flatMap((compiled) => {
    const { trigger_id } = compiled.trigger;
    const happened = {
      launches: launches.filter((launch) => launch.trigger_id === trigger_id),
      suppressions: suppressed.filter((suppression) => suppression.trigger_id === trigger_id),
      state: copy.decider.describe(compiled.ordinal, event, null),
    };
    return explainTrigger(compiled, event, happened, { matcher: folder.matcher, places });
  });
  return {
    ruleset_hash: folder.ruleset.hash,
    event_id: event.event_id,
    duplicate: options.isKnown,
    launches: launches.map(reportLaunch),
    suppressed,
    why,
  };
}
