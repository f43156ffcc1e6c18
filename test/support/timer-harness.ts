import { timeBased } from '../../src/conditions/time-based.js';
import { canonicalJson, type Json } from '../../src/kernel/json.js';
import { formatTime } from '../../src/kernel/time.js';
import type { Event, Occurrence } from '../../src/model/event.js';
import type { BuildContext, CounterName, Reducer, StepContext } from '../../src/ports/condition-kind.js';
import { planOf, type StatefulCondition } from './plan.js';
import type { Arrival } from './reducer-harness.js';

export interface TimeFire {
  readonly group: string;
  readonly at: number;
  readonly decidedAt: number;
  readonly event: string | null;
  readonly standsFor: number;
}

export interface TimeRun {
  readonly settings: Json;
  readonly context?: Partial<BuildContext>;
  readonly arrivals?: readonly Arrival[];
  /** When the engine starts; default 0. */
  readonly start?: number;
  readonly until: number;
  readonly latenessMs?: number;
  /** The engine is down from the first time to the second: nothing arrives, and what falls due is found after it. */
  readonly down?: readonly [number, number];
  /** Whether the engine begins anew after it was down, with all it remembers. */
  readonly restarts?: boolean;
  /** Whether every slice goes through JSON text after every step. */
  readonly throughJson?: boolean;
  /** In place of the kind's own, for a test of the tests. */
  readonly reducer?: Reducer;
}

export interface TimeResult {
  readonly fires: readonly TimeFire[];
  readonly counters: Readonly<Partial<Record<CounterName, number>>>;
  /** Groups that something is remembered of. */
  readonly groups: readonly string[];
  describe(group: string): string | undefined;
}

interface Waiting {
  readonly group: string;
  readonly purpose: string;
  readonly dueAt: number;
  readonly order: number;
}

/** Runs `time_based` settings from the engine's start under a manual clock; a group is `''` or its one value's name. */
export function runTime(run: TimeRun): TimeResult {
  const { plan, reducer: own } = planOf(timeBased, run.settings, run.context);
  const engine = createEngine(plan, run.reducer ?? own, run);
  engine.start(run.start ?? 0);
  for (const arrival of run.arrivals ?? []) {
    engine.runTo(arrival.arrivedAt);
    engine.arrive(arrival);
  }
  if (run.down !== undefined && run.restarts) engine.restart(run.down[1]);
  engine.runTo(run.until);
  return engine.result(run.until);
}

function createEngine(plan: StatefulCondition, reducer: Reducer, run: TimeRun) {
  const slices = new Map<string, unknown>();
  const timers = new Map<string, Waiting>();
  const fires: TimeFire[] = [];
  const counters: Partial<Record<CounterName, number>> = {};
  let now = 0;
  let order = 0;

  const contextOf = (group: string): StepContext => ({
    now,
    latenessMs: run.latenessMs ?? 5_000,
    fire: ({ event: fired, at, standsFor }) =>
      void fires.push({
        group,
        at: at ?? now,
        decidedAt: now,
        event: fired?.event.event_id ?? null,
        standsFor: standsFor ?? 1,
      }),
    schedule: (purpose, dueAt) =>
      void timers.set(`${group} ${purpose}`, { group, purpose, dueAt, order: order++ }),
    cancel: (purpose) => void timers.delete(`${group} ${purpose}`),
    count(counter, by = 1) {
      counters[counter] = (counters[counter] ?? 0) + by;
    },
  });
  const keep = (group: string, slice: unknown): void => {
    if (slice === undefined) slices.delete(group);
    else slices.set(group, run.throughJson ? JSON.parse(JSON.stringify(slice)) : slice);
  };
  const first = (): Waiting | undefined => {
    let best: Waiting | undefined;
    for (const timer of timers.values()) {
      if (
        best === undefined ||
        timer.dueAt < best.dueAt ||
        (timer.dueAt === best.dueAt && timer.order < best.order)
      )
        best = timer;
    }
    return best;
  };
  /** The engine's time at which it notices what is due then: later when it was down. */
  const noticed = (dueAt: number): number =>
    run.down !== undefined && dueAt >= run.down[0] && dueAt < run.down[1] ? run.down[1] : dueAt;

  return {
    start(at: number): void {
      now = at;
      for (const values of reducer.initialGroups?.(plan) ?? []) {
        const group = groupName(values);
        keep(group, reducer.onStart?.(slices.get(group), plan, contextOf(group)));
      }
    },
    restart(at: number): void {
      now = at;
      for (const [group, slice] of slices) keep(group, reducer.onStart?.(slice, plan, contextOf(group)));
    },
    runTo(until: number): void {
      for (let timer = first(); timer !== undefined && noticed(timer.dueAt) <= until; timer = first()) {
        timers.delete(`${timer.group} ${timer.purpose}`);
        now = Math.max(now, noticed(timer.dueAt));
        const { group } = timer;
        keep(group, reducer.onTimer(slices.get(group), timer, plan, contextOf(group)));
      }
      now = Math.max(now, until);
    },
    arrive({ id, group, at, roles }: Arrival): void {
      const occurrence: Occurrence = {
        event: eventOf(id, at),
        at: Math.min(at, now),
        arrivedAt: now,
        item: null,
        index: -1,
      };
      keep(group, reducer.onEvent(slices.get(group), roles, occurrence, plan, contextOf(group)));
    },
    result: (at: number): TimeResult => ({
      fires,
      counters,
      groups: [...slices.keys()],
      describe(group) {
        const slice = slices.get(group);
        return slice === undefined ? undefined : reducer.describe?.(slice, plan, at);
      },
    }),
  };
}

function groupName(values: readonly Json[]): string {
  if (values.length === 0) return '';
  return typeof values[0] === 'string' ? values[0] : canonicalJson(values[0] as Json);
}

function eventOf(id: string, at: number): Event {
  return {
    event_id: id,
    event_type: 'custom.event',
    source: '',
    target: null,
    payload: {},
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
}
