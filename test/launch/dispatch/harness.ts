import type { Json, JsonObject } from '../../../src/kernel/json.js';
import type { Log } from '../../../src/kernel/log.js';
import {
  createDispatcher,
  type Dispatcher,
  type DispatcherLimits,
  type DispatcherOptions,
  type LaunchChange,
} from '../../../src/launch/dispatch/dispatcher.js';
import { createTemplates } from '../../../src/launch/liquid.js';
import type { Outcome } from '../../../src/model/outcome.js';
import type { LaunchRecord } from '../../../src/model/record.js';
import type { Workflow } from '../../../src/model/trigger.js';
import {
  succeeded,
  type Attempting,
  type ExecutorHost,
  type ExecutorKind,
} from '../../../src/ports/executor-kind.js';
import type { Labels, Meter } from '../../../src/ports/meter.js';
import { createManualClock, settled, type ManualClock } from '../../support/manual-clock.js';

export const START = Date.parse('2026-01-01T00:00:00Z');
export const SECRET = 'hunter2hunter2';

export function workflowOf(changes: Partial<Workflow> = {}): Workflow {
  return {
    workflow_name: 'w',
    description: '',
    executor: 'fake',
    with: {},
    timeoutMs: 30_000,
    retry: { attempts: 3, initialMs: 1_000, factor: 2, maxMs: 300_000, jitter: false },
    concurrency: null,
    origin: { file: 'rules.yaml', document: 0, pointer: '/workflows/w' },
    ...changes,
  };
}

export function launchOf(
  id: string,
  workflow: Workflow = workflowOf(),
  changes: Partial<LaunchRecord> = {},
): LaunchRecord {
  const triggerId = changes.trigger_id ?? 't';
  return {
    launch_id: id,
    trigger_id: triggerId,
    workflow_name: workflow.workflow_name,
    mode: 'launch',
    at: START,
    event_id: `event-of-${id}`,
    events: [`event-of-${id}`],
    group: {},
    input: { trigger_event: null, trigger_id: triggerId, triggered_at: '2026-01-01T00:00:00Z' },
    item_index: null,
    warnings: [],
    position: 1,
    ruleset_hash: 'hash',
    status: 'pending',
    workflow,
    hops: 1,
    chain: [triggerId],
    correlation_id: null,
    session_id: null,
    user_id: null,
    retryable: true,
    max_retries: 3,
    attempts: [],
    redriven_after: 0,
    next_at: null,
    ended_at: null,
    output: null,
    ...changes,
  };
}

/** An executor under way, to be ended by hand or by its script. */
export interface Call {
  readonly attempting: Attempting;
  readonly signal: AbortSignal;
  readonly at: number;
  end(outcome: Outcome): void;
  reject(cause: unknown): void;
}

export interface HarnessOptions {
  readonly limits?: Partial<DispatcherLimits>;
  readonly random?: () => number;
  /** What an attempt gives at once; undefined leaves it under way. Default: success. */
  readonly execute?: (attempting: Attempting) => Outcome | undefined;
  readonly executors?: readonly ExecutorKind[];
  /** In place of recording at once. */
  readonly record?: DispatcherOptions['record'];
  readonly host?: Partial<ExecutorHost>;
  readonly meter?: Meter;
  readonly create?: (options: DispatcherOptions) => Dispatcher;
}

export interface Harness {
  readonly dispatcher: Dispatcher;
  readonly clock: ManualClock;
  /** Every call of the fake executor. */
  readonly calls: readonly Call[];
  /** What happened, in its order: `started a`, `call a`, `succeeded a`. */
  readonly story: readonly string[];
  /** What is durable. */
  readonly store: ReadonlyMap<string, LaunchRecord>;
  readonly notices: readonly string[];
  readonly logged: readonly { readonly level: string; readonly message: string; readonly fields: Json }[];
  readonly figures: ReadonlyMap<string, number>;
  /** Milliseconds from the start of each call of a launch. */
  callTimes(id: string): number[];
  record(id: string): LaunchRecord;
  /** The call of a launch that is under way. */
  call(id: string): Call;
  add(...launches: LaunchRecord[]): Promise<void>;
}

