import type { Meter } from '../../ports/meter.js';
import type { Commit } from '../../ports/store.js';

/** Event types that are counted one by one; anyone may send any type, so their number has a bound. */
const TYPES_COUNTED = 1_000;

interface TriggerTally {
  launched: number;
  observed: number;
  suppressed: number;
  /** Epoch ms; null = never since the start. */
  lastLaunchAt: number | null;
}

/** What happened since the start, for status and metrics. */
export interface Tallies {
  readonly received: number;
  readonly duplicate: number;
  readonly rejected: number;
  readonly byType: ReadonlyMap<string, number>;
  trigger(triggerId: string): Readonly<TriggerTally>;
  taken(duplicates: number): void;
  refused(count: number): void;
  committed(commit: Commit): void;
}

export function createTallies(meter: Meter): Tallies {
  const events = meter.counter('events_total', 'Events by what became of them.', ['outcome']);
  const decisions = meter.counter('decisions_total', 'Decisions by trigger and outcome.', [
    'trigger',
    'outcome',
  ]);
  const byType = new Map<string, number>();
  const triggers = new Map<string, TriggerTally>();
  let received = 0;
  let duplicate = 0;
  let rejected = 0;

  const of = (triggerId: string): TriggerTally => {
    let tally = triggers.get(triggerId);
    if (tally === undefined) {
      tally = { launched: 0, observed: 0, suppressed: 0, lastLaunchAt: null };
      triggers.set(triggerId, tally);
    }
    return tally;
  };

  return {
    get received() {
      return received;
    },
    get duplicate() {
      return duplicate;
    },
    get rejected() {
      return rejected;
    },
    byType,
    trigger: (triggerId) =>
      triggers.get(triggerId) ?? { launched: 0, observed: 0, suppressed: 0, lastLaunchAt: null },
    taken(duplicates) {
      duplicate += duplicates;
      events.add(duplicates, { outcome: 'duplicate' });
    },
    refused(count) {
      rejected += count;
      events.add(count, { outcome: 'rejected' });
    },
    committed(commit) {
      received += commit.events.length;
      events.add(commit.events.length, { outcome: 'received' });
      for (const { event } of commit.events) {
        const type = byType.has(event.event_type) || byType.size < TYPES_COUNTED ? event.event_type : 'other';
        byType.set(type, (byType.get(type) ?? 0) + 1);
      }
      for (const { trigger_id, mode, at } of commit.launches) {
        const tally = of(trigger_id);
        if (mode === 'observe') tally.observed++;
        else {
          tally.launched++;
          tally.lastLaunchAt = at;
        }
        decisions.add(1, { trigger: trigger_id, outcome: mode === 'observe' ? 'observed' : 'launched' });
      }
      for (const { suppressed } of commit.decisions) {
        for (const { trigger_id } of suppressed) {
          of(trigger_id).suppressed++;
          decisions.add(1, { trigger: trigger_id, outcome: 'suppressed' });
        }
      }
    },
  };
}
