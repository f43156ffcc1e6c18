import { formatTime } from '../kernel/time.js';
import type { Launch, Suppression } from '../model/decision.js';
import type { ReportLaunch, ReportSuppression } from '../model/report.js';

/** How many entries a list of a report keeps; the rest is counted in `left_out`. */
export const REPORT_LIST_MAX = 10_000;

export function reportLaunch(launch: Launch): ReportLaunch {
  return { ...launch, at: formatTime(launch.at) };
}

export function reportSuppression(suppression: Suppression): ReportSuppression {
  return {
    ...suppression,
    at: formatTime(suppression.at),
    until: suppression.until === null ? null : formatTime(suppression.until),
  };
}

/** A list that keeps at most `max` entries and counts the rest. */
export interface BoundedList<T> {
  readonly items: readonly T[];
  readonly leftOut: number;
  add(item: T): void;
}

export function createBoundedList<T>(max = REPORT_LIST_MAX): BoundedList<T> {
  const items: T[] = [];
  let leftOut = 0;
  return {
    items,
    get leftOut() {
      return leftOut;
    },
    add(item) {
      if (items.length < max) items.push(item);
      else leftOut++;
    },
  };
}
