/** A timer of one group: set by a condition's reducer or by a gate. */
export interface Timer {
  /** Epoch ms. */
  readonly dueAt: number;
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

/** Timers ordered by (due, insertion): a binary heap with lazy deletion. */
export interface Timers {
  add(timer: Omit<Timer, 'sequence' | 'live'>): Timer;
  cancel(timer: Timer): void;
  /** Due time of the first live timer, or null. */
  nextDue(): number | null;
  /** Takes the first live timer out. */
  take(): Timer | null;
  /** Live timers in (due, insertion) order. */
  list(): readonly Timer[];
}

function before(a: Timer, b: Timer): boolean {
  return a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.sequence < b.sequence);
}

export function createTimers(): Timers {
  let heap: Timer[] = [];
  let sequence = 0;
  let dead = 0;

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
    add(timer) {
      const added: Timer = { ...timer, sequence: sequence++, live: true };
      heap.push(added);
      up(heap.length - 1);
      return added;
    },
    cancel(timer) {
      if (!timer.live) return;
      timer.live = false;
      dead++;
      // Timers that are moved at every event would pile up dead ones faster than their due times pass.
      if (dead > 64 && dead * 2 > heap.length) {
        heap = heap.filter((kept) => kept.live);
        dead = 0;
        for (let i = (heap.length >> 1) - 1; i >= 0; i--) down(i);
      }
    },
    nextDue() {
      dropDead();
      return heap[0]?.dueAt ?? null;
    },
    take() {
      dropDead();
      if (heap.length === 0) return null;
      const timer = pop();
      timer.live = false;
      return timer;
    },
    list() {
      return heap.filter((timer) => timer.live).sort((a, b) => a.dueAt - b.dueAt || a.sequence - b.sequence);
    },
  };
}
