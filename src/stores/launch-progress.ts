import { LAUNCH_STATUSES, type LaunchStatus } from '../model/outcome.js';
import type { LaunchRecord } from '../model/record.js';

/** Statuses with something left to do. */
export const UNFINISHED = ['pending', 'running', 'retrying'] as const satisfies readonly LaunchStatus[];

const FORGETTABLE: Readonly<Record<LaunchStatus, boolean>> = {
  observed: true,
  pending: false,
  running: false,
  retrying: false,
  succeeded: true,
  // Dead launches stay until somebody has looked at them.
  dead: false,
  skipped: true,
};

/** Whether there is something left to do for a launch of this status. */
export function isUnfinished(status: LaunchStatus): boolean {
  return (UNFINISHED as readonly LaunchStatus[]).includes(status);
}

/** Since when a launch is of the past, epoch ms; null while retention must not touch it. */
export function finishedAt(launch: LaunchRecord): number | null {
  return FORGETTABLE[launch.status] ? (launch.ended_at ?? launch.at) : null;
}

/** What an update may change; the rest of a launch stands as it was decided. */
export function withProgress(known: LaunchRecord, update: LaunchRecord): LaunchRecord {
  const { status, attempts, redriven_after, next_at, ended_at, output } = update;
  return { ...known, status, attempts, redriven_after, next_at, ended_at, output };
}

/** No launch of any status. */
export function noLaunches(): Record<LaunchStatus, number> {
  return Object.fromEntries(LAUNCH_STATUSES.map((status) => [status, 0])) as Record<LaunchStatus, number>;
}
