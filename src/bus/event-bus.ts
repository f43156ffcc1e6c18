import { coversType } from '../kernel/event-type.js';
import { Fault } from '../kernel/fault.js';
import { formatTime } from '../kernel/time.js';
import type { Event } from '../model/event.js';
import type { Clock } from '../ports/clock.js';
import { errorResult, type EventHandler, type HandlerResult, type HandlerStats } from './event-handler.js';
import { createHistory, type History } from './event-history.js';
import { messageOf } from './message-of.js';

export interface EventBusOptions {
  readonly clock: Clock;
  /** Events kept for `getEventHistory`; 10 000 by default, 0 = none. */
  readonly historySize?: number;
}

/** What became of one event, once every handler has settled. */
export interface Published {
  readonly event_id: string;
  readonly handlers_notified: number;
  /** In the order the handlers were registered. */
  readonly results: readonly HandlerResult[];
}

/** An event on its way to its handlers. */
export interface Publishing {
  readonly event_id: string;
  readonly handlers_notified: number;
  /** Never rejects. */
  readonly published: Promise<Published>;
}

export interface BusStats {
  readonly event_stats: {
    /** Events published. */
    readonly total_events: number;
    /** Handlers' successes and failures, over all events. */
    readonly processed_events: number;
    readonly failed_events: number;
    readonly handlers_registered: number;
  };
  readonly handlers: Readonly<Record<string, HandlerStats>>;
  /** Event type, as handlers name it, to their ids. */
  readonly subscribers: Readonly<Record<string, readonly string[]>>;
  readonly history_size: number;
}

interface Delivery {
  readonly calls: readonly Call[];
  resolve(results: readonly HandlerResult[]): void;
}
interface Call {
  readonly isAsync: boolean;
  begin(): HandlerResult | Promise<HandlerResult>;
}

const HISTORY_SIZE = 10_000;

/**
 * Hands events to handlers. Every handler hears the events in the order they were published, whoever published them: an
 * event published while another is being handed out waits for its turn. Who hears an event is settled when it is published:
 * a handler registered later does not, one unregistered later still does. A handler that throws or rejects is an error
 * result, for the publisher no exception and for the others nothing at all.
 */
export class EventBus {
  readonly #clock: Clock;
  readonly #history: History<Event>;
  /** In the order of registration; replaced, never changed in place. */
  #handlers: readonly EventHandler[] = [];
  #queue: Delivery[] = [];
  #isDelivering = false;
  #unsettled = 0;
  #waiting: (() => void)[] = [];
  #total = 0;
  #processed = 0;
  #failed = 0;

  constructor(options: EventBusOptions) {
    const { clock, historySize = HISTORY_SIZE } = options;
    this.#clock = clock;
    this.#history = createHistory(count(historySize, 'historySize'));
  }

  /** Throws a Fault `usage` when there is a handler of that id. */
  registerHandler(handler: EventHandler): void {
    const { handlerId } = handler;
    if (this.#handlers.some((other) => other.handlerId === handlerId)) {
      throw new Fault('usage', `there is a handler ${JSON.stringify(handlerId)} already`, {
        hint: 'unregister it first, or give this one another handlerId',
      });
    }
    this.#handlers = [...this.#handlers, handler];
  }

  /** False when there is no such handler. */
  unregisterHandler(handlerId: string): boolean {
    const left = this.#handlers.filter((handler) => handler.handlerId !== handlerId);
    const wasThere = left.length < this.#handlers.length;
    this.#handlers = left;
    return wasThere;
  }

  /**
   * Resolves when every handler has settled. Synchronous ones have been called when it returns, unless it was called by one.
   * Never rejects.
   */
  publish(event: Event): Promise<Published> {
    const { published } = this.#take(event);
    this.#deliver();
    return published;
  }

