import type { Effect } from '../sink-process.js';
import type { StoreContents } from '../support/read-store.js';
import type { Violations } from '../support/violations.js';
import { LAUNCHING } from './stream.js';

/** Every message was decided once, in the order of the stream, and launched what it had to launch once. */
export function checkStreamRun(
  store: StoreContents,
  effects: readonly Effect[],
  published: number,
  violations: Violations,
): void {
  if (store.integrity !== 'ok') violations.add('integrity check', store.integrity);
  const ids = new Set<string>();
  const decided = new Map<number, string>();
  let newest = -1;
  for (const { event } of store.events) {
    if (ids.has(event.event_id)) violations.add('event in the journal twice', event.event_id);
    ids.add(event.event_id);
    if (event.source !== 'producer') continue;
    const n = Number(event.payload['n']);
    if (decided.has(n)) violations.add('message decided twice', `${n}: ${event.event_id}`);
    if (n % 2 === 0 && event.event_id !== `offered-${n}`)
      violations.add('event under another name', `${n}: ${event.event_id}`);
    if (n < newest) violations.add('message out of order', `${n} behind ${newest}`);
    newest = Math.max(newest, n);
    decided.set(n, event.event_id);
  }
  for (let n = 0; n < published; n++) if (!decided.has(n)) violations.add('message lost', String(n));

  const launched = new Map<string, number>();
  for (const { event_id } of store.launches)
    if (event_id !== null) launched.set(event_id, (launched.get(event_id) ?? 0) + 1);
  for (const [n, id] of decided) {
    const wanted = n % LAUNCHING === 0 ? 1 : 0;
    const found = launched.get(id) ?? 0;
    if (found !== wanted) violations.add('launches of a message', `${n}: ${found} instead of ${wanted}`);
  }
  const done = new Set(effects.map(({ key }) => key));
  for (const { launch_id, status } of store.launches) {
    if (status !== 'succeeded') violations.add('launch not carried out', `${launch_id} ${status}`);
    if (!done.delete(launch_id)) violations.add('effect missing', launch_id);
  }
  for (const key of done) violations.add('effect without a launch', key);
}
