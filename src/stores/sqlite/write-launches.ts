import type { LaunchStatus } from '../../model/outcome.js';
import type { LaunchRecord, StoredEvent } from '../../model/record.js';
import type { Workflow } from '../../model/trigger.js';
import { finishedAt } from '../launch-progress.js';
import { toColumn } from './column-text.js';
import type { Database } from './driver.js';
import { borrows, detailsText } from './launch-row.js';
import { noteTime, type Tally } from './tally.js';

/** Writes launches within a transaction that somebody else began. */
export interface LaunchWriter {
  insert(launches: readonly LaunchRecord[], events: readonly StoredEvent[], tally: Tally): void;
  update(launches: readonly LaunchRecord[], tally: Tally): void;
  triggerOf(launchId: string): string | undefined;
  /** The transaction was rolled back: what was learnt in it does not hold. */
  forget(): void;
}

/** Prepares the statements once. */
export function createLaunchWriter(database: Database): LaunchWriter {
  const insertLaunch = database.prepare(`
    INSERT INTO launches (seq, launch_id, trigger_id, workflow_name, status, at, high, position, definition, borrows,
      finished_at, redriven_after, next_at, ended_at, attempts, output)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const insertDetails = database.prepare('INSERT INTO launch_details (seq, details) VALUES (?, ?)');
  const findLaunch = database.prepare('SELECT seq, status, at FROM launches WHERE launch_id = ?');
  const updateLaunch = database.prepare(`
    UPDATE launches SET status = ?, finished_at = ?, redriven_after = ?, next_at = ?, ended_at = ?, attempts = ?, output = ?
    WHERE seq = ?`);
  const findTrigger = database.prepare('SELECT trigger_id FROM launches WHERE launch_id = ?').pluck();
  const findDefinition = database.prepare('SELECT id FROM definitions WHERE workflow = ?').pluck();
  const insertDefinition = database.prepare('INSERT INTO definitions (workflow) VALUES (?)');
  /** A rule set gives the same object for every launch of a workflow: its text is made and looked up once. */
  let definitions = new WeakMap<Workflow, number>();

  function definitionOf(workflow: Workflow): number {
    let id = definitions.get(workflow);
    if (id === undefined) {
      const text = JSON.stringify(workflow);
      id =
        (findDefinition.get(text) as number | undefined) ??
        Number(insertDefinition.run(text).lastInsertRowid);
      definitions.set(workflow, id);
    }
    return id;
  }

  function insertOne(
    launch: LaunchRecord,
    launchId: string,
    stored: StoredEvent | undefined,
    tally: Tally,
  ): void {
    const mark = tally.marks.launches;
    const seq = mark.next++;
    const isBorrowing = borrows(launch.input, stored?.event);
    insertLaunch.run(
      seq,
      launchId,
      toColumn(launch.trigger_id),
      toColumn(launch.workflow_name),
      launch.status,
      launch.at,
      noteTime(mark, launch.at),
      launch.position,
      definitionOf(launch.workflow),
      isBorrowing ? 1 : 0,
      finishedAt(launch),
      launch.redriven_after,
      launch.next_at,
      launch.ended_at,
      JSON.stringify(launch.attempts),
      JSON.stringify(launch.output),
    );
    insertDetails.run(seq, detailsText(launch, isBorrowing));
    tally.launches[launch.status]++;
  }

  return {
    insert(launches, events, tally) {
      const first = events[0]?.position ?? 0;
      for (const launch of launches) {
        const launchId = toColumn(launch.launch_id);
        if (findLaunch.get(launchId) === undefined) {
          insertOne(launch, launchId, events[launch.position - first], tally);
        }
      }
    },
    update(launches, tally) {
      for (const launch of launches) {
        const launchId = toColumn(launch.launch_id);
        const known = findLaunch.get(launchId) as
          | { readonly seq: number; readonly status: LaunchStatus; readonly at: number }
          | undefined;
        if (known === undefined) {
          insertOne(launch, launchId, undefined, tally);
          continue;
        }
        updateLaunch.run(
          launch.status,
          finishedAt({ ...launch, at: known.at }),
          launch.redriven_after,
          launch.next_at,
          launch.ended_at,
          JSON.stringify(launch.attempts),
          JSON.stringify(launch.output),
          known.seq,
        );
        tally.launches[known.status]--;
        tally.launches[launch.status]++;
      }
    },
    triggerOf: (launchId) => findTrigger.get(toColumn(launchId)) as string | undefined,
    forget() {
      definitions = new WeakMap();
    },
  };
}
