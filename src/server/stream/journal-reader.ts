import type { Daemon } from '../../engine/daemon.js';
import type { LaunchRecord, StoredDecision, StoredEvent } from '../../model/record.js';
import type { Page, PageQuery } from '../../ports/store.js';
import { type Cursor, compareCursors } from './cursor.js';
import { createLookup, decisionItem, eventItem, launchItem, type StreamItem } from './item.js';
import type { Selection } from './selection.js';

export type Journal = Pick<Daemon, 'event' | 'events' | 'decisions' | 'launches'>;

/** Read at once: small, since many clients may read at the same time, and each page is read between two turns. */
const PAGE = 50;

/** Reads on from a place of the journal, in its order. */
export interface JournalReader {
  /** The next one; `wait` when a page was read in which there was none; null at the end. */
  next(): StreamItem | 'wait' | null;
}

/** One list of the journal, page by page. */
interface Source<T> {
  peek(): T | 'wait' | null;
  take(): void;
}

/**
 * Reads what a selection may want behind `from`. With `launchesTo`, also the launches decided there and up to that position,
 * as they stand now: of a launch the journal keeps one state, not all it has had.
 */
export function createJournalReader(
  journal: Journal,
  selection: Pick<Selection, 'kinds' | 'types'>,
  from: Cursor,
  launchesTo: number | null,
): JournalReader {
  const { kinds, types } = selection;
  let since: number | null | undefined;
  const times = (): { sinceMs: number | null; untilMs: null } => ({
    sinceMs: (since ??= receivedAt(journal, from.position)),
    untilMs: null,
  });
  const lookUp = createLookup([], journal);
  const events = source<StoredEvent>(kinds.includes('event'), (page) =>
    journal.events({ ...page, types, sinceMs: null, untilMs: null, afterPosition: from.position }),
  );
  const decisions = numbered(
    source<StoredDecision>(kinds.includes('decision'), (page) =>
      journal.decisions({ ...page, ...times(), event_id: null, trigger_id: null }),
    ),
    from,
  );
  const launches = within(
    source<LaunchRecord>(kinds.includes('launch') && launchesTo !== null, (page) =>
      journal.launches({ ...page, ...times(), trigger_id: null, workflow_name: null, statuses: [] }),
    ),
    from.position,
    launchesTo ?? 0,
  );

  return {
    next() {
      const event = events.peek();
      const decision = decisions.peek();
      const launch = launches.peek();
      if (event === 'wait' || decision === 'wait' || launch === 'wait') return 'wait';
      const first = Math.min(
        event?.position ?? Number.POSITIVE_INFINITY,
        decision?.row.position ?? Number.POSITIVE_INFINITY,
        launch?.position ?? Number.POSITIVE_INFINITY,
      );
      if (event?.position === first) {
        events.take();
        return eventItem(event);
      }
      if (decision?.row.position === first) {
        decisions.take();
        return decisionItem(decision.row, decision.number, lookUp);
      }
      if (launch?.position === first) {
        launches.take();
        return launchItem(launch, lookUp);
      }
      return null;
    },
  };
}

/** When the event at a position was received: nothing behind it was decided before. null = not known any more. */
function receivedAt(journal: Journal, position: number): number | null {
  if (position === 0) return null;
  const [first] = journal.events({ ...OLDEST_FIRST, limit: 1, afterPosition: position - 1 }).items;
  return first?.position === position ? first.received_at : null;
}

const OLDEST_FIRST = {
  cursor: null,
  order: 'oldest',
  types: [],
  sinceMs: null,
  untilMs: null,
} as const;

function source<T>(wanted: boolean, read: (page: PageQuery) => Page<T>): Source<T> {
  let items: readonly T[] = [];
  let at = 0;
  let cursor: string | null = null;
  let isLast = !wanted;
  return {
    peek() {
      const item = items[at];
      if (item !== undefined) return item;
      if (isLast) return null;
      const page = read({ cursor, limit: PAGE, order: 'oldest' });
      items = page.items;
      at = 0;
      cursor = page.next;
      isLast = cursor === null;
      return items[0] ?? (isLast ? null : 'wait');
    },
    take() {
      at++;
    },
  };
}

/** Decisions with their numbers, those behind a place only. */
function numbered(
  decisions: Source<StoredDecision>,
  from: Cursor,
): Source<{ readonly row: StoredDecision; readonly number: number }> {
  let before: Cursor = { position: 0, decisions: 0 };
  const numberOf = ({ position }: StoredDecision): number =>
    position === before.position ? before.decisions + 1 : 1;
  return {
    peek() {
      for (;;) {
        const row = decisions.peek();
        if (row === null || row === 'wait') return row;
        const number = numberOf(row);
        if (compareCursors({ position: row.position, decisions: number }, from) > 0) return { row, number };
        before = { position: row.position, decisions: number };
        decisions.take();
      }
    },
    take() {
      const row = decisions.peek();
      if (row === null || row === 'wait') return;
      before = { position: row.position, decisions: numberOf(row) };
      decisions.take();
    },
  };
}

/** Launches of positions from `first` to `last`. */
function within(launches: Source<LaunchRecord>, first: number, last: number): Source<LaunchRecord> {
  return {
    peek() {
      for (;;) {
        const launch = launches.peek();
        if (launch === null || launch === 'wait') return launch;
        if (launch.position > last) return null;
        if (launch.position >= first) return launch;
        launches.take();
      }
    },
    take: () => launches.take(),
  };
}

/** Where the journal ends: its last position, and the decisions that stand there. */
export function journalEnd(journal: Pick<Daemon, 'decisions'>, position: number): Cursor {
  let decisions = 0;
  let cursor: string | null = null;
  do {
    const page: Page<StoredDecision> = journal.decisions({
      cursor,
      limit: PAGE,
      order: 'newest',
      event_id: null,
      trigger_id: null,
      sinceMs: null,
      untilMs: null,
    });
    for (const decision of page.items) {
      if (decision.position < position) return { position, decisions };
      decisions++;
    }
    cursor = page.next;
  } while (cursor !== null);
  return { position, decisions };
}

/** The events behind a position that the journal no longer keeps; null when it keeps them all. */
export function missingBehind(
  journal: Pick<Daemon, 'events'>,
  from: number,
  end: number,
): { readonly from: number; readonly to: number } | null {
  if (from >= end) return null;
  let cursor: string | null = null;
  do {
    const page: Page<StoredEvent> = journal.events({
      ...OLDEST_FIRST,
      cursor,
      limit: 1,
      afterPosition: from,
    });
    const [first] = page.items;
    if (first !== undefined) {
      return first.position === from + 1 ? null : { from: from + 1, to: first.position - 1 };
    }
    cursor = page.next;
  } while (cursor !== null);
  return { from: from + 1, to: end };
}
