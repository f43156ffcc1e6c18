/** A set of small numbers that is emptied in no time: what the index lets through for one event. */
export interface Candidates {
  /** The first `size` of them are the members. */
  readonly members: Uint32Array;
  readonly size: number;
  /** Begins anew, empty. */
  clear(): void;
  add(ordinal: number): void;
  /** Puts the members in ascending order. */
  sort(): void;
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
    members,
    get size() {
      return size;
    },
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
    sort() {
      if (size > INSERTION_SORT_MAX) {
        members.subarray(0, size).sort();
        return;
      }
      for (let i = 1; i < size; i++) {
        const moved = members[i] as number;
        let j = i - 1;
        for (; j >= 0 && (members[j] as number) > moved; j--) members[j + 1] = members[j] as number;
        members[j + 1] = moved;
      }
    },
  };
}
