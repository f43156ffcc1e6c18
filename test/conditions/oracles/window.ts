import type { Arrival } from '../../support/reducer-harness.js';

export interface WindowRule {
  readonly withinMs: number;
  readonly minimumEvents: number;
  readonly keep: boolean;
  /** The value an arrival brings; undefined = none. */
  value(arrival: Arrival): number | undefined;
  aggregate(values: readonly number[]): number;
  passes(aggregate: number): boolean;
}

export interface ExpectedWindow {
  readonly at: number;
  readonly event: string;
  readonly events: readonly string[];
  readonly value: number;
}

/** Firings of a threshold for one group's arrivals: every window is taken anew from the whole history. */
export function expectedWindows(history: readonly Arrival[], rule: WindowRule): readonly ExpectedWindow[] {
  const firings: ExpectedWindow[] = [];
  let emptied = -1;
  let held = false;
  history.forEach((arrival, index) => {
    const end = Math.max(...history.slice(0, index + 1).map(({ at }) => at));
    const counts = (other: Arrival): boolean =>
      other.at > end - rule.withinMs && rule.value(other) !== undefined;
    if (!counts(arrival)) return;
    const inside = history
      .slice(emptied + 1, index + 1)
      .filter(counts)
      .sort((a, b) => a.at - b.at);
    const value = rule.aggregate(inside.map((other) => rule.value(other) as number));
    const holds = inside.length >= rule.minimumEvents && rule.passes(value);
    if (holds && !(rule.keep && held)) {
      firings.push({ at: arrival.arrivedAt, event: arrival.id, events: inside.map(({ id }) => id), value });
      if (!rule.keep) emptied = index;
    }
    held = holds;
  });
  return firings;
}
