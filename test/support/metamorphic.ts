import { expect } from 'vitest';
import { runReducer, type Run } from './reducer-harness.js';
import { GROUPS } from './streams.js';

/** What holds for every reducer and every stream: its slices are plain data, and groups know nothing of each other. */
export function expectPlainAndApart(run: Run): void {
  const { fires, counters } = runReducer(run);
  const throughJson = runReducer({ ...run, throughJson: true });
  expect({ fires: throughJson.fires, counters: throughJson.counters }).toEqual({ fires, counters });
  for (const group of GROUPS) {
    const alone = runReducer({
      ...run,
      arrivals: run.arrivals.filter((arrival) => arrival.group === group),
    });
    expect(alone.fires).toEqual(fires.filter((fire) => fire.group === group));
  }
}
