import type { LaunchRecord, StoredDecision, StoredEvent } from '../../model/record.js';
import type { Event } from '../../model/event.js';
import type { Suppression } from '../../model/decision.js';
import type { DecisionQuery, EventQuery, LaunchQuery, Page, PageQuery } from '../../ports/store.js';
import { type CursorKind, cursorAfter, readPageQuery } from '../cursor.js';
import { fromColumn, toColumn } from './column-text.js';
import { decisionStream } from './decision-stream.js';
import { eventStreams } from './event-streams.js';
import { type LaunchRow, launchOf, SELECT_LAUNCH } from './launch-row.js';
import { launchStreams, statusStreams } from './launch-streams.js';
import { NO_TESTS, timeTests } from './row-tests.js';
import { type KeyRange, mergeStreams, type Stream } from './scan.js';
import { createStatements } from './statements.js';
import type { Database } from './driver.js';
import type { Tally } from './tally.js';
import { type TimedTable, type TimeRange, timeRange } from './time-range.js';

/** Characters of JSON text after which a page ends, whatever its limit: events may be a megabyte each. */
const PAGE_CHARACTERS = 8 * 1_048_576;

/** The readings of the port that give pages or single rows. */
export interface Queries {
  event(eventId: string): StoredEvent | null;
  events(query: EventQuery, tally: Tally): Page<StoredEvent>;
  launch(launchId: string): LaunchRecord | null;
  launches(query: LaunchQuery, tally: Tally): Page<LaunchRecord>;
  decisions(query: DecisionQuery, tally: Tally): Page<StoredDecision>;
  /** Launches of rare statuses behind a key, in the order they were decided; with the key to go on behind. */
  launchesOf(
    statuses: readonly string[],
    afterSeq: number,
    limit: number,
  ): { readonly items: readonly LaunchRecord[]; readonly next: number | null };
}

interface EventRow {
  readonly position: number;
  readonly received_at: number;
  readonly event: string;
}

interface DecisionRow {
  readonly position: number;
  readonly event_id: string | null;
  readonly at: number;
  readonly ruleset_hash: string;
  readonly launches: string;
  readonly suppressed: string;
}

/** Readings on one connection. */
export function createQueries(database: Database): Queries {
  const prepare = createStatements(database);
  const eventByKey = database.prepare('SELECT position, received_at, event FROM events WHERE position = ?');
  const eventById = database.prepare(`
    SELECT events.position, events.received_at, events.event
    FROM event_ids JOIN events ON events.position = event_ids.position WHERE event_ids.event_id = ?`);
  const launchByKey = database.prepare(`${SELECT_LAUNCH} WHERE l.seq = ?`);
  const launchById = database.prepare(`${SELECT_LAUNCH} WHERE l.launch_id = ?`);
  const decisionByKey = database.prepare(
    'SELECT position, event_id, at, ruleset_hash, launches, suppressed FROM decisions WHERE seq = ?',
  );

  const readEvent = (key: number) => eventByKey.get(key) as EventRow;
  const readLaunch = (key: number) => launchByKey.get(key) as LaunchRow;
  const readDecision = (key: number) => decisionByKey.get(key) as DecisionRow;

  function page<Row, T>(
    kind: CursorKind,
    query: PageQuery,
    streams: readonly Stream[],
    { first, end }: TimeRange,
    read: (key: number) => Row,
    sizeOf: (row: Row) => number,
    toItem: (row: Row) => T,
  ): Page<T> {
    const after = readPageQuery(kind, query);
    const range: KeyRange =
      query.order === 'oldest'
        ? { first: after === null ? first : Math.max(first, after + 1), end, order: 'oldest' }
        : { first, end: after === null ? end : Math.min(end, after), order: 'newest' };
    const { keys, next } = mergeStreams(prepare, streams, range, query.limit);
    const items: T[] = [];
    let characters = 0;
    for (let i = 0; i < keys.length; i++) {
      const row = read(keys[i] as number);
      characters += sizeOf(row);
      items.push(toItem(row));
      if (characters > PAGE_CHARACTERS && i < keys.length - 1) {
        return { items, next: cursorAfter(kind, keys[i] as number) };
      }
    }
    return { items, next: next === null ? null : cursorAfter(kind, next) };
  }

  return {
    event(eventId) {
      const row = eventById.get(toColumn(eventId)) as EventRow | undefined;
      return row === undefined ? null : eventOf(row);
    },
    events(query, tally) {
      const range = timeRange(prepare, 'events', tally.marks.events, query.sinceMs, query.untilMs);
      const first = Math.max(range.first, (query.afterPosition ?? 0) + 1);
      const streams = eventStreams(prepare, query.types, timeTests(query, range, 'received_at'));
      return page(
        'event',
        query,
        streams,
        { ...range, first },
        readEvent,
        ({ event }) => event.length,
        eventOf,
      );
    },
    launch(launchId) {
      const row = launchById.get(toColumn(launchId)) as LaunchRow | undefined;
      return row === undefined ? null : launchOf(row);
    },
    launches(query, tally) {
      const range = rangeOf('launches', query, tally);
      const streams = launchStreams(query, timeTests(query, range, 'at'));
      const sizeOf = ({ details, output, borrowed }: LaunchRow): number =>
        details.length + output.length + (borrowed?.length ?? 0);
      return page('launch', query, streams, range, readLaunch, sizeOf, launchOf);
    },
    decisions(query, tally) {
      const range = rangeOf('decisions', query, tally);
      const stream = decisionStream(query, timeTests(query, range, 'at'));
      const sizeOf = ({ launches, suppressed }: DecisionRow): number => launches.length + suppressed.length;
      return page('decision', query, [stream], range, readDecision, sizeOf, decisionOf);
    },
    launchesOf(statuses, afterSeq, limit) {
      const range: KeyRange = { first: afterSeq + 1, end: Number.MAX_SAFE_INTEGER, order: 'oldest' };
      const { keys, next } = mergeStreams(prepare, statusStreams(statuses, NO_TESTS), range, limit);
      return { items: keys.map((key) => launchOf(readLaunch(key))), next };
    },
  };

  function rangeOf(table: TimedTable, query: LaunchQuery | DecisionQuery, tally: Tally): TimeRange {
    const mark = tally.marks[table];
    return timeRange(prepare, table, mark, query.sinceMs, query.untilMs);
  }
}

function eventOf({ position, received_at, event }: EventRow): StoredEvent {
  return { position, event: JSON.parse(event) as Event, received_at };
}

function decisionOf(row: DecisionRow): StoredDecision {
  return {
    position: row.position,
    event_id: row.event_id === null ? null : fromColumn(row.event_id),
    at: row.at,
    ruleset_hash: row.ruleset_hash,
    launches: JSON.parse(row.launches) as readonly string[],
    suppressed: JSON.parse(row.suppressed) as readonly Suppression[],
  };
}
