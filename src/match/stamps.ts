/** A set of small numbers that is emptied in no time: what the index lets through for one event. */
export interface Candidates {
  /** Begins anew, empty. */
  clear(): void;
  add(ordinal: number): void;
  readonly size: number;
  /** The members in ascending order; a view that the next `clear` invalidates. */
  sorted(): Uint32Array;
}

const INSERTION_SORT_MAX = 24;
const LAST_STAMP = 0xffff_ffff;

/** For numbers below `capacity`. Each number remembers the round in which it was added, so nothing is ever wiped. */
export function createCandidates(capacity: number): Candidates {
  const stamps = new Uint32Array(capacity);
  const members = new Uint32Array(capacity);
  let stamp = 0;
  let size = 0;
  return {
    clear() {
      size = 0;
      if (stamp === LAST_STAMP) {
        stamps.fill(0);
        stamp = 0;
      }
      stamp++;
    },
    add(ordinal) {
      if (stamps[ordinal] === stamp) return;
      stamps[ordinal] = stamp;
      members[size++] = ordinal;
    },
    get size() {
      return size;
    },
    sorted() {
      const view = members.subarray(0, size);
      if (size > INSERTION_SORT_MAX) return view.sort();
      for (let i = 1; i < size; i++) {
        const moved = view[i] as number;
        let j = i - 1;
        for (; j >= 0 && (view[j] as number) > moved; j--) view[j + 1] = view[j] as number;
        view[j + 1] = moved;
      }
      return view;
    },
  };
}
