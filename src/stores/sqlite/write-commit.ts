import type { StoredDecision } from '../../model/record.js';
import type { Commit } from '../../ports/store.js';
import { checkCommit } from '../check-commit.js';
import { decisionTriggers } from '../decision-triggers.js';
import { fromColumn, toColumn } from './column-text.js';
import type { Database } from './driver.js';
import { noteTime, type Tally } from './tally.js';
import { createLaunchWriter } from './write-launches.js';

/** Writes commits within a transaction that somebody else began and ends. */
export interface CommitWriter {
  /** Changes the tally along. */
  write(commit: Commit, tally: Tally): void;
  /** The transaction was rolled back. */
  forget(): void;
}

/** Prepares the statements once. */
export function createCommitWriter(database: Database): CommitWriter {
  const insertEvent = database.prepare(
    'INSERT INTO events (position, event_type, received_at, high, event) VALUES (?, ?, ?, ?, ?)',
  );
  // An id older than the horizon may come again, while the event that had it first is still in the journal.
  const insertId = database.prepare(`
    INSERT INTO event_ids (event_id, received_at, position) VALUES (?, ?, ?)
    ON CONFLICT (event_id) DO UPDATE SET received_at = excluded.received_at, position = excluded.position`);
  const setState = database.prepare(
    'INSERT INTO state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const removeState = database.prepare('DELETE FROM state WHERE key = ?');
  const insertDecision = database.prepare(`
    INSERT INTO decisions (seq, position, event_id, at, high, ruleset_hash, launches, suppressed, triggers)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const insertTrigger = database.prepare('INSERT INTO decision_triggers (trigger_id, seq) VALUES (?, ?)');
  const setHead = database.prepare('UPDATE head SET position = ?, now = ?, marks = ? WHERE id = 1');
  const launches = createLaunchWriter(database);

  function writeDecision(decision: StoredDecision, triggers: ReadonlySet<string>, tally: Tally): void {
    const mark = tally.marks.decisions;
    const seq = mark.next++;
    const columns = Array.from(triggers, toColumn);
    insertDecision.run(
      seq,
      decision.position,
      decision.event_id === null ? null : toColumn(decision.event_id),
      decision.at,
      noteTime(mark, decision.at),
      decision.ruleset_hash,
      JSON.stringify(decision.launches),
      JSON.stringify(decision.suppressed),
      JSON.stringify(columns),
    );
    for (const trigger of columns) insertTrigger.run(trigger, seq);
  }

  return {
    write(commit, tally) {
      checkCommit(commit, tally.position);
      for (const { position, received_at, event } of commit.events) {
        const high = noteTime(tally.marks.events, received_at);
        insertEvent.run(position, event.event_type, received_at, high, JSON.stringify(event));
        insertId.run(toColumn(event.event_id), received_at, position);
      }
      tally.events += commit.events.length;
      for (const { key, value } of commit.state) {
        if (value === null) removeState.run(toColumn(key));
        else setState.run(toColumn(key), value);
      }
      launches.insert(commit.launches, commit.events, tally);
      launches.update(commit.updates, tally);
      if (commit.decisions.length > 0) {
        const triggers = new Map(commit.launches.map((launch) => [launch.launch_id, launch.trigger_id]));
        const triggerOf = (launchId: string): string | undefined => {
          const trigger = triggers.get(launchId);
          if (trigger !== undefined) return trigger;
          const known = launches.triggerOf(launchId);
          return known === undefined ? undefined : fromColumn(known);
        };
        for (const decision of commit.decisions) {
          writeDecision(decision, decisionTriggers(decision, triggerOf), tally);
        }
      }
      tally.position = commit.position;
      tally.now = commit.now;
      setHead.run(tally.position, tally.now, JSON.stringify(tally.marks));
    },
    forget: () => launches.forget(),
  };
}