  /** Returns before any handler is called. */
  publishAsync(event: Event): Publishing {
    const publishing = this.#take(event);
    if (this.#queue.length > 0) queueMicrotask(() => this.#deliver());
    return publishing;
  }

  /** Resolves when nothing that was published is waited for any more; a handler that waits for it waits for itself. */
  flush(): Promise<void> {
    if (this.#unsettled === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The newest `limit` events, oldest of them first; `type` as handlers name types, null = all. Throws a Fault `usage` for a limit that is no count. */
  getEventHistory(limit = 100, type: string | null = null): readonly Event[] {
    const wanted = count(limit, 'limit');
    return this.#history.newest(
      wanted,
      type === null ? undefined : ({ event_type }) => coversType(type, event_type),
    );
  }

  getStats(): BusStats {
    const subscribers = new Map<string, string[]>();
    for (const { handlerId, eventTypes } of this.#handlers) {
      for (const type of new Set(eventTypes)) {
        const ids = subscribers.get(type);
        if (ids === undefined) subscribers.set(type, [handlerId]);
        else ids.push(handlerId);
      }
    }
    return {
      event_stats: {
        total_events: this.#total,
        processed_events: this.#processed,
        failed_events: this.#failed,
        handlers_registered: this.#handlers.length,
      },
      handlers: Object.fromEntries(this.#handlers.map((handler) => [handler.handlerId, handler.getStats()])),
      subscribers: Object.fromEntries(subscribers),
      history_size: this.#history.size,
    };
  }

  /** Writes it down, and lines it up for those that hear it now. */
  #take(event: Event): Publishing {
    const { event_id } = event;
    this.#total++;
    this.#history.add(event);
    const calls = this.#handlers.flatMap((handler) => this.#callOf(handler, event) ?? []);
    const handlers_notified = calls.length;
    if (handlers_notified === 0) {
      return {
        event_id,
        handlers_notified,
        published: Promise.resolve({ event_id, handlers_notified, results: [] }),
      };
    }
    this.#unsettled++;
    const published = new Promise<Published>((resolve) => {
      this.#queue.push({
        calls,
        resolve: (results) => resolve({ event_id, handlers_notified, results }),
      });
    });
    return { event_id, handlers_notified, published };
  }

  /** The call to make; null when the handler does not hear such an event. */
  #callOf(handler: EventHandler, event: Event): Call | null {
    const { handlerId, isAsync } = handler;
    const failure = (error: unknown): HandlerResult =>
      errorResult(handlerId, event, messageOf(error), formatTime(this.#clock.now()));
    try {
      if (!handler.canHandle(event)) return null;
    } catch (error) {
      return { isAsync: false, begin: () => failure(error) };
    }
    // Not every handler is made by defineHandler, and one that breaks its word must not break the bus.
    const begin = (): HandlerResult | Promise<HandlerResult> => {
      try {
        const given = handler.handle(event, this.#clock);
        return given instanceof Promise ? given.then(checked).catch(failure) : checked(given);
      } catch (error) {
        return failure(error);
      }
    };
    return { isAsync, begin };
  }

  #deliver(): void {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      for (const delivery of batch) this.#handOut(delivery);
    }
    this.#isDelivering = false;
  }

  #handOut(delivery: Delivery): void {
    const results = delivery.calls.map(({ isAsync, begin }) =>
      isAsync ? Promise.resolve().then(begin) : begin(),
    );
    // Promises cost more than most handlers do, so there are none where nothing is waited for.
    if (results.every(isSettled)) this.#settle(delivery, results);
    else void Promise.all(results).then((settled) => this.#settle(delivery, settled));
  }

  #settle({ resolve }: Delivery, results: readonly HandlerResult[]): void {
    for (const { status } of results) {
      if (status === 'success') this.#processed++;
      else this.#failed++;
    }
    resolve(results);
    this.#unsettled--;
    if (this.#unsettled > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

function isSettled(result: HandlerResult | Promise<HandlerResult>): result is HandlerResult {
  return !(result instanceof Promise);
}

function checked(result: HandlerResult): HandlerResult {
  if (result?.status === 'success' || result?.status === 'error') return result;
  throw new Error('it gave no result');
}

/** An event bus. Throws a Fault `usage` for a history size that is no count. */
export function createEventBus(options: EventBusOptions): EventBus {
  return new EventBus(options);
}

function count(value: number, name: string): number {
  if (Number.isInteger(value) && value >= 0) return value;
  throw new Fault('usage', `${name} must be a whole number, 0 or more, not ${value}`);
}
