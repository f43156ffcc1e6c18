import { setImmediate as nextTurn } from 'node:timers/promises';
import { DEDUPE_HORIZON_MS } from '../../decide/recent-ids.js';
import type { LeftRow } from '../../decide/restore-rows.js';
import { isPartRow } from '../../decide/row-parts.js';
import { Fault } from '../../kernel/fault.js';
import type { Log } from '../../kernel/log.js';
import type { Event } from '../../model/event.js';
import type { LaunchRecord } from '../../model/record.js';
import type { Clock } from '../../ports/clock.js';
import type { Meter } from '../../ports/meter.js';
import type { Incoming } from '../../ports/source.js';
import type { Commit, Store } from '../../ports/store.js';
import type { Receipt } from '../daemon.js';
import type { CompiledFolder } from '../rule-folder.js';
import type { Stepper } from '../stepper.js';
import { createDraft, type Draft } from './draft.js';
import { failureEvent } from './failure-event.js';
import { createInputQueue, type EventItem, type Item } from './input-queue.js';
import { settleLeft, takeParked, triggerRows } from './parked-state.js';
import { createRuleRun, type RuleRun, type RuleRunOptions } from './rule-run.js';

/** Events that are decided in one step at most, timers too: a step is one commit. */
const STEP_EVENTS = 512;
const STEP_TIMERS = 1_000;
const STEP_ITEMS = 1_000;
/** After the store was full, how long to wait before it is asked again. */
const FULL_RETRY_MS = 1_000;
/** The clock may be set meanwhile, so no timer is waited for longer than this. */
const IDLE_MS = 60_000;

export interface LiveEngineOptions extends RuleRunOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  /** Events that may wait to be decided. */
  readonly queueLimit: number;
  readonly restartGraceMs: number;
  /** After each commit. */
  committed(commit: Commit): void;
  /** Durability can no longer be promised, or the engine is broken: the process must end. */
  fatal(fault: Fault): void;
}

/** What a control does within a step: it may look at the rules at work and write into the draft. */
export interface StepWorld {
  readonly run: RuleRun;
  readonly draft: Draft;
  readonly stepper: Stepper;
  /** Epoch ms. */
  readonly now: number;
}

/**
 * The engine as a durable state machine: inputs wait in a queue, a step takes what has gathered, decides it in order,
 * commits everything at once, and only then answers. One step after the other: what arrives during a commit makes up the
 * next one.
 */
export interface LiveEngine {
  /** Reads what the store holds and begins. Returns launches to go on with. */
  open(folder: CompiledFolder): Promise<readonly LaunchRecord[]>;
  submit(events: readonly Incoming[]): Promise<readonly Receipt[]>;
  /** Runs `work` within a step; resolves to its result once that is durable. A Fault it throws rejects, and nothing else happens. */
  control<T>(work: (world: StepWorld) => T): Promise<T>;
  /** Puts another rule set in place, between two events. Resolves to what was dropped. */
  swap(folder: CompiledFolder): Promise<readonly LeftRow[]>;
  readonly run: RuleRun;
  readonly position: number;
  readonly now: number;
  /** Events that wait. */
  readonly waiting: number;
  readonly isFull: boolean;
  /** Takes nothing more in, decides what waits, commits; controls are still taken until `close`. */
  stopIntake(): void;
  /** Finishes what waits and ends the loop. */
  close(): Promise<void>;
}

type StepItem = Item<StepWorld>;

/** The rules stumbled over an event: a fault of ours, which must not take the other events with it. */
class Undecided extends Error {
  constructor(
    readonly item: EventItem,
    readonly event: Event,
    cause: unknown,
  ) {
    super('an event could not be decided', { cause });
  }
}

