import type { Fault } from '../../kernel/fault.js';
import type { Firing, Launch, Suppression } from '../../model/decision.js';
import type { Event } from '../../model/event.js';
import type { LaunchRecord, StoredDecision, StoredEvent } from '../../model/record.js';
import type { Ruleset } from '../../model/ruleset.js';
import type { Commit, StateRow } from '../../ports/store.js';
import type { SeenIds, StepSink } from '../stepper.js';
import { newRecord } from './new-record.js';

/** What the store says of ids, asked while a draft is written. */
export interface DraftStore {
  known(eventIds: readonly string[], sinceMs: number): ReadonlySet<string>;
  launch(launchId: string): LaunchRecord | null;
}

interface OpenDecision {
  readonly position: number;
  readonly event_id: string | null;
  readonly at: number;
  readonly ruleset_hash: string;
  readonly launches: string[];
  readonly suppressed: Suppression[];
}

/** Everything that one step of the engine will make durable, while it is being decided. */
export interface Draft {
  readonly sink: StepSink;
  readonly seen: SeenIds;
  /** Under which rules the next decisions are made, and when. */
  under(ruleset: Ruleset, nowMs: () => number): void;
  /** Asks the store for all of them at once; `seen` knows them then. */
  lookUp(eventIds: readonly string[], sinceMs: number): void;
  update(launch: LaunchRecord): void;
  addState(rows: readonly StateRow[]): void;
  /** The decision of an event of this draft; null when it led to nothing. */
  decisionOf(eventId: string): StoredDecision | null;
  positionOf(eventId: string): number | null;
  /** A new launch of this draft. */
  launchOf(launchId: string): LaunchRecord | undefined;
  readonly failures: readonly { readonly firing: Firing; readonly fault: Fault }[];
  readonly isEmpty: boolean;
  finish(nowMs: number): Commit;
}

/** `position` is the journal position reached before. */
export function createDraft(store: DraftStore, position: number, horizonMs: number): Draft {
  const events: StoredEvent[] = [];
  const positions = new Map<string, number>();
  const decisions: OpenDecision[] = [];
  const byEvent = new Map<string, OpenDecision>();
  /** By id, in the order they were decided. */
  const launches = new Map<string, LaunchRecord>();
  const updates: LaunchRecord[] = [];
  const state: StateRow[] = [];
  const failures: { firing: Firing; fault: Fault }[] = [];
  const knownIds = new Map<string, boolean>();
  let ruleset: Ruleset | null = null;
  let now: () => number = () => Number.NaN;
  let open: OpenDecision | null = null;

  const begin = (event_id: string | null): void => {
    const decision: OpenDecision = {
      position,
      event_id,
      at: now(),
      ruleset_hash: ruleset?.hash ?? '',
      launches: [],
      suppressed: [],
    };
    open = decision;
    decisions.push(decision);
    if (event_id !== null) byEvent.set(event_id, decision);
  };

  const sink: StepSink = {
    event(event: Event) {
      position++;
      events.push({ position, event, received_at: now() });
      positions.set(event.event_id, position);
      begin(event.event_id);
    },
    timer() {
      begin(null);
    },
    launch(launch: Launch, firing: Firing) {
      // An id that was launched before (its event came again after the dedupe horizon) stays as it is.
      const { launch_id } = launch;
      if (launches.has(launch_id) || store.launch(launch_id) !== null) return;
      launches.set(launch_id, newRecord(launch, firing, ruleset as Ruleset, position, now()));
      open?.launches.push(launch_id);
    },
    suppression(suppression: Suppression) {
      open?.suppressed.push(suppression);
    },
    failed(firing, fault) {
      failures.push({ firing, fault });
    },
  };

  const toStored = (decision: OpenDecision | undefined): StoredDecision | null =>
    decision !== undefined && decision.launches.length + decision.suppressed.length > 0 ? decision : null;

  return {
    sink,
    seen: {
      add(eventId, nowMs) {
        const isKnown = knownIds.get(eventId) ?? store.known([eventId], nowMs - horizonMs).has(eventId);
        knownIds.set(eventId, true);
        return !isKnown;
      },
    },
    under(rules, nowMs) {
      ruleset = rules;
      now = nowMs;
    },
    lookUp(eventIds, sinceMs) {
      const asked = eventIds.filter((id) => !knownIds.has(id));
      if (asked.length === 0) return;
      const known = store.known(asked, sinceMs);
      for (const id of asked) knownIds.set(id, known.has(id));
    },
    update(launch) {
      updates.push(launch);
    },
    addState(rows) {
      for (const row of rows) state.push(row);
    },
    decisionOf: (eventId) => toStored(byEvent.get(eventId)),
    positionOf: (eventId) => positions.get(eventId) ?? null,
    launchOf: (launchId) => launches.get(launchId),
    failures,
    get isEmpty() {
      return events.length + launches.size + updates.length + state.length === 0;
    },
    finish(nowMs) {
      const stored = decisions.filter((decision) => toStored(decision) !== null);
      return {
        position,
        now: nowMs,
        events,
        decisions: stored,
        state,
        launches: [...launches.values()],
        updates,
      };
    },
  };
}
