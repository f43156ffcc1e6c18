const SMALLEST_CUT = 64;

/** First in, first out. An array's `shift` moves every element behind it; this does so once in a while. */
export interface Fifo<T> {
  readonly size: number;
  first(): T | undefined;
  push(item: T): void;
  shift(): T | undefined;
}

export function createFifo<T>(): Fifo<T> {
  let items: (T | undefined)[] = [];
  let head = 0;
  return {
    get size() {
      return items.length - head;
    },
    first: () => items[head],
    push(item) {
      items.push(item);
    },
    shift() {
      if (head === items.length) return undefined;
      const item = items[head];
      items[head++] = undefined;
      if (head >= SMALLEST_CUT && head * 2 >= items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
  };
}