export function createLiveEngine(options: LiveEngineOptions): LiveEngine {
  const { store, clock, log, meter } = options;
  const steps = meter.histogram(
    'step_seconds',
    'Time of one step: deciding and its commit.',
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
  );
  const stepEvents = meter.histogram('step_events', 'Events decided in one step.', [1, 4, 16, 64, 256]);
  const undecided = meter.counter('events_undecided_total', 'Events over which the rules stumbled.');
  const queue = createInputQueue<StepWorld>({ events: STEP_EVENTS, items: STEP_ITEMS });
  let run: RuleRun | null = null;
  let position = 0;
  let intake: 'open' | 'stopped' = 'open';
  let isFull = false;
  let closing = false;
  let broken: Fault | null = null;
  let loop: Promise<void> | null = null;
  let wake: (() => void) | null = null;

  const current = (): RuleRun => {
    if (run === null) throw new Fault('internal', 'the engine has not been opened');
    return run;
  };
  const timeNow = (): number => Math.max(current().decider.now, clock.now());
  const begin = (): Draft => createDraft(store, position, DEDUPE_HORIZON_MS);
  const worldOf = (draft: Draft): StepWorld => {
    const at = current();
    at.decider.advance(timeNow());
    draft.under(at.folder.ruleset, () => at.decider.now);
    return { run: at, draft, stepper: at.stepper(draft.sink, draft.seen), now: at.decider.now };
  };

  /** What could not be rendered becomes an event, so that somebody hears of it. */
  const reportFailures = (draft: Draft, world: StepWorld): void => {
    for (const { firing, fault } of draft.failures.slice()) {
      const trigger_id = world.run.folder.ruleset.triggers[firing.trigger]?.trigger.trigger_id ?? '';
      log.error('a launch could not be made', { trigger_id, reason: fault.message });
      const event = failureEvent(trigger_id, firing, fault, world.now);
      world.stepper.event(event, world.now, world.now);
    }
  };

  const commit = async (draft: Draft): Promise<void> => {
    draft.addState(current().decider.changes());
    if (draft.isEmpty) return;
    const made = draft.finish(timeNow());
    await store.commit(made);
    position = made.position;
    isFull = false;
    options.committed(made);
  };

  /** Begins from what the store holds: at the start, and after a commit that was not taken. */
  const restore = (folder: CompiledFolder, nowMs: number | null): RuleRun =>
    createRuleRun(folder, { now: nowMs ?? Number.NEGATIVE_INFINITY, rows: triggerRows(store) }, options);

  /** A timer that is late is run at the time it is, not at the time it was: what it sets counts from now. */
  const runTimers = (stepper: Stepper, now: number, limit: number): void =>
    stepper.timers(now, { limit, nowMs: now });

  const isTimerDue = (): boolean => {
    const due = current().decider.nextDue();
    return due !== null && due <= timeNow();
  };

  const decideEvents = (item: EventItem, world: StepWorld): (() => void) => {
    const { draft, stepper } = world;
    const duplicates = item.events.map(({ event, at }) => {
      const now = timeNow();
      world.run.decider.advance(now);
      runTimers(stepper, now, Number.POSITIVE_INFINITY);
      try {
        return !stepper.event(event, at, now).fresh;
      } catch (cause) {
        throw new Undecided(item, event, cause);
      }
    });
    return () => {
      item.resolve(
        item.events.map(({ event }, index): Receipt => {
          const duplicate = duplicates[index] === true;
          const decision = duplicate ? null : draft.decisionOf(event.event_id);
          return {
            event_id: event.event_id,
            position: duplicate ? null : draft.positionOf(event.event_id),
            duplicate,
            decision,
            launches: (decision?.launches ?? []).flatMap((id) => draft.launchOf(id) ?? []),
          };
        }),
      );
    };
  };

  const step = async (): Promise<void> => {
    const begun = performance.now();
    const draft = begin();
    const before = current();
    let items: readonly StepItem[] = [];
    const done: (() => void)[] = [];
    let events = 0;
    try {
      if (!isFull) {
        const { stepper, now } = worldOf(draft);
        runTimers(stepper, now, STEP_TIMERS);
      }
      // An event is decided after every timer that was due before it.
      items = queue.take(!isFull && !isTimerDue());
      const ids = items.flatMap((item) =>
        item.kind === 'events' ? item.events.map(({ event }) => event.event_id) : [],
      );
      events = ids.length;
      if (events > 0) draft.lookUp(ids, timeNow() - DEDUPE_HORIZON_MS);
      for (const item of items) {
        // A control may put other rules in place: what follows it is decided by those.
        const world = worldOf(draft);
        if (item.kind === 'events') {
          done.push(decideEvents(item, world));
          continue;
        }
        try {
          done.push(item.run(world));
        } catch (error) {
          if (!(error instanceof Fault) || error.code === 'internal') throw error;
          item.reject(error);
        }
      }
      reportFailures(draft, worldOf(draft));
      await commit(draft);
    } catch (error) {
      await refuse(items, before, error);
      return;
    }
    for (const answer of done) answer();
    steps.observe((performance.now() - begun) / 1_000);
    if (events > 0) stepEvents.observe(events);
  };

  /** A step without one of its events is taken again: nothing of it was kept, and the rules go back to what the store holds. */
  const leaveOut = (items: readonly StepItem[], before: RuleRun, { item, event, cause }: Undecided): void => {
    const { event_id, event_type } = event;
    log.error('an event could not be decided and is refused', {
      event_id,
      event_type,
      error: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
    });
    undecided.add();
    item.reject(
      new Fault('event-undecided', `the event ${JSON.stringify(event_id)} could not be decided`, {
        hint: 'this is a fault of triggerd, whose log says more; nothing of the request was taken',
        cause,
      }),
    );
    queue.putBack(items.filter((other) => other !== item));
    run = restore(before.folder, before.decider.now);
  };

  /** A step that was not taken: events are refused, controls wait, and the rules go back to what the store holds. */
  const refuse = async (items: readonly StepItem[], before: RuleRun, error: unknown): Promise<void> => {
    if (error instanceof Undecided) {
      leaveOut(items, before, error);
      return;
    }
    const fault =
      error instanceof Fault ? error : new Fault('internal', 'a step of the engine failed', { cause: error });
    if (fault.code !== 'store-full') {
      for (const item of items) item.reject(fault);
      breakDown(fault);
      return;
    }
    if (!isFull) log.error('the store is full: no events are taken until there is room', {});
    isFull = true;
    queue.putBack(items);
    queue.refuseEvents(fault);
    run = restore(before.folder, before.decider.now);
    await waitFor(FULL_RETRY_MS);
  };

  const breakDown = (fault: Fault): void => {
    if (broken !== null) return;
    broken = fault;
    queue.refuseAll(fault);
    options.fatal(fault);
  };

  /** Until something is to be done, or so long at most. */
  const waitFor = (limitMs: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.after(limitMs, () => wake?.());
      wake = () => {
        wake = null;
        cancel();
        resolve();
      };
    });

  /** A full store is asked by a small commit whether there is room again. */
  const probe = async (): Promise<void> => {
    const draft = begin();
    draft.addState([{ key: '#probe', value: String(clock.now()) }]);
    try {
      await commit(draft);
      log.info('the store has room again', {});
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'store-full') throw error;
      await waitFor(FULL_RETRY_MS);
    }
  };

  const work = async (): Promise<void> => {
    while (broken === null) {
      if (!queue.isEmpty || (!isFull && isTimerDue())) {
        await step();
      } else if (closing) {
        return;
      } else if (isFull) {
        await probe();
      } else {
        const due = current().decider.nextDue();
        await waitFor(due === null ? IDLE_MS : Math.max(1, Math.min(IDLE_MS, due - timeNow())));
      }
      // Sockets and files get their turn, and what arrived meanwhile makes up the next step.
      await nextTurn();
    }
  };

  const enqueue = (item: StepItem): void => {
    if (broken !== null) {
      item.reject(broken);
      return;
    }
    queue.add(item);
    wake?.();
  };

  const engine: LiveEngine = {
    async open(folder) {
      const recovered = await store.open();
      position = recovered.position;
      const parked = takeParked(store, (id) => hasTrigger(folder, id));
      // All rows, those of parked triggers among them.
      run = restore(folder, recovered.now);
      const draft = begin();
      const world = worldOf(draft);
      draft.addState(parked.marks);
      draft.addState(settleLeft(store, world.run.decider.left, world.now));
      world.stepper.start(world.now);
      if (recovered.now !== null) world.stepper.resume(world.now + options.restartGraceMs);
      const unfinished = [...store.unfinished()];
      await commit(draft);
      loop = work().catch((error: unknown) => {
        breakDown(
          error instanceof Fault ? error : new Fault('internal', 'the engine stopped', { cause: error }),
        );
      });
      return unfinished;
    },
    submit(events) {
      if (intake === 'stopped') {
        return Promise.reject(
          new Fault('intake-closed', 'the daemon is stopping', { hint: 'send it again in a while' }),
        );
      }
      if (isFull) return Promise.reject(storeFull());
      if (queue.events + events.length > options.queueLimit && queue.events > 0) {
        return Promise.reject(
          new Fault('overloaded', `${queue.events} events wait to be decided`, {
            hint: 'send it again in a while',
          }),
        );
      }
      if (events.length === 0) return Promise.resolve([]);
      return new Promise((resolve, reject) => {
        enqueue({ kind: 'events', events, resolve, reject });
      });
    },
    control(work_) {
      return new Promise((resolve, reject) => {
        enqueue({
          kind: 'control',
          run(world) {
            const result = work_(world);
            return () => resolve(result);
          },
          reject,
        });
      });
    },
    swap(folder) {
      return engine.control((world) => {
        const { decider } = world.run;
        world.draft.addState(decider.changes());
        const before = world.run.folder;
        const parked = takeParked(store, (id) => hasTrigger(folder, id) && !hasTrigger(before, id));
        const { now, rows } = decider.snapshot();
        run = createRuleRun(folder, { now, rows: [...rows, ...parked.rows()] }, options);
        const next = worldOf(world.draft);
        world.draft.addState(parked.marks);
        const { left } = next.run.decider;
        world.draft.addState(settleLeft(store, left, next.now));
        next.stepper.start(next.now);
        // The parts of a row go with it, unsaid.
        return left.filter(({ key, why }) => why === 'changed' && !isPartRow(key));
      });
    },
    get run() {
      return current();
    },
    get position() {
      return position;
    },
    get now() {
      return timeNow();
    },
    get waiting() {
      return queue.events;
    },
    get isFull() {
      return isFull;
    },
    stopIntake() {
      intake = 'stopped';
    },
    async close() {
      intake = 'stopped';
      closing = true;
      wake?.();
      await loop;
      // Whoever still has something to say is told; nobody would hear it.
      broken ??= new Fault('intake-closed', 'the daemon has stopped');
    },
  };
  return engine;
}

const hasTrigger = (folder: CompiledFolder, triggerId: string): boolean =>
  folder.ruleset.triggers.some(({ trigger }) => trigger.trigger_id === triggerId);

function storeFull(): Fault {
  return new Fault('store-full', 'the disk is full: no events are taken', {
    hint: 'make room; it goes on by itself',
  });
}
