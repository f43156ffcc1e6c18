import { coversType } from '../kernel/event-type.js';
import type { LaunchRecord, StoredDecision, StoredEvent } from '../model/record.js';
import type {
  Commit,
  DecisionQuery,
  EventQuery,
  LaunchQuery,
  Page,
  PageQuery,
  Recovered,
  Retention,
  Store,
} from '../ports/store.js';
import { checkCommit, notOpen } from './check-commit.js';
import { type CursorKind, cursorAfter, readPageQuery } from './cursor.js';
import { decisionTriggers } from './decision-triggers.js';
import { finishedAt, isUnfinished, noLaunches, withProgress } from './launch-progress.js';
import { compareText } from './text-order.js';

/** A row and the number it is read by. */
interface Kept<T> {
  readonly key: number;
  readonly row: T;
}
type KeptDecision = Kept<StoredDecision> & { readonly triggers: ReadonlySet<string> };

/**
 * A store that forgets with its process: for trials, for tests and for embedding. What is handed in is shared, not
 * copied, since records are readonly data. Closed and opened again it is as it was.
 */
export function createMemoryStore(): Store {
  let isOpen = false;
  let reached: Recovered = { position: 0, now: null };
  let nextDecision = 1;
  let nextLaunch = 1;
  let events: Kept<StoredEvent>[] = [];
  let decisions: KeptDecision[] = [];
  const ids = new Map<string, StoredEvent>();
  const state = new Map<string, string>();
  /** By launch id, in the order they were decided. */
  const launches = new Map<string, Kept<LaunchRecord>>();

  function open<T>(value: T): T {
    if (!isOpen) throw notOpen();
    return value;
  }

  /** Reads all of a commit before anything is touched, so that one that throws half-way has changed nothing. */
  function stage(commit: Commit): () => void {
    checkCommit(commit, reached.position);
    const { position, now } = commit;
    const newEvents = commit.events.map((row) => ({ key: row.position, row, id: row.event.event_id }));
    const newState = commit.state.map(({ key, value }) => ({ key, value }));
    const changed = new Map<string, Kept<LaunchRecord>>();
    let launchKey = nextLaunch;
    for (const row of commit.launches) {
      const id = row.launch_id;
      if (!launches.has(id) && !changed.has(id)) changed.set(id, { key: launchKey++, row });
    }
    for (const update of commit.updates) {
      const id = update.launch_id;
      const known = changed.get(id) ?? launches.get(id);
      changed.set(
        id,
        known === undefined
          ? { key: launchKey++, row: update }
          : { key: known.key, row: withProgress(known.row, update) },
      );
    }
    const triggerOf = (id: string): string | undefined =>
      (changed.get(id) ?? launches.get(id))?.row.trigger_id;
    const newDecisions = commit.decisions.map((row, index) => ({
      key: nextDecision + index,
      row,
      triggers: decisionTriggers(row, triggerOf),
    }));
    return () => {
      reached = { position, now };
      nextLaunch = launchKey;
      nextDecision += newDecisions.length;
      for (const { key, row, id } of newEvents) {
        events.push({ key, row });
        ids.set(id, row);
      }
      for (const decision of newDecisions) decisions.push(decision);
      for (const { key, value } of newState) {
        if (value === null) state.delete(key);
        else state.set(key, value);
      }
      for (const [id, kept] of changed) launches.set(id, kept);
    };
  }

  return {
    async open() {
      isOpen = true;
      return reached;
    },
    *state(prefix = '') {
      const keys = open([...state.keys()].filter((key) => key.startsWith(prefix))).sort(compareText);
      for (const key of keys) {
        const value = state.get(key);
        if (value !== undefined) yield { key, value };
      }
    },
    *unfinished() {
      for (const { row } of open([...launches.values()])) if (isUnfinished(row.status)) yield row;
    },
    known(eventIds, sinceMs) {
      return open(new Set(eventIds.filter((id) => (ids.get(id)?.received_at ?? -Infinity) >= sinceMs)));
    },
    async commit(commit) {
      open(stage(commit))();
    },
    event(eventId) {
      const stored = open(ids.get(eventId));
      return stored !== undefined && stored.position >= (events[0]?.key ?? Infinity) ? stored : null;
    },
    events: (query) => open(page('event', events, query, eventTest(query))),
    launch: (launchId) => open(launches.get(launchId)?.row ?? null),
    launches: (query) => open(page('launch', [...launches.values()], query, launchTest(query))),
    decisions: (query) => open(page('decision', decisions, query, decisionTest(query))),
    counts() {
      const counted = open(noLaunches());
      for (const { row } of launches.values()) counted[row.status]++;
      return { events: events.length, launches: counted };
    },
    async prune({ beforeMs, idsBeforeMs }: Retention) {
      const keptEvents = open(dropWhile(events, ({ row }) => row.received_at < beforeMs));
      const pruned = { events: events.length - keptEvents.length, launches: 0, done: true };
      events = keptEvents;
      decisions = dropWhile(decisions, ({ row }) => row.at < beforeMs);
      for (const [id, { row }] of launches) {
        if ((finishedAt(row) ?? Infinity) >= beforeMs) continue;
        launches.delete(id);
        pruned.launches++;
      }
      const firstKept = events[0]?.key ?? Infinity;
      for (const [id, { received_at, position }] of ids) {
        if (received_at < idsBeforeMs && position < firstKept) ids.delete(id);
      }
      return pruned;
    },
    sizeBytes: () => open(0),
    async close() {
      isOpen = false;
    },
  };
}

function eventTest({ types, sinceMs, untilMs, afterPosition }: EventQuery) {
  return ({ key, row }: Kept<StoredEvent>): boolean =>
    (types.length === 0 || types.some((type) => coversType(type, row.event.event_type))) &&
    within(row.received_at, sinceMs, untilMs) &&
    key > (afterPosition ?? 0);
}

function launchTest({ trigger_id, workflow_name, statuses, sinceMs, untilMs }: LaunchQuery) {
  return ({ row }: Kept<LaunchRecord>): boolean =>
    (trigger_id === null || row.trigger_id === trigger_id) &&
    (workflow_name === null || row.workflow_name === workflow_name) &&
    (statuses.length === 0 || statuses.includes(row.status)) &&
    within(row.at, sinceMs, untilMs);
}

function decisionTest({ event_id, trigger_id, sinceMs, untilMs }: DecisionQuery) {
  return ({ row, triggers }: KeptDecision): boolean =>
    (event_id === null || row.event_id === event_id) &&
    (trigger_id === null || triggers.has(trigger_id)) &&
    within(row.at, sinceMs, untilMs);
}

function within(at: number, sinceMs: number | null, untilMs: number | null): boolean {
  return (sinceMs === null || at >= sinceMs) && (untilMs === null || at < untilMs);
}

function page<T, K extends Kept<T>>(
  kind: CursorKind,
  rows: readonly K[],
  query: PageQuery,
  passes: (row: K) => boolean,
): Page<T> {
  const after = readPageQuery(kind, query);
  const forwards = query.order === 'oldest';
  const items: T[] = [];
  let lastKey = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[forwards ? i : rows.length - 1 - i] as K;
    if (after !== null && (forwards ? row.key <= after : row.key >= after)) continue;
    if (!passes(row)) continue;
    if (items.length === query.limit) return { items, next: cursorAfter(kind, lastKey) };
    items.push(row.row);
    lastKey = row.key;
  }
  return { items, next: null };
}

function dropWhile<T>(rows: T[], goes: (row: T) => boolean): T[] {
  const kept = rows.findIndex((row) => !goes(row));
  return kept < 0 ? [] : rows.slice(kept);
}
