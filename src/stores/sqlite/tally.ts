import type { LaunchStatus } from '../../model/outcome.js';
import { noLaunches } from '../launch-progress.js';
import type { Database } from './driver.js';

/** Before every time there is. */
const EARLIEST_MS = -8_640_000_000_000_000;

/** How the times of a table's rows run, row by row. */
export interface Mark {
  /** The key of the next row. Kept, not derived: after the newest row was forgotten its number must not come again. */
  next: number;
  /** The largest time so far. */
  high: number;
  /** How far a row's time ever lay before the largest at that point; 0 = times never go back. */
  slack: number;
}

/** What the database holds, in figures kept beside it so that nobody has to count. */
export interface Tally {
  position: number;
  now: number | null;
  readonly marks: Readonly<Record<'events' | 'decisions' | 'launches', Mark>>;
  events: number;
  readonly launches: Record<LaunchStatus, number>;
}

/** A tally to change while a transaction may still fail. */
export function copyTally({ position, now, marks, events, launches }: Tally): Tally {
  return {
    position,
    now,
    marks: {
      events: { ...marks.events },
      decisions: { ...marks.decisions },
      launches: { ...marks.launches },
    },
    events,
    launches: { ...launches },
  };
}

/** Takes a new row's time into account; returns the largest so far, which is the row's `high`. */
export function noteTime(mark: Mark, atMs: number): number {
  if (atMs > mark.high) mark.high = atMs;
  else if (mark.high - atMs > mark.slack) mark.slack = mark.high - atMs;
  return mark.high;
}

/** Counts what the database holds. */
export function readTally(database: Database): Tally {
  const head = database.prepare('SELECT position, now, marks FROM head').get() as {
    readonly position: number;
    readonly now: number | null;
    readonly marks: string;
  };
  const marks = JSON.parse(head.marks) as Partial<Tally['marks']>;
  const fresh = (): Mark => ({ next: 1, high: EARLIEST_MS, slack: 0 });
  const launches = noLaunches();
  const counted = database.prepare('SELECT status, count(*) AS count FROM launches GROUP BY status').all();
  for (const { status, count } of counted as { readonly status: LaunchStatus; readonly count: number }[]) {
    launches[status] = count;
  }
  return {
    position: head.position,
    now: head.now,
    marks: {
      events: marks.events ?? fresh(),
      decisions: marks.decisions ?? fresh(),
      launches: marks.launches ?? fresh(),
    },
    events: database.prepare('SELECT count(*) FROM events').pluck().get() as number,
    launches,
  };
}
