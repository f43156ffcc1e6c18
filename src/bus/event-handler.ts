import { coversType } from '../kernel/event-type.js';
import { Fault } from '../kernel/fault.js';
import { formatTime } from '../kernel/time.js';
import { EVENT_TYPE_MAX_LENGTH, EVENT_TYPE_PATTERN, type Event } from '../model/event.js';
import type { Clock } from '../ports/clock.js';
import { messageOf } from './message-of.js';

/** What one handler made of one event. Times RFC 3339; `timestamp` is when it was called. */
export type HandlerResult =
  | {
      readonly handler_id: string;
      readonly event_id: string;
      readonly status: 'success';
      /** What `handle` returned, or resolved to. */
      readonly result: unknown;
      readonly timestamp: string;
    }
  | {
      readonly handler_id: string;
      readonly event_id: string;
      readonly status: 'error';
      readonly error: string;
      readonly timestamp: string;
    };

export interface HandlerStats {
  readonly handler_id: string;
  readonly event_types: readonly string[];
  readonly execution_count: number;
  readonly error_count: number;
  /** RFC 3339; null = never called. */
  readonly last_execution: string | null;
  /** From 0 to 1; 0 while it was never called. */
  readonly success_rate: number;
}

/** What a handler is made of. */
export interface HandlerDefinition {
  /** Its own among those of a bus. */
  readonly handlerId: string;
  /** Event types it hears: names, `*`, or with a final `*` for whole segments (`workflow.*`). */
  readonly eventTypes: readonly string[];
  /**
   * false (the default): called while the event is being published. true: begun after that, so that what it does before
   * its first await holds nobody up either. A promise is awaited whichever it is.
   */
  readonly isAsync?: boolean;
  /** After which it is given up on, milliseconds: an error result. Left out = it is waited for. */
  readonly timeoutMs?: number;
  handle(event: Event): unknown;
}

/** Something that hears events, with its own figures. */
export interface EventHandler {
  readonly handlerId: string;
  readonly eventTypes: readonly string[];
  readonly isAsync: boolean;
  canHandle(event: Event): boolean;
  /** Never throws, never rejects: what goes wrong is an error result. */
  handle(event: Event, clock: Clock): HandlerResult | Promise<HandlerResult>;
  getStats(): HandlerStats;
}

/** Makes a handler. Throws a Fault `usage` for an id or an event type that is none. */
export function defineHandler(definition: HandlerDefinition): EventHandler {
  const { handlerId, isAsync = false, timeoutMs } = definition;
  const eventTypes = Object.freeze([...definition.eventTypes]);
  check(handlerId, eventTypes, timeoutMs);
  let executions = 0;
  let errors = 0;
  let lastExecution: string | null = null;

  const succeed = (event: Event, timestamp: string, result: unknown): HandlerResult => ({
    handler_id: handlerId,
    event_id: event.event_id,
    status: 'success',
    result,
    timestamp,
  });
  const fail = (event: Event, timestamp: string, error: unknown): HandlerResult => {
    errors++;
    return errorResult(handlerId, event, messageOf(error), timestamp);
  };

  return {
    handlerId,
    eventTypes,
    isAsync,
    canHandle: ({ event_type }) => eventTypes.some((pattern) => coversType(pattern, event_type)),
    handle(event, clock) {
      executions++;
      const timestamp = formatTime(clock.now());
      lastExecution = timestamp;
      try {
        const given: unknown = definition.handle(event);
        if (!isThenable(given)) return succeed(event, timestamp, given);
        return inTime(given, timeoutMs, clock).then(
          (result) => succeed(event, timestamp, result),
          (error: unknown) => fail(event, timestamp, error),
        );
      } catch (error) {
        return fail(event, timestamp, error);
      }
    },
    getStats: () => ({
      handler_id: handlerId,
      event_types: eventTypes,
      execution_count: executions,
      error_count: errors,
      last_execution: lastExecution,
      success_rate: executions === 0 ? 0 : (executions - errors) / executions,
    }),
  };
}

/** The result of a handler that failed. */
export function errorResult(
  handlerId: string,
  { event_id }: Event,
  error: string,
  timestamp: string,
): HandlerResult {
  return { handler_id: handlerId, event_id, status: 'error', error, timestamp };
}

/** Settles as the promise does, or rejects when that takes too long; what comes later is nobody's. */
function inTime(given: PromiseLike<unknown>, timeoutMs: number | undefined, clock: Clock): Promise<unknown> {
  const settled = Promise.resolve(given);
  if (timeoutMs === undefined) return settled;
  return new Promise((resolve, reject) => {
    const cancel = clock.after(timeoutMs, () => reject(new Error(`it took longer than ${timeoutMs} ms`)));
    settled.then(resolve, reject).finally(cancel);
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  return typeof (value as { readonly then?: unknown }).then === 'function';
}

function check(handlerId: string, eventTypes: readonly string[], timeoutMs: number | undefined): void {
  const refuse = (message: string, hint: string): never => {
    throw new Fault('usage', message, { hint });
  };
  if (typeof handlerId !== 'string' || handlerId === '')
    refuse('a handler needs a handlerId', 'give it a name of its own');
  if (eventTypes.length === 0)
    refuse(`the handler ${handlerId} hears no event type`, 'name some, or "*" for all of them');
  const wrong = eventTypes.find((pattern) => !isTypePattern(pattern));
  if (wrong !== undefined)
    refuse(
      `the handler ${handlerId} names an event type that is none: ${JSON.stringify(wrong)}`,
      'for example "order.paid", "order.*" or "*"',
    );
  if (timeoutMs !== undefined && !(timeoutMs > 0))
    refuse(`the handler ${handlerId} has a timeoutMs that is no time: ${timeoutMs}`, 'give milliseconds');
}

function isTypePattern(pattern: unknown): boolean {
  if (pattern === '*') return true;
  if (typeof pattern !== 'string' || pattern.length > EVENT_TYPE_MAX_LENGTH) return false;
  return EVENT_TYPE_PATTERN.test(pattern.endsWith('.*') ? pattern.slice(0, -2) : pattern);
}
