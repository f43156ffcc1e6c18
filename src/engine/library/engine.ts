import type { HandlerResult } from '../../bus/event-handler.js';
import type { EventBus, Publishing } from '../../bus/event-bus.js';
import type { WorkflowStats } from '../../bus/workflow-handler.js';
import { Fault } from '../../kernel/fault.js';
import type { Log } from '../../kernel/log.js';
import type { Suppression } from '../../model/decision.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { LaunchRecord } from '../../model/record.js';
import type { Clock } from '../../ports/clock.js';
import type { ExecutorKind, ExecutorSettings, Secrets } from '../../ports/executor-kind.js';
import type { Meter } from '../../ports/meter.js';
import type { Store } from '../../ports/store.js';
import type { Daemon } from '../daemon.js';
import { startLiveDaemon, type LiveDaemon } from '../live/live-daemon.js';
import type { Plugins } from '../plugins.js';
import { RulesInvalid } from '../rule-folder.js';
import { connectBus, type ConnectedBus } from '../handlers/connect-bus.js';
import { withExecutors } from './own-executors.js';
import { readPublished } from '../handlers/read-published.js';
import { loadShelf, type RuleShelf } from './rule-shelf.js';
import { firstProblem, shelve, type GivenRules, type TriggerDefinition } from './rule-text.js';
import { createTriggerManager } from './trigger-manager.js';
import type { TriggerRecord, TriggerStats } from '../handlers/trigger-records.js';

/** What an engine is made with; everything may be left out. */
export interface EngineOptions {
  /** A rule folder on disk. */
  readonly folder?: string;
  /** Rules given as texts or objects, besides the folder's or instead of them. */
  readonly rules?: GivenRules;
  /** Executors of one's own, made with `defineExecutor`. */
  readonly executors?: readonly ExecutorKind[];
  /** Where it remembers; in memory by default. It is the engine's from now on, and closed with it. */
  readonly store?: Store;
  /** Time and waiting; the machine's clock by default. */
  readonly clock?: Clock;
  readonly log?: Log;
  readonly meter?: Meter;
  /** Values for `{env: NAME}` variables and secrets; the process's by default. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Whether the folder is read again whenever it changes; false by default. */
  readonly watch?: boolean;
  /** Events, and records of triggers, that are kept for looking at; 10 000 by default. */
  readonly historySize?: number;
  /** Events that may wait to be decided; 10 000 by default. */
  readonly queueLimit?: number;
  /** Launches that may wait to be carried out; beyond them events are refused. 250 000 by default. */
  readonly launchLimit?: number;
  /** Older events and finished launches are forgotten; 7 days by default. */
  readonly retentionMs?: number;
  /** What rule files may have executors do; nothing beyond the engine's own by default. */
  readonly executorSettings?: Partial<ExecutorSettings>;
  /** The engine can no longer go on (its store broke): every call is refused from now on. */
  onFault?(fault: Fault): void;
}

/** What the wiring fills in. */
export interface EngineWorld {
  readonly plugins: Plugins;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly secrets: Secrets;
  readonly executorSettings: ExecutorSettings;
  /** From [0, 1). */
  readonly random: () => number;
  readonly newId: () => string;
}

/** What an event came to, once it is durable and every handler has had it. */
export interface PublishReceipt {
  readonly event_id: string;
  /** Its id was known already: it was not decided again. */
  readonly duplicate: boolean;
  /** Launches as they were decided; they are carried out from now on. */
  readonly launches: readonly LaunchRecord[];
  readonly suppressed: readonly Suppression[];
  /** Of each handler of the bus, the trigger engine among them. */
  readonly results: readonly HandlerResult[];
}

/** A rule engine within a program. */
export interface Engine {
  /** Where events meet handlers: the trigger engine, the statistics of workflows, and one's own. */
  readonly bus: EventBus;
  /** Everything else there is to ask and do: events, launches, decisions, redrive, reset, snooze, dry-run. */
  readonly daemon: Daemon;
  /**
   * Publishes an event; what it leaves out has the defaults of the wire form. Throws a Fault: `event-invalid`,
   * `intake-closed` after `close`, `overloaded` and `store-full` (try again later).
   */
  publish(event: unknown): Promise<PublishReceipt>;
  /** Returns before any handler has it. Throws `event-invalid` and `intake-closed` at once; what else went wrong is in the results. */
  publishAsync(event: unknown): Publishing;
  /**
   * Puts a trigger to work, or several at once; they are validated like files. Resolves to warnings. Throws RulesInvalid with
   * the diagnostics, and then nothing has changed. Every call reads all rules anew, so thousands belong into one.
   */
  registerTrigger(
    definition: TriggerDefinition | readonly TriggerDefinition[],
  ): Promise<readonly Diagnostic[]>;
  /** Takes a trigger out of work, wherever it came from; false when there is none. What it remembers is kept for 7 days. */
  unregisterTrigger(triggerId: string): Promise<boolean>;
  /** How launches ended: the newest `limit` (100), oldest of them first; of one trigger or of all. */
  getTriggerHistory(limit?: number, triggerId?: string | null): readonly TriggerRecord[];
  getTriggerStats(): TriggerStats;
  getWorkflowStats(): WorkflowStats;
  /** Reads the folder again. Throws RulesInvalid when it has errors; the rules before it stay at work. */
  reload(): Promise<void>;
  /** Takes nothing more in, gives running launches `graceMs` (10 s) to finish, closes the store. Idempotent. */
  close(graceMs?: number): Promise<void>;
}

