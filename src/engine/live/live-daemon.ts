import type { TriggerStanding } from '../../decide/decider.js';
import { DEDUPE_HORIZON_MS } from '../../decide/recent-ids.js';
import type { LeftRow } from '../../decide/restore-rows.js';
import { Fault } from '../../kernel/fault.js';
import { ownValue, type JsonObject } from '../../kernel/json.js';
import type { Log } from '../../kernel/log.js';
import { suggest } from '../../kernel/suggest.js';
import { formatTime } from '../../kernel/time.js';
import {
  createDispatcher,
  type Dispatcher,
  type DispatcherLimits,
} from '../../launch/dispatch/dispatcher.js';
import { inheritedContexts, spanContexts } from '../../launch/trace/trace-contexts.js';
import type { GroupValues } from '../../model/decision.js';
import { groupMap } from '../../model/group.js';
import type { LaunchRecord } from '../../model/record.js';
import type { CompiledTrigger } from '../../model/ruleset.js';
import type { Clock } from '../../ports/clock.js';
import type { ExecutorHost, ExecutorKind } from '../../ports/executor-kind.js';
import type { Meter } from '../../ports/meter.js';
import type { Commit, Store } from '../../ports/store.js';
import type { Daemon, GroupStatus, Happening, TriggerStatus } from '../daemon.js';
import type { Plugins } from '../plugins.js';
import { createPlaces, type Places } from '../rule-folder.js';
import { systemError } from '../system-error.js';
import { dryRunLive } from './dry-run-live.js';
import { lifecycleEvent } from './lifecycle-event.js';
import { createLiveEngine } from './live-engine.js';
import { createReloader, firstReading, inBrief } from './reloader.js';
import { startRetention, type RetentionSettings } from './retention.js';
import { startTriggerFigures } from './trigger-figures.js';
import { createTallies } from './tallies.js';

export interface LiveDaemonOptions {
  readonly root: string;
  readonly plugins: Plugins;
  readonly store: Store;
  readonly host: ExecutorHost;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly random: () => number;
  readonly keepGoing: boolean;
  readonly maxHops: number;
  readonly queueLimit: number;
  /** Launches that may wait, in memory, to be carried out: beyond them no events are taken. */
  readonly launchLimit: number;
  readonly restartGraceMs: number;
  /** See `DeciderOptions`. */
  readonly inlineMaxChars?: number;
  readonly retention: RetentionSettings;
  readonly limits: DispatcherLimits;
  /** Whether the folder is watched, and how long a change has to be over. */
  readonly watch: { readonly settleMs: number } | null;
  /**
   * Makes spans of what it hears, as a listener does, from the start; given, what goes out names them. Left out = what goes out
   * is in the trace that came in.
   */
  readonly tracing?: ((happenings: readonly Happening[]) => void) | null;
  /** The process must end: durability can no longer be promised, or the engine is broken. */
  fatal(fault: Fault): void;
}

export interface LiveDaemon extends Daemon {
  /** Takes nothing more in, finishes what waits, gives running launches `graceMs`, closes the store. Idempotent. */
  stop(graceMs: number): Promise<void>;
  /** Reads the rule folder now. */
  reload(): Promise<void>;
}

