import type { LeftRow } from '../../decide/restore-rows.js';
import { triggerOfRow } from '../../decide/state-rows.js';
import type { StateRow, Store } from '../../ports/store.js';

/** How long the state of a trigger that was taken out of the folder is kept, in case it comes back. */
export const PARKED_MS = 7 * 86_400_000;

const MARK = '#parked\n';
const markKey = (triggerId: string): string => `${MARK}${triggerId}`;

/** Rows that belong to triggers, without the marks of those that are parked. */
export function* triggerRows(store: Store): Iterable<{ readonly key: string; readonly value: string }> {
  for (const row of store.state()) if (!row.key.startsWith('#')) yield row;
}

/**
 * What becomes of rows that a rule set did not take over: of a trigger that is gone they are parked (they stay in the store,
 * marked with the time), of one that has changed they are dropped.
 */
export function settleLeft(store: Store, left: readonly LeftRow[], nowMs: number): readonly StateRow[] {
  const marked = new Set([...store.state(MARK)].map(({ key }) => key.slice(MARK.length)));
  const rows: StateRow[] = [];
  for (const { key, why } of left) {
    if (why === 'changed') {
      rows.push({ key, value: null });
      continue;
    }
    const triggerId = triggerOfRow(key);
    if (marked.has(triggerId)) continue;
    marked.add(triggerId);
    rows.push({ key: markKey(triggerId), value: String(nowMs) });
  }
  return rows;
}

/** Rows and marks of parked triggers that are in the folder again: the marks go, the rows are the trigger's. */
export function takeParked(
  store: Store,
  isThere: (triggerId: string) => boolean,
): {
  rows(): readonly { readonly key: string; readonly value: string }[];
  readonly marks: readonly StateRow[];
} {
  const back = [...store.state(MARK)].map(({ key }) => key.slice(MARK.length)).filter(isThere);
  return {
    rows: () => back.flatMap((triggerId) => [...store.state(`${triggerId}\n`)]),
    marks: back.map((triggerId) => ({ key: markKey(triggerId), value: null })),
  };
}

/** Removes what has been parked for too long. */
export function dropParked(store: Store, nowMs: number): readonly StateRow[] {
  return [...store.state(MARK)]
    .filter(({ value }) => Number(value) <= nowMs - PARKED_MS)
    .flatMap(({ key }) => [
      { key, value: null },
      ...[...store.state(`${key.slice(MARK.length)}\n`)].map((row) => ({ key: row.key, value: null })),
    ]);
}
