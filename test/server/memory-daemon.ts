import type {
  Daemon,
  DaemonStats,
  GroupStatus,
  LiveDryRun,
  Readiness,
  Receipt,
  TriggerStatus,
} from '../../src/engine/daemon.js';
import { coversType } from '../../src/kernel/event-type.js';
import { Fault } from '../../src/kernel/fault.js';
import type { JsonObject } from '../../src/kernel/json.js';
import { formatTime } from '../../src/kernel/time.js';
import type { LaunchStatus } from '../../src/model/outcome.js';
import type { LaunchRecord, StoredDecision, StoredEvent } from '../../src/model/record.js';
import type { Incoming } from '../../src/ports/source.js';
import type { Page, PageQuery } from '../../src/ports/store.js';

export const NOW = Date.parse('2026-03-01T12:00:00Z');
export const RULESET = '0123456789abcdef';

/** A daemon in memory whose one rule is: every `order.paid` launches `ship`; an `order.paid` with `hold` is suppressed. */
export interface MemoryDaemon extends Daemon {
  readonly stored: StoredEvent[];
  readonly records: LaunchRecord[];
  readonly decided: StoredDecision[];
  rejectedCount: number;
  /** What the next calls that take something in throw; null = nothing. */
  failure: Error | null;
  ready: boolean;
  readonly resets: { readonly triggerId: string; readonly group: JsonObject | null }[];
  snoozedUntil: number | null;
  /** Adds what no event led to, for reading. */
  addLaunch(id: string, status: LaunchStatus, at?: number): LaunchRecord;
}

const TRIGGER_IDS = ['notify', 'ship-order', 'watch'];

export function createMemoryDaemon(): MemoryDaemon {
  const stored: StoredEvent[] = [];
  const records: LaunchRecord[] = [];
  const decided: StoredDecision[] = [];

  const accept = (): void => {
    if (daemon.failure !== null) throw daemon.failure;
  };
  const status = (trigger_id: string): TriggerStatus => ({
    trigger_id,
    description: `about ${trigger_id}`,
    event_types: trigger_id === 'watch' ? ['order.*'] : ['order.paid'],
    active: trigger_id !== 'watch',
    mode: 'launch',
    tags: trigger_id === 'notify' ? ['mail'] : [],
    file: 'rules/orders.yaml',
    line: 3,
    launched: records.filter((launch) => launch.trigger_id === trigger_id).length,
    observed: 0,
    suppressed: 0,
    last_launch_at: null,
    snoozed_until: daemon.snoozedUntil === null ? null : formatTime(daemon.snoozedUntil),
    groups: 2,
    timers: 0,
    counters: { late: 0 },
  });
  const known = (triggerId: string): void => {
    if (!TRIGGER_IDS.includes(triggerId)) throw new Fault('trigger-unknown', `no trigger ${triggerId}`);
  };

  const daemon: MemoryDaemon = {
    stored,
    records,
    decided,
    rejectedCount: 0,
    failure: null,
    ready: true,
    resets: [],
    snoozedUntil: null,
    addLaunch(id, launchStatus, at = NOW) {
      const record = launchOf(id, launchStatus, at, 1, null);
      records.push(record);
      return record;
    },
    async submit(events) {
      accept();
      return events.map((incoming) => submitOne(incoming));
    },
    rejected(count) {
      daemon.rejectedCount += count;
    },
    dryRun({ event }, triggerId): LiveDryRun {
      accept();
      return {
        ruleset_hash: RULESET,
        event_id: event.event_id,
        duplicate: stored.some((other) => other.event.event_id === event.event_id),
        launches: [],
        suppressed: [
          {
            trigger_id: 'ship-order',
            event_id: event.event_id,
            at: NOW,
            gate: 'cooldown',
            until: NOW + 1_000,
            group: {},
          },
        ],
        why: (triggerId === null ? TRIGGER_IDS : [triggerId]).map((trigger_id) => ({
          trigger_id,
          event_id: event.event_id,
          outcome: 'not_matched' as const,
          reason: 'priority is normal, not high',
          deciding: null,
          event_types: [],
          roles: [],
          state: null,
          item: null,
        })),
      };
    },
    readiness(): Readiness {
      return {
        ready: daemon.ready,
        problems: daemon.ready ? [] : ['reload refused'],
        ruleset_hash: RULESET,
        triggers: TRIGGER_IDS.length,
        loaded_at: formatTime(NOW),
        refused_at: daemon.ready ? null : formatTime(NOW),
        diagnostics: daemon.ready
          ? []
          : [
              {
                code: 'unknown-key',
                severity: 'error',
                message: 'coldown is no key of a trigger',
                hint: 'did you mean cooldown?',
                file: 'rules/orders.yaml',
                line: 7,
                column: 5,
                length: 7,
                pointer: '/triggers/0/coldown',
                sourceLine: '    coldown: 5m',
              },
            ],
      };
    },
    stats(): DaemonStats {
      return {
        started_at: formatTime(NOW),
        now: formatTime(NOW),
        ruleset_hash: RULESET,
        position: stored.length,
        events: {
          received: stored.length,
          duplicate: 0,
          rejected: daemon.rejectedCount,
          stored: stored.length,
          by_type: {},
        },
        launches: { observed: 0, pending: 0, running: 0, retrying: 0, succeeded: 0, dead: 0, skipped: 0 },
        triggers: { total: 3, active: 2 },
        running: 0,
        queued: 0,
        reloads: { taken: 1, refused: 0 },
        store_bytes: 0,
      };
    },
    event: (eventId) => stored.find(({ event }) => event.event_id === eventId) ?? null,
    events: (query) =>
      pageOf(
        stored.filter(
          ({ event, position, received_at }) =>
            (query.types.length === 0 || query.types.some((type) => coversType(type, event.event_type))) &&
            position > (query.afterPosition ?? 0) &&
            within(received_at, query),
        ),
        query,
      ),
    launch: (launchId) => records.find(({ launch_id }) => launch_id === launchId) ?? null,
    launches: (query) =>
      pageOf(
        records.filter(
          (launch) =>
            (query.trigger_id === null || launch.trigger_id === query.trigger_id) &&
            (query.workflow_name === null || launch.workflow_name === query.workflow_name) &&
            (query.statuses.length === 0 || query.statuses.includes(launch.status)) &&
            within(launch.at, query),
        ),
        query,
      ),
    decisions: (query) =>
      pageOf(
        decided.filter(
          (decision) =>
            (query.event_id === null || decision.event_id === query.event_id) && within(decision.at, query),
        ),
        query,
      ),
    triggers: () => TRIGGER_IDS.map((id) => status(id)),
    trigger(triggerId, limit) {
      if (!TRIGGER_IDS.includes(triggerId)) return null;
      const groups: GroupStatus[] = [
        { group: { 'payload.region': 'eu' }, standing: '2 of 5', timers: [], cooldown_until: null },
        {
          group: { 'payload.region': 'us' },
          standing: null,
          timers: [{ purpose: 'debounce', due_at: formatTime(NOW) }],
          cooldown_until: formatTime(NOW),
        },
      ];
      return { ...status(triggerId), of: groups.slice(0, limit) };
    },
    async redrive(launchId) {
      accept();
      const at = records.findIndex(({ launch_id }) => launch_id === launchId);
      const launch = records[at];
      if (launch === undefined) throw new Fault('launch-unknown', `no launch ${launchId}`);
      if (launch.status === 'running') throw new Fault('launch-unfinished', 'the launch is under way');
      records[at] = { ...launch, status: 'pending' };
      return records[at];
    },
    async reset(triggerId, group) {
      known(triggerId);
      daemon.resets.push({ triggerId, group });
      return group === null ? 2 : 1;
    },
    async snooze(triggerId, untilMs) {
      known(triggerId);
      daemon.snoozedUntil = untilMs;
    },
    listen: () => () => undefined,
  };

  function submitOne({ event, at }: Incoming): Receipt {
    if (stored.some((other) => other.event.event_id === event.event_id)) {
      return { event_id: event.event_id, position: null, duplicate: true, decision: null, launches: [] };
    }
    const position = stored.length + 1;
    stored.push({ position, event, received_at: NOW });
    if (event.event_type !== 'order.paid') {
      return { event_id: event.event_id, position, duplicate: false, decision: null, launches: [] };
    }
    const held = 'hold' in event.payload;
    const launches = held ? [] : [launchOf(`launch-${position}`, 'pending', at, position, event.event_id)];
    records.push(...launches);
    const decision: StoredDecision = {
      position,
      event_id: event.event_id,
      at,
      ruleset_hash: RULESET,
      launches: launches.map(({ launch_id }) => launch_id),
      suppressed: held
        ? [
            {
              trigger_id: 'ship-order',
              event_id: event.event_id,
              at,
              gate: 'cooldown',
              until: at + 5_000,
              group: {},
            },
          ]
        : [],
    };
    decided.push(decision);
    return { event_id: event.event_id, position, duplicate: false, decision, launches };
  }

  return daemon;
}

