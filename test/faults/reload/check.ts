import type { CompiledFolder } from '../../../src/engine/rule-folder.js';
import type { LaunchRecord, StoredEvent } from '../../../src/model/record.js';
import { groupBy } from '../support/group-by.js';
import type { StoreContents } from '../support/read-store.js';
import { replay } from '../support/replay.js';
import type { Violations } from '../support/violations.js';
import { COMING_COUNT, KEPT_LIMIT, LIMIT, STATELESS, STEADY_COUNT, type RuleState } from './rules.js';

/** A rule set that the folder held at some time. */
export interface KnownRules {
  readonly state: RuleState;
  readonly folder: CompiledFolder;
}

export interface ReloadEvidence {
  readonly acknowledged: ReadonlySet<string>;
  readonly store: StoreContents;
  /** By rule-set hash. */
  readonly known: ReadonlyMap<string, KnownRules>;
  /** Hashes that the daemon says it put in place, in order, with the first. */
  readonly loaded: readonly string[];
}

/** Holds every decision against the rule set that it names, and what is remembered against plain counting. */
export function checkReloadRun(
  { acknowledged, store, known, loaded }: ReloadEvidence,
  violations: Violations,
): void {
  if (store.integrity !== 'ok') violations.add('integrity check', store.integrity);
  const byEvent = groupBy(store.launches, ({ event_id }) => event_id ?? '');
  const events = store.events.filter(({ event }) => event.event_type === 'load.tick');
  const stored = new Set(events.map(({ event }) => event.event_id));
  for (const id of acknowledged) if (!stored.has(id)) violations.add('acknowledged event lost', id);

  const decided: { readonly event: StoredEvent; readonly hash: string; readonly rules: KnownRules }[] = [];
  for (const event of events) {
    const launches = byEvent.get(event.event.event_id) ?? [];
    const hashes = new Set(launches.map(({ ruleset_hash }) => ruleset_hash));
    const [hash] = hashes;
    if (hash === undefined) {
      violations.add('event decided by no rules', event.event.event_id);
      continue;
    }
    if (hashes.size > 1)
      violations.add('event decided by a mix of rules', `${event.event.event_id}: ${[...hashes].join()}`);
    const rules = known.get(hash);
    if (rules === undefined) violations.add('rules that never were', `${hash} on ${event.event.event_id}`);
    else decided.push({ event, hash, rules });
  }

  for (const [hash, of] of groupBy(decided, (one) => one.hash)) {
    const { folder } = of[0]?.rules ?? {};
    if (folder !== undefined)
      checkStateless(
        hash,
        folder,
        of.map(({ event }) => event),
        byEvent,
        violations,
      );
  }
  checkMemory(decided, store.launches, loaded, known, violations);
}

/** Each event led to exactly what its rule set makes of it. */
function checkStateless(
  hash: string,
  folder: CompiledFolder,
  events: readonly StoredEvent[],
  byEvent: ReadonlyMap<string, readonly LaunchRecord[]>,
  violations: Violations,
): void {
  const expected = [...replay(folder, events, 0).values()].filter(({ trigger_id }) =>
    STATELESS.has(trigger_id),
  );
  const actual = new Map(
    events
      .flatMap(({ event }) => byEvent.get(event.event_id) ?? [])
      .filter(({ trigger_id }) => STATELESS.has(trigger_id))
      .map((launch) => [launch.launch_id, launch]),
  );
  for (const launch of expected) {
    const what = `${launch.trigger_id} on ${launch.event_id ?? ''} under ${hash}`;
    const found = actual.get(launch.launch_id);
    actual.delete(launch.launch_id);
    if (found === undefined) violations.add('launch missing', what);
    else if (JSON.stringify(found.input) !== JSON.stringify(launch.input))
      violations.add(
        'launch of other rules than it names',
        `${what}: ${JSON.stringify(found.input).slice(-120)}`,
      );
  }
  for (const { trigger_id, event_id } of actual.values())
    violations.add('launch too many', `${trigger_id} on ${event_id ?? ''} under ${hash}`);
}

/** Counts along the journal, as the rules' words say, what memory must have led to. */
function checkMemory(
  decided: readonly { readonly event: StoredEvent; readonly hash: string; readonly rules: KnownRules }[],
  launches: readonly LaunchRecord[],
  loaded: readonly string[],
  known: ReadonlyMap<string, KnownRules>,
  violations: Violations,
): void {
  const expected = new Map<string, string[]>(
    ['steady', 'limited', 'counting', 'kept', 'coming-count'].map((id) => [id, []]),
  );
  const fire = (trigger: string, id: string): void => void expected.get(trigger)?.push(id);
  const steady = new Map<string, number>();
  let counting = new Map<string, number>();
  let coming = 0;
  let at = 0;
  let bound = known.get(loaded[0] ?? '')?.state.bound;

  const count = (counts: Map<string, number>, key: string, until: number): boolean => {
    const reached = (counts.get(key) ?? 0) + 1;
    counts.set(key, reached === until ? 0 : reached);
    return reached === until;
  };
  for (const { event, hash, rules } of decided) {
    // Rules that were in place for no event at all still let a changed condition begin anew.
    while (loaded[at] !== hash) {
      if (++at >= loaded.length) {
        violations.add('rules out of order', `${hash} on ${event.event.event_id}`);
        return;
      }
      const next = known.get(loaded[at] ?? '')?.state.bound;
      if (next !== bound) counting = new Map();
      bound = next;
    }
    const { event_id, payload } = event.event;
    const [user, k] = [String(payload['user']), Number(payload['k'])];
    const { state } = rules;
    if (count(steady, user, STEADY_COUNT)) fire('steady', event_id);
    if (count(counting, user, state.bound)) fire('counting', event_id);
    if (k === 5 && (expected.get('limited')?.length ?? 0) < LIMIT) fire('limited', event_id);
    if (k < state.below && (expected.get('kept')?.length ?? 0) < KEPT_LIMIT) fire('kept', event_id);
    if (state.coming !== null && ++coming % COMING_COUNT === 0) fire('coming-count', event_id);
  }
  for (const [trigger, ids] of expected) {
    const actual = launches
      .filter(({ trigger_id }) => trigger_id === trigger)
      .map(({ event_id }) => event_id ?? '');
    const wanted = new Set(ids);
    const surplus = actual.filter((id) => !wanted.delete(id));
    if (surplus.length + wanted.size > 0)
      violations.add(
        'memory lost or made up',
        `${trigger}: ${actual.length} launches instead of ${ids.length}; not due: ${surplus.slice(0, 3).join()}; missing: ${[...wanted].slice(0, 3).join()}`,
      );
  }
}
