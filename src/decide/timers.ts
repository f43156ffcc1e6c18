/** A timer of one group: set by a condition's reducer or by a gate. */
export interface Timer {
  /** Epoch ms. */
  readonly dueAt: number;
  /** When it is run: at its due time, or later for one that fell due while nothing ran. */
  runAt: number;
  /** Order of insertion: the tie-break between timers due at one instant. */
  readonly sequence: number;
  readonly trigger: number;
  readonly owner: TimerOwner;
  readonly groupKey: string;
  readonly purpose: string;
  /** False once it was cancelled or moved; such a timer is dropped when it surfaces. */
  live: boolean;
}

export type TimerOwner = 'condition' | 'hold' | 'cooldown';

/** Timers ordered by (run, due, insertion): a binary heap with lazy deletion. */
export interface Timers {
  /** `sequence` is given for a timer that was remembered; new ones come after all of those. */
  add(timer: Omit<Timer, 'sequence' | 'live' | 'runAt'>, sequence?: number): Timer;
  cancel(timer: Timer): void;
  /** When the first live timer is to run, or null. */
  nextDue(): number | null;
  /** Lets timers that are due until `dueMs` and chosen wait until `runMs`. */
  postpone(dueMs: number, runMs: number, chosen: (timer: Timer) => boolean): void;
  /** How many live timers a trigger has. */
  count(trigger: number): number;
  /** Takes the first live timer out. */
  take(): Timer | null;
}

function before(a: Timer, b: Timer): boolean {
  if (a.runAt !== b.runAt) return a.runAt < b.runAt;
  return a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.sequence < b.sequence);
}

export function createTimers(): Timers {
  let heap: Timer[] = [];
  let sequence = 0;
  let dead = 0;
  const counts: number[] = [];
  const counted = (trigger: number, by: number): void => {
    counts[trigger] = (counts[trigger] ?? 0) + by;
  };

  const up = (from: number): void => {
    let i = from;
    const timer = heap[i] as Timer;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(timer, heap[parent] as Timer)) break;
      heap[i] = heap[parent] as Timer;
      i = parent;
    }
    heap[i] = timer;
  };

  const down = (from: number): void => {
    let i = from;
    const timer = heap[i] as Timer;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Timer, heap[child] as Timer)) child++;
      if (!before(heap[child] as Timer, timer)) break;
      heap[i] = heap[child] as Timer;
      i = child;
    }
    heap[i] = timer;
  };

  const heapify = (): void => {
    for (let i = (heap.length >> 1) - 1; i >= 0; i--) down(i);
  };

  const pop = (): Timer => {
    const first = heap[0] as Timer;
    const last = heap.pop() as Timer;
    if (heap.length > 0) {
      heap[0] = last;
      down(0);
    }
    return first;
  };

  const dropDead = (): void => {
    while (heap.length > 0 && !(heap[0] as Timer).live) {
      pop();
      dead--;
    }
  };

  return {
    add(timer, known) {
      const added: Timer = { ...timer, runAt: timer.dueAt, sequence: known ?? sequence, live: true };
      sequence = Math.max(sequence, added.sequence + 1);
      counted(timer.trigger, 1);
      heap.push(added);
      up(heap.length - 1);
      return added;
    },
    cancel(timer) {
      if (!timer.live) return;
      timer.live = false;
      counted(timer.trigger, -1);
      dead++;
      // Timers that are moved at every event would pile up dead ones faster than their due times pass.
      if (dead > 64 && dead * 2 > heap.length) {
        heap = heap.filter((kept) => kept.live);
        dead = 0;
        heapify();
      }
    },
    postpone(dueMs, runMs, chosen) {
      for (const timer of heap)
        if (timer.dueAt <= dueMs && chosen(timer)) timer.runAt = Math.max(timer.runAt, runMs);
      heapify();
    },
    count: (trigger) => counts[trigger] ?? 0,
    nextDue() {
      dropDead();
      return heap[0]?.runAt ?? null;
    },
    take() {
      dropDead();
      if (heap.length === 0) return null;
      const timer = pop();
      timer.live = false;
      counted(timer.trigger, -1);
      return timer;
    },
  };
}
