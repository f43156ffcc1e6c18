import { createFifo } from './fifo.js';
import { createHeap } from './heap.js';
import type { Waiting } from './waiting.js';

/** Queued launches that wait for the same things, in the order they were decided. */
export interface Lane {
  /** The trigger of its launches; null when they are of any trigger, having started before. */
  readonly triggerId: string | null;
  /** Held back, because its trigger launches too much. */
  held: boolean;
  first(): Waiting | undefined;
  add(waiting: Waiting): void;
  shift(): Waiting | undefined;
  /** Takes one out from anywhere. It must no longer be `queued`. */
  remove(waiting: Waiting): void;
}

/** Of launches not tried before. They come in their order, so adding and taking need no sorting. */
export function createFreshLane(triggerId: string): Lane {
  const fifo = createFifo<Waiting>();
  const first = (): Waiting | undefined => {
    // Those taken out from the middle are passed over only here.
    while (fifo.first() !== undefined && fifo.first()?.place !== 'queued') fifo.shift();
    return fifo.first();
  };
  return {
    triggerId,
    held: false,
    first,
    add: (waiting) => fifo.push(waiting),
    shift: () => (first() === undefined ? undefined : fifo.shift()),
    remove: () => void first(),
  };
}

/** Of launches that come back for another attempt, in whatever order. */
export function createReturnLane(): Lane {
  const heap = createHeap<Waiting>();
  return {
    triggerId: null,
    held: false,
    first: () => heap.first(),
    add: (waiting) => heap.set(waiting, waiting.order),
    shift() {
      const waiting = heap.first();
      if (waiting !== undefined) heap.delete(waiting);
      return waiting;
    },
    remove: (waiting) => void heap.delete(waiting),
  };
}
