import type { LaunchRecord, StoredEvent } from '../../../src/model/record.js';
import type { Launch } from '../../../src/model/decision.js';
import type { Effect } from '../sink-process.js';
import type { StoreContents } from '../support/read-store.js';
import { compileRules, replay } from '../support/replay.js';
import type { Violations } from '../support/violations.js';
import { GATED } from './rules.js';

export interface KillEvidence {
  readonly rules: string;
  readonly limit: number;
  readonly acknowledged: ReadonlySet<string>;
  /** Every id that was ever sent. */
  readonly offered: ReadonlySet<string>;
  readonly store: StoreContents;
  readonly effects: readonly Effect[];
}

/** Holds what the store and the sink say in the end against what was promised. */
export async function checkKillRun(evidence: KillEvidence, violations: Violations): Promise<void> {
  const { store } = evidence;
  if (store.integrity !== 'ok') violations.add('integrity check', store.integrity);
  checkJournal(evidence, violations);
  checkDecisions(store, violations);
  checkPlain(evidence, violations);
  checkLaunches(
    store.launches,
    replay(await compileRules(evidence.rules), store.events, store.now),
    violations,
  );
  checkEffects(store.launches, evidence.effects, violations);
  checkLifecycle(store, violations);
  const limited = store.launches.filter(({ trigger_id }) => trigger_id === GATED.limited).length;
  if (limited !== evidence.limit)
    violations.add('limit', `max_executions is ${evidence.limit}, ${limited} were launched`);
}

/** Every acknowledged event is there, once; and nothing is there that nobody sent. */
function checkJournal({ acknowledged, offered, store }: KillEvidence, violations: Violations): void {
  const stored = new Set<string>();
  store.events.forEach(({ event, position }, index) => {
    if (position !== index + 1) violations.add('journal with a gap', `position ${position} at ${index + 1}`);
    if (stored.has(event.event_id)) violations.add('event in the journal twice', event.event_id);
    stored.add(event.event_id);
    if (event.source !== 'triggerd' && !offered.has(event.event_id))
      violations.add('event that nobody sent', event.event_id);
  });
  for (const id of acknowledged) if (!stored.has(id)) violations.add('acknowledged event lost', id);
}

/** Launches and decisions name each other. */
function checkDecisions({ launches, decisions }: StoreContents, violations: Violations): void {
  const known = new Set(launches.map(({ launch_id }) => launch_id));
  const named = new Set<string>();
  for (const decision of decisions) {
    for (const id of decision.launches) {
      if (named.has(id)) violations.add('launch decided twice', id);
      named.add(id);
      if (!known.has(id))
        violations.add('decided launch lost', `${id} of event ${decision.event_id ?? 'none'}`);
    }
  }
  for (const id of known) if (!named.has(id)) violations.add('launch without a decision', id);
}

/** Needs no engine: each paid order is one launch. */
function checkPlain({ store }: KillEvidence, violations: Violations): void {
  const launched = new Map<string, number>();
  for (const { trigger_id, event_id } of store.launches)
    if (trigger_id === GATED.plain && event_id !== null)
      launched.set(event_id, (launched.get(event_id) ?? 0) + 1);
  const paid = store.events.filter(({ event }) => event.event_type === 'order.paid');
  for (const { event } of paid) {
    const times = launched.get(event.event_id) ?? 0;
    if (times !== 1) violations.add('event decided wrongly', `${event.event_id} has ${times} launches`);
  }
  if (launched.size !== paid.length)
    violations.add('event decided wrongly', `${launched.size} launches of ${paid.length} paid orders`);
}

/** What was decided between all those kills is what the same journal leads to without any. */
function checkLaunches(
  actual: readonly LaunchRecord[],
  expected: ReadonlyMap<string, Launch>,
  violations: Violations,
): void {
  const known = new Set<string>();
  for (const { launch_id, trigger_id, event_id, status, input } of actual) {
    known.add(launch_id);
    const launch = expected.get(launch_id);
    const what = `${launch_id} of ${trigger_id} on ${event_id ?? 'no event'}`;
    if (launch === undefined) violations.add('launch too many', what);
    else if (JSON.stringify(launch.input) !== JSON.stringify(input))
      violations.add('launch with another input', `${what}: ${JSON.stringify(input).slice(0, 300)}`);
    if (status !== 'succeeded') violations.add('launch unfinished', `${what} is ${status}`);
  }
  for (const { launch_id, trigger_id, event_id } of expected.values())
    if (!known.has(launch_id))
      violations.add('launch missing', `${launch_id} of ${trigger_id} on ${event_id ?? 'no event'}`);
}

/** Each launch took effect once: under its own key, always with the same body. */
function checkEffects(
  launches: readonly LaunchRecord[],
  effects: readonly Effect[],
  violations: Violations,
): void {
  const keys = new Set(effects.map(({ key }) => key));
  const known = new Set(launches.map(({ launch_id }) => launch_id));
  for (const id of known) if (!keys.has(id)) violations.add('effect missing', id);
  for (const { key, differs } of effects) {
    if (!known.has(key)) violations.add('effect of no launch', key);
    if (differs) violations.add('effect that differs between attempts', key);
  }
}

/** Each launch was said to have started and to have completed, once. */
function checkLifecycle({ launches, events }: StoreContents, violations: Violations): void {
  const said = new Map<string, number>();
  const note = ({ event }: StoredEvent): void => {
    const key = `${event.event_type} ${String(event.payload['launch_id'])}`;
    said.set(key, (said.get(key) ?? 0) + 1);
  };
  events.filter(({ event }) => event.source === 'triggerd').forEach(note);
  for (const { launch_id } of launches) {
    for (const type of ['workflow.started', 'workflow.completed']) {
      const times = said.get(`${type} ${launch_id}`) ?? 0;
      if (times !== 1) violations.add('lifecycle event', `${type} of ${launch_id}: ${times} times`);
    }
  }
}
