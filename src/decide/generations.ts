/** Keys with a time, in bounded memory: a full young generation becomes the old one, and the old one is forgotten. */
export interface Generations {
  get(key: string): number | undefined;
  set(key: string, at: number): void;
  /** Oldest generation first. */
  entries(): readonly (readonly [string, number])[];
}

/** Keeps at least the last `capacity / 2` keys and at most about `capacity`. */
export function createGenerations(capacity: number): Generations {
  let young = new Map<string, number>();
  let old = new Map<string, number>();
  return {
    get(key) {
      return young.get(key) ?? (old.size === 0 ? undefined : old.get(key));
    },
    set(key, at) {
      if (young.size >= capacity / 2) {
        old = young;
        young = new Map();
      }
      young.set(key, at);
    },
    entries() {
      return [...[...old].filter(([key]) => !young.has(key)), ...young];
    },
  };
}