/** Reads the rules, opens the store, goes on where it ended. Throws what `triggerd run` must not start with. */
export async function startLiveDaemon(options: LiveDaemonOptions): Promise<LiveDaemon> {
  const { plugins, store, clock, log, meter } = options;
  const first = await firstReading(options.root, plugins, options.keepGoing);
  const startedAt = clock.now();
  const tallies = createTallies(meter);
  const tracing = options.tracing ?? null;
  const traces = tracing === null ? inheritedContexts : spanContexts((launchId) => store.launch(launchId));
  const listeners = new Set<(happenings: readonly Happening[]) => void>(tracing === null ? [] : [tracing]);
  let stopping: Promise<void> | null = null;
  let dispatcher: Dispatcher | null = null;
  /** Decided while the engine was opening: timers that fell due during downtime. */
  const early: LaunchRecord[] = [];

  const tell = (commit: Commit): void => {
    if (listeners.size === 0) return;
    const happenings: Happening[] = [
      ...commit.events.map((stored) => ({ kind: 'event', stored }) as const),
      ...commit.decisions.map((decision) => ({ kind: 'decision', decision }) as const),
      ...commit.launches.map((launch) => ({ kind: 'launch', launch }) as const),
      ...commit.updates.map((launch) => ({ kind: 'launch', launch }) as const),
    ];
    if (happenings.length === 0) return;
    for (const listener of [...listeners]) {
      try {
        listener(happenings);
      } catch (error) {
        log.error('a listener failed', { reason: error instanceof Error ? error.message : String(error) });
      }
    }
  };

  const engine = createLiveEngine({
    store,
    clock,
    log,
    meter,
    templates: plugins.templates,
    maxHops: options.maxHops,
    queueLimit: options.queueLimit,
    restartGraceMs: options.restartGraceMs,
    ...(options.inlineMaxChars === undefined ? {} : { inlineMaxChars: options.inlineMaxChars }),
    committed(commit) {
      tallies.committed(commit);
      const pending = commit.launches.filter(({ status }) => status === 'pending');
      if (dispatcher === null) early.push(...pending);
      else if (pending.length > 0) dispatcher.add(pending);
      tell(commit);
    },
    fatal: options.fatal,
  });

  /** Tells of trouble as an event. What only tells of it must not make more of it when it cannot be said. */
  const trySay = (event_id: string, payload: JsonObject): void => {
    const event = systemError({ event_id, at: clock.now(), cause: null, payload });
    engine
      .control(({ stepper, now }) => {
        stepper.event(event, now, now);
      })
      .catch((error: unknown) => {
        log.warn('an event about trouble could not be published', {
          event_id,
          reason: error instanceof Error ? error.message : String(error),
        });
      });
  };

  const executors: ReadonlyMap<string, ExecutorKind> = new Map(
    plugins.executors.map((kind) => [kind.name, kind]),
  );
  const unfinished = await engine.open(first);
  dispatcher = createDispatcher({
    executors,
    templates: plugins.templates,
    host: options.host,
    clock,
    random: options.random,
    meter,
    log,
    limits: options.limits,
    traces,
    record: (changed, change) =>
      engine.control(({ draft, stepper, now }) => {
        draft.update(changed);
        const event = lifecycleEvent(changed, change, now, traces.ofLaunch(changed));
        if (event !== null) stepper.event(event, now, now);
      }),
    notice(kind, subject, message) {
      trySay(`${kind}-${subject}-${clock.now()}`, { reason: kind, subject, error: message });
    },
  });
  dispatcher.add([...unfinished, ...early]);

  const reloader = createReloader(first, {
    root: options.root,
    plugins,
    clock,
    log,
    meter,
    settleMs: options.watch?.settleMs ?? 0,
    async take(folder) {
      return (await engine.swap(folder)).map(describeLeft);
    },
    refused(reason, diagnostics) {
      trySay(`reload-refused-${clock.now()}`, {
        reason: 'reload_refused',
        error: reason,
        diagnostics: inBrief(diagnostics),
      });
    },
  });
  if (options.watch !== null) await reloader.watch();
  const stopFigures = startTriggerFigures(engine, meter, log, clock);
  const stopRetention = startRetention(engine, store, options.retention, clock, log);
  meter.watch('queue_events', 'Events that wait to be decided.', () => engine.waiting);
  meter.watch('store_bytes', 'Bytes of the store on disk.', () => store.sizeBytes());
  meter.watch(
    'candidates',
    'Rules that the index has let through since the rules were loaded.',
    () => engine.run.folder.matcher.candidates,
  );

  const compiledOf = (triggerId: string): CompiledTrigger => {
    const { triggers } = engine.run.folder.ruleset;
    const found = triggers.find(({ trigger }) => trigger.trigger_id === triggerId);
    if (found !== undefined) return found;
    const near = suggest(
      triggerId,
      triggers.map(({ trigger }) => trigger.trigger_id),
    );
    throw new Fault('trigger-unknown', `there is no trigger ${JSON.stringify(triggerId)}`, {
      hint: near === undefined ? 'GET /v1/triggers lists them' : `did you mean ${near}?`,
    });
  };

  const statusOf = (compiled: CompiledTrigger, standing: TriggerStanding, places: Places): TriggerStatus => {
    const { trigger } = compiled;
    const tally = tallies.trigger(trigger.trigger_id);
    return {
      trigger_id: trigger.trigger_id,
      description: trigger.description,
      event_types: trigger.event_types,
      active: trigger.active,
      mode: trigger.mode,
      tags: trigger.tags,
      file: trigger.origin.file,
      line: places(trigger.origin, trigger.origin.pointer)?.line ?? 0,
      launched: tally.launched,
      observed: tally.observed,
      suppressed: tally.suppressed,
      last_launch_at: tally.lastLaunchAt === null ? null : formatTime(tally.lastLaunchAt),
      snoozed_until: standing.snoozedUntil === null ? null : formatTime(standing.snoozedUntil),
      groups: standing.groups,
      timers: standing.timers,
      counters: Object.fromEntries(engine.run.decider.counters(compiled.ordinal)),
    };
  };

  const isOverfull = (): boolean => dispatcher.queued >= options.launchLimit;

  const daemon: LiveDaemon = {
    async submit(events) {
      if (isOverfull()) {
        throw new Fault('overloaded', `${dispatcher.queued} launches wait to be carried out`, {
          hint: 'send it again in a while; triggerd status and triggerd launches --status pending say what waits',
        });
      }
      const receipts = await engine.submit(events);
      const duplicates = receipts.filter(({ duplicate }) => duplicate).length;
      if (duplicates > 0) tallies.taken(duplicates);
      return receipts;
    },
    rejected(count) {
      tallies.refused(count);
    },
    dryRun(incoming, triggerId) {
      if (triggerId !== null) compiledOf(triggerId);
      return dryRunLive(engine.run, incoming, triggerId, {
        templates: plugins.templates,
        now: engine.now,
        isKnown: store.known([incoming.event.event_id], engine.now - DEDUPE_HORIZON_MS).size > 0,
      });
    },
    readiness() {
      const { status } = reloader;
      const { ruleset } = engine.run.folder;
      const problems = [
        ...(stopping === null ? [] : ['stopping']),
        ...(engine.isFull ? ['store full'] : []),
        ...(isOverfull() ? ['too many launches wait'] : []),
        ...(status.refusedAt === null ? [] : [`reload refused: ${status.reason ?? ''}`]),
      ];
      return {
        ready: stopping === null && !engine.isFull && !isOverfull(),
        problems,
        ruleset_hash: ruleset.hash,
        triggers: ruleset.triggers.length,
        loaded_at: formatTime(status.loadedAt),
        refused_at: status.refusedAt === null ? null : formatTime(status.refusedAt),
        diagnostics: status.diagnostics,
      };
    },
    stats() {
      const { ruleset } = engine.run.folder;
      const counts = store.counts();
      const { status } = reloader;
      return {
        started_at: formatTime(startedAt),
        now: formatTime(engine.now),
        ruleset_hash: ruleset.hash,
        position: engine.position,
        events: {
          received: tallies.received,
          duplicate: tallies.duplicate,
          rejected: tallies.rejected,
          stored: counts.events,
          by_type: Object.fromEntries(tallies.byType),
        },
        launches: counts.launches,
        triggers: {
          total: ruleset.triggers.length,
          active: ruleset.triggers.filter(({ trigger }) => trigger.active).length,
        },
        running: dispatcher.running,
        queued: dispatcher.queued,
        reloads: { taken: status.taken, refused: status.refused },
        store_bytes: store.sizeBytes(),
      };
    },
    event: (eventId) => store.event(eventId),
    events: (query) => store.events(query),
    launch: (launchId) => store.launch(launchId),
    launches: (query) => store.launches(query),
    decisions: (query) => store.decisions(query),
    triggers() {
      const { folder, decider } = engine.run;
      const places = createPlaces(folder.documents);
      return folder.ruleset.triggers.map((compiled) =>
        statusOf(compiled, decider.standing(compiled.ordinal, 0), places),
      );
    },
    trigger(triggerId, limit) {
      const { folder, decider } = engine.run;
      const compiled = folder.ruleset.triggers.find(({ trigger }) => trigger.trigger_id === triggerId);
      if (compiled === undefined) return null;
      const standing = decider.standing(compiled.ordinal, limit);
      return {
        ...statusOf(compiled, standing, createPlaces(folder.documents)),
        of: standing.of.map((one) => groupStatus(compiled, one)),
      };
    },
    async redrive(launchId) {
      const redriven = await engine.control(({ draft, now }) => {
        const launch = store.launch(launchId);
        if (launch === null) {
          throw new Fault('launch-unknown', `there is no launch ${JSON.stringify(launchId)}`, {
            hint: 'GET /v1/launches lists them',
          });
        }
        if (launch.status !== 'dead' && launch.status !== 'skipped' && launch.status !== 'retrying') {
          throw new Fault('launch-unfinished', `launch ${launchId} is ${launch.status}`, {
            hint: 'only dead, skipped and retrying launches can be redriven',
          });
        }
        const pending: LaunchRecord = {
          ...launch,
          status: 'pending',
          redriven_after: launch.attempts.length,
          next_at: now,
          ended_at: null,
        };
        draft.update(pending);
        return pending;
      });
      dispatcher.replace(redriven);
      return redriven;
    },
    reset(triggerId, group) {
      return engine.control(({ run }) => {
        const compiled = compiledOf(triggerId);
        return run.decider.reset(compiled.ordinal, group === null ? null : groupOf(compiled, group));
      });
    },
    snooze(triggerId, untilMs) {
      return engine.control(({ run }) => {
        run.decider.snooze(compiledOf(triggerId).ordinal, untilMs);
      });
    },
    listen(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    reload: () => reloader.reload(),
    stop(graceMs) {
      stopping ??= (async () => {
        engine.stopIntake();
        stopRetention();
        stopFigures();
        await reloader.close();
        await dispatcher.stop(graceMs);
        await engine.close();
        await store.close();
      })();
      // Asked again, with less patience: what runs is ended sooner.
      void dispatcher.stop(graceMs);
      return stopping;
    },
  };
  return daemon;
}

/** A group's values in the order of group_by, from a map by path. */
function groupOf({ trigger }: CompiledTrigger, group: JsonObject): GroupValues {
  const { trigger_id, group_by } = trigger;
  const given = Object.keys(group);
  const values = group_by.map((path) => ownValue(group, path));
  if (given.length !== group_by.length || values.includes(undefined)) {
    throw new Fault(
      'usage',
      `a group of ${trigger_id} is given by ${group_by.join(', ') || 'nothing: it has one group'}`,
      {
        hint:
          group_by.length === 0
            ? 'leave group out'
            : `for example ${JSON.stringify(Object.fromEntries(group_by.map((path) => [path, '…'])))}`,
      },
    );
  }
  return values as GroupValues;
}

function groupStatus({ trigger }: CompiledTrigger, one: TriggerStanding['of'][number]): GroupStatus {
  return {
    group: groupMap(trigger.group_by, one.values),
    standing: one.standing,
    timers: one.timers.map(({ purpose, dueAt }) => ({ purpose, due_at: formatTime(dueAt) })),
    cooldown_until: one.cooldownUntil === null ? null : formatTime(one.cooldownUntil),
  };
}

/** A dropped piece of state for the log: whose it was, and which pending timers went with it. */
function describeLeft({ key, timers }: LeftRow): string {
  const [trigger, kind, group] = key.split('\n');
  const pending = timers.length === 0 ? '' : ` (pending: ${timers.join(', ')})`;
  return `${kind ?? ''} of ${trigger ?? ''} ${group ?? ''}${pending}`.trim();
}