function within(
  at: number,
  { sinceMs, untilMs }: { readonly sinceMs: number | null; readonly untilMs: number | null },
): boolean {
  return at >= (sinceMs ?? Number.NEGATIVE_INFINITY) && at < (untilMs ?? Number.POSITIVE_INFINITY);
}

function pageOf<T>(all: readonly T[], { cursor, limit, order }: PageQuery): Page<T> {
  if (cursor !== null && !/^\d+$/.test(cursor)) throw new Fault('usage', 'this is not a cursor');
  const from = Number(cursor ?? 0);
  const ordered = order === 'newest' ? [...all].reverse() : all;
  const next = from + limit;
  return { items: ordered.slice(from, next), next: next < ordered.length ? String(next) : null };
}

function launchOf(
  launch_id: string,
  status: LaunchStatus,
  at: number,
  position: number,
  event_id: string | null,
): LaunchRecord {
  return {
    launch_id,
    trigger_id: 'ship-order',
    workflow_name: 'ship',
    mode: 'launch',
    at,
    event_id,
    events: event_id === null ? [] : [event_id],
    group: {},
    input: { trigger_id: 'ship-order', order: 'o-1' },
    item_index: null,
    warnings: [],
    position,
    ruleset_hash: RULESET,
    status,
    workflow: {
      workflow_name: 'ship',
      description: '',
      executor: 'http',
      with: { url: 'https://ship.internal', headers: { Authorization: { secret: { env: 'SHIP' } } } },
      timeoutMs: 1_000,
      retry: null,
      concurrency: null,
      origin: { file: 'rules/orders.yaml', document: 0, pointer: '/workflows/ship' },
    },
    hops: 1,
    chain: ['ship-order'],
    correlation_id: null,
    session_id: null,
    user_id: null,
    retryable: true,
    max_retries: 3,
    attempts: [{ number: 1, started_at: at, ended_at: at + 20, reason: 'it said 503' }],
    redriven_after: 0,
    next_at: at + 1_000,
    ended_at: null,
    output: null,
  };
}
