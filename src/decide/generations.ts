/** Keys with a time, in bounded memory: a full young generation becomes the old one, and the old one is forgotten. */
export interface Generations {
  get(key: string): number | undefined;
  set(key: string, at: number): void;
  /** Oldest generation first. */
  entries(): readonly (readonly [string, number])[];
  /** Keys set since the last call, with their times; null = forgotten. Empty when nothing is noted. */
  takeChanged(): ReadonlyMap<string, number | null>;
}

const NOTHING_CHANGED: ReadonlyMap<string, null> = new Map<string, null>();

/** `changes` as of a group table. Keeps at least the last `capacity / 2` keys and at most about `capacity`. */
export function createGenerations(capacity: number, changes: (() => void) | null = null): Generations {
  let changed = new Map<string, number | null>();
  const note = (key: string, at: number | null): void => {
    if (changes === null) return;
    if (changed.size === 0) changes();
    changed.set(key, at);
  };
  let young = new Map<string, number>();
  let old = new Map<string, number>();
  return {
    get(key) {
      return young.get(key) ?? (old.size === 0 ? undefined : old.get(key));
    },
    set(key, at) {
      if (young.size >= capacity / 2) {
        if (changes !== null) for (const gone of old.keys()) if (!young.has(gone)) note(gone, null);
        old = young;
        young = new Map();
      }
      young.set(key, at);
      note(key, at);
    },
    entries() {
      return [...[...old].filter(([key]) => !young.has(key)), ...young];
    },
    takeChanged() {
      if (changed.size === 0) return NOTHING_CHANGED;
      const taken = changed;
      changed = new Map();
      return taken;
    },
  };
}
