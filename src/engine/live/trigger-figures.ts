import type { Log } from '../../kernel/log.js';
import type { Clock } from '../../ports/clock.js';
import type { Meter } from '../../ports/meter.js';
import type { LiveEngine } from './live-engine.js';

const EVERY_MS = 60_000;
/** Counters that tell of something lost: said in the log too. */
const LOSSES: ReadonlySet<string> = new Set(['evicted_groups', 'refused_groups', 'capped_events']);

/** Once a minute: what each trigger remembers and has counted, as metrics; what it had to forget, in the log as well. */
export function startTriggerFigures(engine: LiveEngine, meter: Meter, log: Log, clock: Clock): () => void {
  const groups = meter.gauge('trigger_groups', 'Groups that a trigger remembers.', ['trigger']);
  const counted = meter.counter(
    'trigger_counts_total',
    'What conditions count: late events, evicted groups …',
    ['trigger', 'count'],
  );
  /** Counters at the last look, of the rules at that time: other rules count from nothing. */
  let seen = new Map<string, number>();
  let rules: unknown = null;
  let cancel: (() => void) | null = null;

  const look = (): void => {
    const { folder, decider } = engine.run;
    if (rules !== engine.run) seen = new Map();
    rules = engine.run;
    for (const { ordinal, trigger } of folder.ruleset.triggers) {
      const { trigger_id } = trigger;
      const standing = decider.standing(ordinal, 0);
      if (standing.groups > 0) groups.set(standing.groups, { trigger: trigger_id });
      for (const [name, value] of decider.counters(ordinal)) {
        const key = `${name} ${trigger_id}`;
        const more = value - (seen.get(key) ?? 0);
        if (more <= 0) continue;
        seen.set(key, value);
        counted.add(more, { trigger: trigger_id, count: name });
        if (LOSSES.has(name)) log.warn('a trigger had to forget', { trigger_id, count: name, more });
      }
    }
  };
  const next = (): void => {
    cancel = clock.after(EVERY_MS, () => {
      look();
      next();
    });
  };
  next();
  return () => cancel?.();
}