export function createHarness(options: HarnessOptions = {}): Harness {
  const clock = createManualClock(START);
  const calls: Call[] = [];
  const story: string[] = [];
  const store = new Map<string, LaunchRecord>();
  const notices: string[] = [];
  const logged: { level: string; message: string; fields: Json }[] = [];
  const { meter, figures } = createFakeMeter();
  const write =
    (level: string) =>
    (message: string, fields: unknown = {}): void =>
      void logged.push({ level, message, fields: fields as JsonObject });
  const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const execute = options.execute ?? ((): Outcome => succeeded());
  const fake: ExecutorKind = {
    name: 'fake',
    summary: '',
    schema: {},
    examples: [],
    load: async () => (attempting, _host, signal) => {
      story.push(`call ${attempting.launch_id}`);
      return new Promise<Outcome>((resolve, reject) => {
        calls.push({ attempting, signal, at: clock.now(), end: resolve, reject });
        const outcome = execute(attempting);
        if (outcome !== undefined) resolve(outcome);
      });
    },
  };
  const dispatcher = (options.create ?? createDispatcher)({
    executors: new Map([fake, ...(options.executors ?? [])].map((kind) => [kind.name, kind])),
    templates: createTemplates(),
    host: {
      log,
      secrets: { read: () => SECRET, redact: (text) => text.replaceAll(SECRET, '[secret]') },
      settings: {
        allow_commands: false,
        module_folders: [],
        private_networks: [],
        folder: '/rules',
        smtp_url: null,
      },
      environment: {},
      now: () => clock.now(),
      ...options.host,
    },
    clock,
    random: options.random ?? (() => 0.5),
    meter: options.meter ?? meter,
    log,
    limits: {
      maxRunning: 100,
      stormPerMinute: null,
      breaker: { failures: 1_000, openMs: 30_000 },
      ...options.limits,
    },
    async record(changed, change: LaunchChange) {
      await options.record?.(changed, change);
      // As a store would hand it back.
      store.set(changed.launch_id, JSON.parse(JSON.stringify(changed)) as LaunchRecord);
      story.push(`${change} ${changed.launch_id}`);
    },
    notice: (kind, subject, message) => void notices.push(`${kind} ${subject}: ${message}`),
  });
  return {
    dispatcher,
    clock,
    calls,
    story,
    store,
    notices,
    logged,
    figures,
    callTimes: (id) =>
      calls.filter(({ attempting }) => attempting.launch_id === id).map(({ at }) => at - START),
    record(id) {
      const found = store.get(id);
      if (found === undefined) throw new TypeError(`nothing was recorded of ${id}`);
      return found;
    },
    call(id) {
      const found = calls.findLast(({ attempting }) => attempting.launch_id === id);
      if (found === undefined) throw new TypeError(`${id} was never called`);
      return found;
    },
    async add(...launches) {
      dispatcher.add(launches);
      await settled();
    },
  };
}

/** Counts by `name{label,label}`; a histogram counts its observations and sums them under `name_sum`. */
function createFakeMeter(): { readonly meter: Meter; readonly figures: ReadonlyMap<string, number> } {
  const figures = new Map<string, number>();
  const add = (name: string, labels: Labels | undefined, by: number): void => {
    const key = labels === undefined ? name : `${name}{${Object.values(labels).join(',')}}`;
    figures.set(key, (figures.get(key) ?? 0) + by);
  };
  const meter: Meter = {
    counter: (name) => ({ add: (amount = 1, labels) => add(name, labels, amount) }),
    gauge: (name) => ({ set: (value) => void figures.set(name, value) }),
    histogram: (name) => ({
      observe(value, labels) {
        add(name, labels, 1);
        add(`${name}_sum`, labels, value);
      },
    }),
    watch: () => {},
  };
  return { meter, figures };
}
