import type { Arrival } from '../../support/reducer-harness.js';

/** A firing as an oracle foretells it. */
export interface Foretold {
  readonly at: number;
  readonly event: string;
}

interface Told {
  readonly arrival: Arrival;
  readonly match: boolean;
  readonly unless: boolean;
}

/**
 * The whole history in the order in which it happened. Of one instant what only opens comes first, so that an `unless`
 * event of the same time cancels it; the rest in order of arrival.
 */
function history(arrivals: readonly Arrival[]): readonly Told[] {
  const told = arrivals.map((arrival, order) => ({
    arrival,
    order,
    match: arrival.roles.includes('match'),
    unless: arrival.roles.includes('unless'),
  }));
  return told.sort(
    (a, b) => a.arrival.at - b.arrival.at || Number(a.unless) - Number(b.unless) || a.order - b.order,
  );
}

/** `after: D, unless` over a whole history: valid when openers arrive at once and everything within lateness. */
export function foretellDeadlines(
  arrivals: readonly Arrival[],
  afterMs: number,
  restart: boolean,
): readonly Foretold[] {
  let open: { at: number; due: number; event: string }[] = [];
  for (const { arrival, match, unless } of history(arrivals)) {
    const { at, id } = arrival;
    if (unless) open = open.filter((opened) => opened.due < at);
    if (!match) continue;
    if (restart) open = open.filter((opened) => opened.due <= at);
    if (!open.some((opened) => opened.due > at)) open.push({ at, due: at + afterMs, event: id });
  }
  return open.map(({ due, event }) => ({ at: due, event }));
}

/** `no_event_for: D, unless` over a whole history: valid when everything arrives within lateness. */
export function foretellSilences(arrivals: readonly Arrival[], silentMs: number): readonly Foretold[] {
  const fires: Foretold[] = [];
  let last: Arrival | null = null;
  const pass = (until: number): void => {
    if (last === null || last.at + silentMs >= until) return;
    fires.push({ at: last.at + silentMs, event: last.id });
    last = null;
  };
  for (const { arrival, match, unless } of history(arrivals)) {
    pass(arrival.at);
    if (unless) last = null;
    if (match) last = arrival;
  }
  pass(Number.POSITIVE_INFINITY);
  return fires;
}

/** A plain delay: openers in order of arrival, one at a time; those that come while it runs move nothing. */
export function foretellDelays(arrivals: readonly Arrival[], afterMs: number): readonly Foretold[] {
  const fires: Foretold[] = [];
  let freeAt = Number.NEGATIVE_INFINITY;
  for (const { at, id, roles } of arrivals) {
    if (!roles.includes('match') || at < freeAt) continue;
    fires.push({ at: at + afterMs, event: id });
    freeAt = at + afterMs;
  }
  return fires;
}

/** `expected_by` without groups: the times in whose stretch, up to and with the time itself, nothing happened. */
export function foretellAbsences(arrivals: readonly Arrival[], times: readonly number[]): readonly number[] {
  return times.filter((time, index) => {
    const since = times[index - 1] ?? Number.NEGATIVE_INFINITY;
    return !arrivals.some(({ at }) => at > since && at <= time);
  });
}
