/** The newest of what happened, up to a bound; adding costs the same however much is kept. */
export interface History<T> {
  readonly size: number;
  add(item: T): void;
  /** The newest `limit` that pass, oldest of them first. */
  newest(limit: number, passes?: (item: T) => boolean): T[];
}

/** A history of at most `capacity` items; 0 keeps none. */
export function createHistory<T>(capacity: number): History<T> {
  const ring: T[] = [];
  /** Where the next one goes once the ring is full: the place of the oldest. */
  let oldest = 0;
  return {
    get size() {
      return ring.length;
    },
    add(item) {
      if (ring.length < capacity) {
        ring.push(item);
      } else if (capacity > 0) {
        ring[oldest] = item;
        oldest = (oldest + 1) % capacity;
      }
    },
    newest(limit, passes = () => true) {
      const found: T[] = [];
      for (let back = 1; back <= ring.length && found.length < limit; back++) {
        const item = ring[(oldest - back + ring.length) % ring.length] as T;
        if (passes(item)) found.push(item);
      }
      return found.reverse();
    },
  };
}