const GRACE_MS = 10_000;

/** Starts an engine on the live daemon. Throws RulesInvalid with every diagnostic, and the faults of the folder and the store. */
export async function startEngine(options: EngineOptions, world: EngineWorld): Promise<Engine> {
  const { clock, log } = world;
  const { folder = null } = options;
  const shelf: RuleShelf = { folder, given: shelve(options.rules), registered: [], withdrawn: new Set() };
  let current = shelf;
  const plugins: Plugins = {
    ...withExecutors(world.plugins, options.executors ?? []),
    loadFolder: () => loadShelf(current),
  };
  const daemon = await start(options, world, plugins);
  const { bus, workflows, triggers, ...connected } = await connect(daemon, options, world);
  const manager = createTriggerManager({
    daemon,
    plugins,
    root: rootOf(options),
    get shelf() {
      return current;
    },
    set shelf(next) {
      current = next;
    },
  });
  let closing: Promise<void> | null = null;

  const open = (): void => {
    if (closing === null) return;
    throw new Fault('intake-closed', 'the engine is closed', { hint: 'create another one' });
  };
  const read = (raw: unknown): ReturnType<typeof readPublished> => {
    open();
    try {
      return readPublished(raw, { receivedAt: clock.now(), newId: world.newId });
    } catch (error) {
      daemon.rejected(1);
      throw error;
    }
  };

  return {
    bus,
    daemon,
    async publish(raw) {
      const { published, receipt } = await connected.publish(read(raw));
      if (receipt instanceof Error) throw receipt;
      return {
        event_id: published.event_id,
        duplicate: receipt?.duplicate ?? false,
        launches: receipt?.launches ?? [],
        suppressed: receipt?.decision?.suppressed ?? [],
        results: published.results,
      };
    },
    publishAsync: (raw) => connected.publishAsync(read(raw)),
    async registerTrigger(definition) {
      open();
      return manager.register(isList(definition) ? definition : [definition]);
    },
    async unregisterTrigger(triggerId) {
      open();
      return manager.unregister(triggerId);
    },
    getTriggerHistory: (limit = 100, triggerId = null) => triggers.history(limit, triggerId),
    getTriggerStats: () => triggers.stats(),
    getWorkflowStats: () => workflows.getWorkflowStats(),
    async reload() {
      open();
      await manager.reload();
    },
    close(graceMs = GRACE_MS) {
      closing ??= (async () => {
        await manager.idle();
        await daemon.stop(graceMs);
        await flushed(bus, clock, graceMs);
        connected.stop();
        log.info('the engine was closed', {});
      })();
      return closing;
    },
  };
}

/** Waits for handlers, but not for ever: they are a program's own, and one that never ends must not keep the engine from ending. */
function flushed(bus: EventBus, clock: Clock, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(limitMs, resolve);
    void bus.flush().then(() => {
      cancel();
      resolve();
    });
  });
}

async function start(options: EngineOptions, world: EngineWorld, plugins: Plugins): Promise<LiveDaemon> {
  const { clock, log, meter, store } = world;
  try {
    return await startLiveDaemon({
      root: rootOf(options),
      plugins,
      store,
      clock,
      log,
      meter,
      random: world.random,
      host: {
        log,
        secrets: world.secrets,
        environment: plugins.environment,
        now: () => clock.now(),
        settings: world.executorSettings,
      },
      keepGoing: false,
      maxHops: 8,
      queueLimit: options.queueLimit ?? 10_000,
      launchLimit: options.launchLimit ?? 250_000,
      restartGraceMs: 60_000,
      retention: { ageMs: options.retentionMs ?? 7 * 86_400_000, bytes: null },
      limits: { maxRunning: 64, stormPerMinute: null, breaker: { failures: 5, openMs: 30_000 } },
      watch: options.watch === true && options.folder !== undefined ? { settleMs: 200 } : null,
      fatal(fault) {
        log.error('the engine can no longer go on', { code: fault.code, reason: fault.message });
        options.onFault?.(fault);
      },
    });
  } catch (error) {
    await store.close();
    if (!(error instanceof RulesInvalid)) throw error;
    throw new RulesInvalid(rootOf(options), error.diagnostics, firstProblem(error.diagnostics));
  }
}

function isList<T>(given: T | readonly T[]): given is readonly T[] {
  return Array.isArray(given);
}

async function connect(
  daemon: LiveDaemon,
  { historySize }: EngineOptions,
  { clock, newId }: EngineWorld,
): Promise<ConnectedBus> {
  try {
    return connectBus(daemon, { clock, newId, ...(historySize === undefined ? {} : { historySize }) });
  } catch (error) {
    await daemon.stop(0);
    throw error;
  }
}

/** What messages call the rules as a whole. */
function rootOf({ folder }: EngineOptions): string {
  return folder ?? 'rules';
}
