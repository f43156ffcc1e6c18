/**
 * Items by rank, lowest first. An item is in it once; what it was ranked with is kept, so that an item may change while
 * it is inside. Adding, moving and taking out take time in the logarithm of the size; looking at the first none.
 */
export interface Heap<T> {
  readonly size: number;
  first(): T | undefined;
  /** Adds the item, or moves it to its new rank. */
  set(item: T, rank: number): void;
  /** Whether it was there. */
  delete(item: T): boolean;
}

export function createHeap<T>(): Heap<T> {
  const items: T[] = [];
  const ranks: number[] = [];
  const places = new Map<T, number>();

  const put = (place: number, item: T, rank: number): void => {
    items[place] = item;
    ranks[place] = rank;
    places.set(item, place);
  };
  const rankAt = (place: number): number => ranks[place] as number;
  /** Puts the item where it belongs, starting at a place that is free. */
  const settle = (free: number, item: T, rank: number): void => {
    let place = free;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (rankAt(parent) <= rank) break;
      put(place, items[parent] as T, rankAt(parent));
      place = parent;
    }
    for (;;) {
      let child = 2 * place + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && rankAt(child + 1) < rankAt(child)) child++;
      if (rankAt(child) >= rank) break;
      put(place, items[child] as T, rankAt(child));
      place = child;
    }
    put(place, item, rank);
  };

  return {
    get size() {
      return items.length;
    },
    first: () => items[0],
    set(item, rank) {
      settle(places.get(item) ?? items.length, item, rank);
    },
    delete(item) {
      const place = places.get(item);
      if (place === undefined) return false;
      places.delete(item);
      const last = items.pop() as T;
      const rank = ranks.pop() as number;
      if (place < items.length) settle(place, last, rank);
      return true;
    },
  };
}
