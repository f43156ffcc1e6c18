import type { WireProblem } from '../model/wire.js';
import { Refusal } from './refusal.js';

const LISTED_MAX = 100;

/** What is wrong with the events of one request: all of it counted, the first hundred named. */
export interface Problems {
  readonly count: number;
  add(index: number, path: string, message: string, hint: string | null): void;
  /** The whole request is refused, for the sake of some of its events. */
  refusal(): Refusal;
}

export function createProblems(): Problems {
  const listed: WireProblem[] = [];
  const events = new Set<number>();
  let count = 0;
  return {
    get count() {
      return count;
    },
    add(index, path, message, hint) {
      count++;
      events.add(index);
      if (listed.length < LISTED_MAX) listed.push({ index, path, message, hint });
    },
    refusal() {
      const problems = listed.sort((a, b) => a.index - b.index);
      const first = problems[0];
      const what = events.size === 1 ? 'an event is not valid' : `${events.size} events are not valid`;
      const rest =
        count > problems.length ? ` (the first ${LISTED_MAX} of ${count} problems are listed)` : '';
      return new Refusal(400, 'event-invalid', `${what}, so nothing was taken${rest}`, {
        hint: first?.hint ?? null,
        problems,
        events: events.size,
      });
    },
  };
}
