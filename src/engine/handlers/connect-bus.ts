import { defineHandler, type HandlerStats } from '../../bus/event-handler.js';
import { createEventBus, type EventBus, type Published, type Publishing } from '../../bus/event-bus.js';
import {
  createWorkflowHandler,
  type WorkflowHandler,
  type WorkflowStats,
} from '../../bus/workflow-handler.js';
import type { JsonObject } from '../../kernel/json.js';
import { formatTime } from '../../kernel/time.js';
import type { Event } from '../../model/event.js';
import type { LaunchRecord, StoredDecision } from '../../model/record.js';
import type { Clock } from '../../ports/clock.js';
import type { Meter } from '../../ports/meter.js';
import type { Incoming } from '../../ports/source.js';
import type { Daemon, Happening, Receipt } from '../daemon.js';
import { readPublished } from './read-published.js';
import { recordTriggers, type ExecutionCounts, type TriggerRecords } from './trigger-records.js';

export interface BusOptions {
  readonly clock: Clock;
  readonly newId: () => string;
  /** Events, and records of triggers, that are kept; 10 000 by default. */
  readonly historySize?: number;
  /** Counts the life of workflows; left out = nobody does. */
  readonly meter?: Meter;
}

/** What the handlers of the bus have done since the start. */
export interface BusFigures {
  /** Events about the life of workflows, by what they say of them. */
  readonly workflows: WorkflowStats;
  readonly executions: ExecutionCounts;
  readonly handlers: Readonly<Record<string, HandlerStats>>;
}

/** The event bus around a daemon. */
export interface ConnectedBus {
  readonly bus: EventBus;
  readonly workflows: WorkflowHandler;
  readonly triggers: TriggerRecords;
  /** Hands an event that was read already to the bus, and tells what the trigger engine made of it. */
  publish(incoming: Incoming): Promise<Decided>;
  publishAsync(incoming: Incoming): Publishing;
  figures(): BusFigures;
  /** Nothing more of the daemon's comes to the bus, and nothing of the bus to it. */
  stop(): void;
}

/** An event that every handler has had. */
export interface Decided {
  readonly published: Published;
  /** Why the trigger engine refused it, or null when it has not had it: its handler was unregistered. */
  readonly receipt: Receipt | Error | null;
}

const HISTORY_SIZE = 10_000;
const TRIGGER_HANDLER = 'trigger_handler';

/**
 * Puts a bus around a daemon, with the trigger engine (`trigger_handler`) and the statistics of workflows
 * (`workflow_handler`) as handlers of it. What is published on the bus is decided by the daemon; what reaches the daemon by
 * another way, and the events it publishes itself, come to the bus once they are durable and decided: the handler of
 * triggers then only gives its account. Every event comes once either way.
 */
export function connectBus(daemon: Daemon, options: BusOptions): ConnectedBus {
  const { clock, newId, historySize = HISTORY_SIZE, meter } = options;
  const bus = createEventBus({ clock, historySize });
  const workflows = createWorkflowHandler(meter === undefined ? {} : { meter });
  const triggers = recordTriggers(daemon, historySize);
  /** Events of the bus that were read already. */
  const read = new WeakMap<Event, Incoming>();
  /** Events that came to the daemon from the bus, and to the bus from the daemon; known by their identity. */
  const submitted = new WeakSet<Event>();
  const told = new WeakMap<Event, Receipt>();
  const taken = new WeakMap<Event, Receipt | Error>();

  const submit = async (event: Event): Promise<JsonObject> => {
    try {
      const incoming = read.get(event) ?? readPublished(event, { receivedAt: clock.now(), newId });
      submitted.add(incoming.event);
      const [receipt] = (await daemon.submit([incoming])) as [Receipt];
      taken.set(event, receipt);
      return accountOf(receipt);
    } catch (error) {
      taken.set(event, error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  };

  bus.registerHandler(
    defineHandler({
      handlerId: TRIGGER_HANDLER,
      eventTypes: ['*'],
      handle(event) {
        const decided = told.get(event);
        return decided === undefined ? submit(event) : accountOf(decided);
      },
    }),
  );
  bus.registerHandler(workflows);

  const stopListening = daemon.listen((happenings) => {
    for (const receipt of receiptsOf(happenings)) {
      const { event } = receipt;
      if (submitted.has(event)) continue;
      told.set(event, receipt);
      bus.publishAsync(event);
    }
  });

  return {
    bus,
    workflows,
    triggers,
    async publish(incoming) {
      const { event } = incoming;
      read.set(event, incoming);
      const published = await bus.publish(event);
      return { published, receipt: taken.get(event) ?? null };
    },
    publishAsync(incoming) {
      read.set(incoming.event, incoming);
      return bus.publishAsync(incoming.event);
    },
    figures: () => ({
      workflows: workflows.getWorkflowStats(),
      executions: triggers.counts(),
      handlers: bus.getStats().handlers,
    }),
    stop() {
      stopListening();
      triggers.stop();
      bus.unregisterHandler(TRIGGER_HANDLER);
    },
  };
}

/** The events of a commit, each with what it led to. */
function* receiptsOf(happenings: readonly Happening[]): Generator<Receipt & { readonly event: Event }> {
  const decisions = new Map<string, StoredDecision>();
  const launches = new Map<string, LaunchRecord>();
  for (const happening of happenings) {
    if (happening.kind === 'decision') {
      const { decision } = happening;
      if (decision.event_id !== null) decisions.set(decision.event_id, decision);
    } else if (happening.kind === 'launch' && !launches.has(happening.launch.launch_id)) {
      launches.set(happening.launch.launch_id, happening.launch);
    }
  }
  for (const happening of happenings) {
    if (happening.kind !== 'event') continue;
    const { event, position } = happening.stored;
    const decision = decisions.get(event.event_id) ?? null;
    const decided = decision?.launches.flatMap((id) => launches.get(id) ?? []) ?? [];
    yield { event, event_id: event.event_id, position, duplicate: false, decision, launches: decided };
  }
}

/** What the reference's handler of triggers returns, of launches that were decided and are about to be carried out. */
function accountOf({ event_id, duplicate, launches }: Receipt): JsonObject {
  return {
    event_id,
    duplicate,
    triggered_workflows: launches.length,
    executions: launches.map((launch) => ({
      trigger_id: launch.trigger_id,
      workflow_name: launch.workflow_name,
      event_id: launch.event_id,
      launch_id: launch.launch_id,
      status: launch.status,
      timestamp: formatTime(launch.at),
    })),
  };
}
