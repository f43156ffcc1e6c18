/** Remembers what was made for a key, so that equal things share one; forgets all when it is full. */
export interface BoundedCache<V> {
  get(key: string, make: () => V): V;
}

export function createBoundedCache<V>(capacity: number): BoundedCache<V> {
  let known = new Map<string, V>();
  return {
    get(key, make) {
      let value = known.get(key);
      if (value === undefined) {
        value = make();
        if (known.size >= capacity) known = new Map();
        known.set(key, value);
      }
      return value;
    },
  };
}
