import type { Fault } from '../../kernel/fault.js';
import type { Incoming } from '../../ports/source.js';
import type { Receipt } from '../daemon.js';

/** Events that were handed in together: taken all or none. */
export interface EventItem {
  readonly kind: 'events';
  readonly events: readonly Incoming[];
  resolve(receipts: readonly Receipt[]): void;
  reject(fault: unknown): void;
}

/** Something to be done between two events, in a world `W`. */
export interface ControlItem<W> {
  readonly kind: 'control';
  /** Does the work; returns what to do once it is durable. */
  run(world: W): () => void;
  reject(fault: unknown): void;
}

export type Item<W> = EventItem | ControlItem<W>;

/** What waits for the engine, in the order it came. */
export interface InputQueue<W> {
  readonly isEmpty: boolean;
  /** Events that wait. */
  readonly events: number;
  add(item: Item<W>): void;
  /** Takes from the front what fits into one step; without events, up to the first of them. */
  take(withEvents: boolean): readonly Item<W>[];
  /** Puts what was taken in front again. */
  putBack(items: readonly Item<W>[]): void;
  /** Refuses the events; what is to be done still waits. */
  refuseEvents(fault: Fault): void;
  refuseAll(fault: Fault): void;
}

export interface StepBounds {
  /** One item may have more. */
  readonly events: number;
  readonly items: number;
}

export function createInputQueue<W>(bounds: StepBounds): InputQueue<W> {
  let queue: readonly Item<W>[] = [];
  /** Added since `queue` was made. */
  let added: Item<W>[] = [];
  let waiting = 0;

  const all = (): readonly Item<W>[] => {
    if (added.length > 0) {
      queue = queue.length === 0 ? added : [...queue, ...added];
      added = [];
    }
    return queue;
  };
  const eventsOf = (items: readonly Item<W>[]): number =>
    items.reduce((sum, item) => sum + (item.kind === 'events' ? item.events.length : 0), 0);

  return {
    get isEmpty() {
      return queue.length + added.length === 0;
    },
    get events() {
      return waiting;
    },
    add(item) {
      added.push(item);
      waiting += eventsOf([item]);
    },
    take(withEvents) {
      const items = all();
      let count = 0;
      let events = 0;
      while (count < items.length && events < bounds.events && count < bounds.items) {
        const item = items[count] as Item<W>;
        if (item.kind === 'events') {
          if (!withEvents) break;
          if (events > 0 && events + item.events.length > bounds.events) break;
          events += item.events.length;
        }
        count++;
      }
      queue = items.slice(count);
      waiting -= events;
      return items.slice(0, count);
    },
    putBack(items) {
      queue = [...items, ...all()];
      waiting += eventsOf(items);
    },
    refuseEvents(fault) {
      const items = all();
      queue = items.filter(({ kind }) => kind === 'control');
      waiting = 0;
      for (const item of items) if (item.kind === 'events') item.reject(fault);
    },
    refuseAll(fault) {
      const items = all();
      queue = [];
      waiting = 0;
      for (const item of items) item.reject(fault);
    },
  };
}
