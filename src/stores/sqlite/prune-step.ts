import type { LaunchStatus } from '../../model/outcome.js';
import type { Pruned, Retention } from '../../ports/store.js';
import type { Database } from './driver.js';
import { ownedDetails } from './launch-row.js';
import { createStatements } from './statements.js';
import type { Tally } from './tally.js';
import { firstReaching } from './time-range.js';

/** What one step takes on: some milliseconds' worth. */
const STEP_ROWS = 250;
const STEP_BYTES = 8 * 1_048_576;
const STEP_IDS = 500;
const STEP_PAGES = 128;
/** Free pages that stay in the database for what comes next; the rest is given back to the disk. */
const KEPT_PAGES = 1_024;

/** One step of forgetting, within a transaction that somebody else began. `done`: there was nothing left to do. */
export type PruneStep = (
  retention: Retention,
  tally: Tally,
  isTight: boolean,
) => Pruned & { readonly done: boolean };

/** Prepares the statements once. */
export function createPruneStep(database: Database): PruneStep {
  const prepare = createStatements(database);
  const pragma = (name: string): number => Number(database.pragma(name, { simple: true }));
  const oldestLaunches = database.prepare(`
    SELECT l.seq, l.status, octet_length(details.details) AS bytes
    FROM launches AS l JOIN launch_details AS details ON details.seq = l.seq
    WHERE l.finished_at < ? ORDER BY l.finished_at LIMIT ${STEP_ROWS}`);
  const oldestEvents = database.prepare(`
    SELECT position, octet_length(event) AS bytes FROM events WHERE position < ? ORDER BY position LIMIT ${STEP_ROWS}`);
  const oldestDecisions = database.prepare(
    `SELECT seq, triggers FROM decisions WHERE seq < ? ORDER BY seq LIMIT ${STEP_ROWS}`,
  );
  const oldestIds = database.prepare(`
    SELECT event_id, position FROM event_ids WHERE received_at < ? ORDER BY received_at LIMIT ${STEP_IDS}`);
  const borrowers = database.prepare(`
    SELECT l.seq, l.position, details.details, events.event
    FROM launches AS l JOIN launch_details AS details ON details.seq = l.seq
    JOIN events ON events.position = l.position
    WHERE l.borrows = 1 AND l.position < ? ORDER BY l.position`);

  /** The events up to, not including, which one can go in this step. */
  function eventsEnd(beforeMs: number): number {
    const end = firstReaching(prepare, 'events', beforeMs) ?? Number.MAX_SAFE_INTEGER;
    let bytes = 0;
    let stepEnd = 0;
    for (const row of oldestEvents.all(end) as { readonly position: number; readonly bytes: number }[]) {
      stepEnd = row.position + 1;
      bytes += row.bytes;
      if (bytes > STEP_BYTES) break;
    }
    return stepEnd;
  }

  /** Launches that outlive their event get a text of their own. Returns up to where all have. */
  function settleBorrowers(end: number): { readonly end: number; readonly settled: number } {
    const found: { readonly seq: number; readonly position: number; readonly text: string }[] = [];
    let bytes = 0;
    let settledEnd = end;
    // Read before it is written: the connection does one at a time.
    for (const row of borrowers.iterate(end) as IterableIterator<{
      readonly seq: number;
      readonly position: number;
      readonly details: string;
      readonly event: string;
    }>) {
      if (found.length === STEP_ROWS || bytes > STEP_BYTES) {
        settledEnd = row.position;
        break;
      }
      const text = ownedDetails(row.details, row.event);
      bytes += text.length;
      found.push({ seq: row.seq, position: row.position, text });
    }
    for (const { seq, text } of found) {
      prepare('UPDATE launch_details SET details = ? WHERE seq = ?').run(text, seq);
      prepare('UPDATE launches SET borrows = 0 WHERE seq = ?').run(seq);
    }
    return { end: settledEnd, settled: found.length };
  }

  function dropLaunches(beforeMs: number, tally: Tally): number {
    let dropped = 0;
    let bytes = 0;
    for (const row of oldestLaunches.all(beforeMs) as {
      readonly seq: number;
      readonly status: LaunchStatus;
      readonly bytes: number;
    }[]) {
      prepare('DELETE FROM launches WHERE seq = ?').run(row.seq);
      prepare('DELETE FROM launch_details WHERE seq = ?').run(row.seq);
      tally.launches[row.status]--;
      dropped++;
      bytes += row.bytes;
      if (bytes > STEP_BYTES) break;
    }
    return dropped;
  }

  function dropDecisions(beforeMs: number): number {
    const end = firstReaching(prepare, 'decisions', beforeMs) ?? Number.MAX_SAFE_INTEGER;
    const rows = oldestDecisions.all(end) as { readonly seq: number; readonly triggers: string }[];
    for (const { seq, triggers } of rows) {
      for (const trigger of JSON.parse(triggers) as readonly string[]) {
        prepare('DELETE FROM decision_triggers WHERE trigger_id = ? AND seq = ?').run(trigger, seq);
      }
      prepare('DELETE FROM decisions WHERE seq = ?').run(seq);
    }
    return rows.length;
  }

  function dropIds(idsBeforeMs: number): number {
    const first = prepare('SELECT min(position) FROM events').pluck().get() as number | null;
    let dropped = 0;
    for (const row of oldestIds.all(idsBeforeMs) as {
      readonly event_id: string;
      readonly position: number;
    }[]) {
      // The id finds its event as long as that is there.
      if (first !== null && row.position >= first) continue;
      prepare('DELETE FROM event_ids WHERE event_id = ?').run(row.event_id);
      dropped++;
    }
    return dropped;
  }

  /** A time before which there is a step's worth to forget, and not much more; null when there is nothing. */
  function oldestStep(): number | null {
    const times: number[] = [];
    for (const rows of [
      'SELECT high AS time FROM events ORDER BY position',
      'SELECT high AS time FROM decisions ORDER BY seq',
      'SELECT finished_at AS time FROM launches WHERE finished_at IS NOT NULL ORDER BY finished_at',
    ]) {
      const time = prepare(`SELECT max(time) FROM (${rows} LIMIT ${STEP_ROWS})`).pluck().get() as
        | number
        | null;
      if (time !== null) times.push(time);
    }
    return times.length === 0 ? null : Math.min(...times) + 1;
  }

  return ({ beforeMs, idsBeforeMs, maxBytes }, tally, isTight) => {
    let before = beforeMs;
    if (maxBytes !== null) {
      const used = (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
      if (used > maxBytes) before = Math.max(before, oldestStep() ?? before);
    }
    const launches = dropLaunches(before, tally);
    const decisions = dropDecisions(before);
    const { end, settled } = settleBorrowers(eventsEnd(before));
    const events = prepare('DELETE FROM events WHERE position < ?').run(end).changes;
    tally.events -= events;
    const ids = dropIds(idsBeforeMs);
    const free = pragma('freelist_count') - (isTight ? 0 : KEPT_PAGES);
    // Stepped to its end by exec only.
    if (free > 0) database.exec(`PRAGMA incremental_vacuum(${Math.min(free, STEP_PAGES)})`);
    const isIdle = launches + decisions + settled + events + ids === 0 && free <= 0;
    return { events, launches, done: isIdle };
  };
}
