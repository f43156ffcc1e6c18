import type { Occurrence } from '../../model/event.js';

/** Remembered `unless` events of one group; past it the oldest go. */
const MAX_REMEMBERED = 1_000;

/** An `unless` event that may still cancel what arrives after it. */
export interface Remembered {
  readonly at: number;
  readonly arrivedAt: number;
}

/** Remembers an event, by arrival. */
export function remember(list: Remembered[], { at, arrivedAt }: Occurrence): void {
  list.push({ at, arrivedAt });
  if (list.length > MAX_REMEMBERED) list.shift();
}

/** Forgets what arrived longer than `lateness` ago. */
export function forgetOld(list: { readonly arrivedAt: number }[], now: number, latenessMs: number): void {
  let old = 0;
  while (old < list.length && (list[old] as { arrivedAt: number }).arrivedAt < now - latenessMs) old++;
  if (old > 0) list.splice(0, old);
}

/** When the last of a list is forgotten: `forgetOld` then leaves nothing of it. */
export function forgottenAt(
  list: readonly { readonly arrivedAt: number }[],
  latenessMs: number,
): number | null {
  const last = list.at(-1);
  return last === undefined ? null : last.arrivedAt + latenessMs + 1;
}

/**
 * Whether an `unless` event lies in the time in which it cancels, both ends included. An opener that is an `unless` event
 * itself cancels first and then opens: only a later one cancels it, so `after` leaves out the beginning.
 */
export function cancelsWithin(
  list: readonly Remembered[],
  fromMs: number,
  toMs: number,
  after: boolean,
): boolean {
  return list.some(({ at }) => (after ? at > fromMs : at >= fromMs) && at <= toMs);
}
