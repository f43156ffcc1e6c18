import type { Json, JsonObject } from '../../src/kernel/json.js';
import { formatTime } from '../../src/kernel/time.js';
import type { Event, Occurrence } from '../../src/model/event.js';
import type {
  CounterName,
  Fired,
  Reducer,
  ReducerPlan,
  StepContext,
} from '../../src/ports/condition-kind.js';

/** One event reaching a reducer. */
export interface Arrival {
  readonly id: string;
  readonly group: string;
  /** Engine time, and event time (capped at the engine's as the engine does); milliseconds. */
  readonly arrivedAt: number;
  readonly at: number;
  readonly roles: readonly string[];
  readonly payload?: JsonObject;
}

/** What a reducer fired, by event ids. */
export interface Fire {
  readonly group: string;
  /** When it came true, and the engine's time when it was decided. */
  readonly at: number;
  readonly decidedAt: number;
  readonly event: string | null;
  readonly events: readonly string[];
  readonly steps: Readonly<Record<string, string>>;
  readonly value: Json;
}

export interface Run {
  readonly reducer: Reducer;
  readonly plan: ReducerPlan;
  readonly arrivals: readonly Arrival[];
  readonly latenessMs?: number;
  /** How far the clock runs on after the last arrival; default: until no timer is left. */
  readonly until?: number;
  /** Whether every slice goes through JSON text after every step. */
  readonly throughJson?: boolean;
}

export interface RunResult {
  readonly fires: readonly Fire[];
  readonly counters: Readonly<Partial<Record<CounterName, number>>>;
  readonly slices: ReadonlyMap<string, unknown>;
  /** Timers still set. */
  readonly timers: readonly { readonly group: string; readonly purpose: string; readonly dueAt: number }[];
  describe(group: string, now: number): string | undefined;
}

interface HarnessTimer {
  readonly group: string;
  readonly purpose: string;
  readonly dueAt: number;
}

/** Runs one reducer over a script under a manual clock: timers in order of (due, insertion), each before later arrivals. */
export function runReducer(run: Run): RunResult {
  const { reducer, plan } = run;
  const slices = new Map<string, unknown>();
  const fires: Fire[] = [];
  const counters: Partial<Record<CounterName, number>> = {};
  let timers: HarnessTimer[] = [];
  let now = Number.NEGATIVE_INFINITY;

  const drop = (group: string, purpose: string): void => {
    timers = timers.filter((timer) => timer.group !== group || timer.purpose !== purpose);
  };
  const contextOf = (group: string): StepContext => ({
    now,
    latenessMs: run.latenessMs ?? 5_000,
    fire: (fired) => fires.push(fireOf(fired, group, now)),
    schedule(purpose, dueAt) {
      drop(group, purpose);
      const after = timers.findIndex((timer) => timer.dueAt > dueAt);
      timers.splice(after === -1 ? timers.length : after, 0, { group, purpose, dueAt });
    },
    cancel: (purpose) => drop(group, purpose),
    count(counter, by = 1) {
      counters[counter] = (counters[counter] ?? 0) + by;
    },
  });
  const keep = (group: string, slice: unknown): void => {
    if (slice === undefined) slices.delete(group);
    else slices.set(group, run.throughJson ? JSON.parse(JSON.stringify(slice)) : slice);
  };
  const runTimers = (until: number): void => {
    for (let timer = timers[0]; timer !== undefined && timer.dueAt <= until; timer = timers[0]) {
      timers.shift();
      now = Math.max(now, timer.dueAt);
      const { group, purpose, dueAt } = timer;
      keep(group, reducer.onTimer(slices.get(group), { purpose, dueAt }, plan, contextOf(group)));
    }
  };

  for (const arrival of run.arrivals) {
    runTimers(arrival.arrivedAt);
    now = Math.max(now, arrival.arrivedAt);
    const occurrence = occurrenceOf(arrival, now);
    const { group, roles } = arrival;
    keep(group, reducer.onEvent(slices.get(group), roles, occurrence, plan, contextOf(group)));
  }
  runTimers(run.until ?? Number.POSITIVE_INFINITY);
  return {
    fires,
    counters,
    slices,
    timers,
    describe: (group, at) => {
      const slice = slices.get(group);
      return slice === undefined ? undefined : reducer.describe?.(slice, plan, at);
    },
  };
}

function fireOf(fired: Fired, group: string, now: number): Fire {
  const id = (occurrence: Occurrence): string => occurrence.event.event_id;
  return {
    group,
    at: fired.at ?? now,
    decidedAt: now,
    event: fired.event === null ? null : id(fired.event),
    events: fired.events.map(id),
    steps: Object.fromEntries(Object.entries(fired.steps ?? {}).map(([name, step]) => [name, id(step)])),
    value: fired.value ?? null,
  };
}

function occurrenceOf({ id, at, payload }: Arrival, now: number): Occurrence {
  const event: Event = {
    event_id: id,
    event_type: 'custom.event',
    source: '',
    target: null,
    payload: payload ?? {},
    metadata: {},
    timestamp: formatTime(at),
    priority: 'normal',
    correlation_id: null,
    session_id: null,
    user_id: null,
    channel: null,
    retryable: true,
    max_retries: 3,
    retry_count: 0,
  };
  return { event, at: Math.min(at, now), arrivedAt: now, item: null, index: -1 };
}
