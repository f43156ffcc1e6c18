import { Fault } from '../../kernel/fault.js';
import { toCloudEvent } from '../../load/cloud-event.js';
import type { WireReceipts } from '../../model/wire.js';
import type { Body, DaemonClient } from './daemon-client.js';
import type { Outgoing } from './event-input.js';
import { Refused } from './refused.js';

export type Receipt = WireReceipts['events'][number];

export interface SenderOptions {
  readonly client: DaemonClient;
  readonly cloudEvents: boolean;
  /** Ask what the events led to. */
  readonly decisions: boolean;
  readonly wait: (delayMs: number) => Promise<void>;
  readonly taken: (receipts: readonly Receipt[]) => void;
  /** One event that the daemon will not take, and why. */
  readonly refused: (event: Outgoing, problem: string, hint: string | null) => void;
  /** It takes none now, and is asked again after a while. */
  readonly waiting: (delayMs: number, reason: string) => void;
}

const BATCH_EVENTS = 500;
/** The daemon takes 8 MiB when nobody says otherwise. */
const BATCH_CHARS = 2 * 1024 * 1024;
const TRIES = 10;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** Sends events in their order, many in one request. */
export interface EventSender {
  send(events: readonly Outgoing[]): Promise<void>;
}

/**
 * What the daemon takes no events for (too many, stopping, no space) is waited for as long as it says, some ten times. Of a
 * request that it refuses for some of its events the others are sent again without them, and one that is too large in
 * halves. Throws the Faults `unreachable` and `refused`.
 */
export function createEventSender(options: SenderOptions): EventSender {
  const { client, cloudEvents, decisions } = options;
  const query = decisions ? { wait: 'decision' } : {};
  let tookAny = false;

  const post = async (events: readonly Outgoing[]): Promise<readonly Receipt[]> => {
    for (let tries = 1, waitMs = FIRST_WAIT_MS; ; tries++, waitMs *= 2) {
      try {
        const { events: receipts } = await client.post<WireReceipts>(
          '/v1/events',
          bodyOf(events, cloudEvents),
          query,
        );
        tookAny = true;
        return receipts;
      } catch (error) {
        const delayMs = tries < TRIES ? delayBefore(error, waitMs, tookAny) : null;
        if (delayMs === null) throw error;
        options.waiting(delayMs, (error as Fault).message);
        await options.wait(delayMs);
      }
    }
  };
  const sendBatch = async (events: readonly Outgoing[]): Promise<void> => {
    if (events.length === 0) return;
    try {
      options.taken(await post(events));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status === 413 && events.length > 1) {
        const middle = events.length >> 1;
        await sendBatch(events.slice(0, middle));
        await sendBatch(events.slice(middle));
        return;
      }
      const bad = new Map(error.problems.map((problem) => [problem.index, problem]));
      // Without a place in the request it is not about single events.
      if (error.status !== 400 || ![...bad.keys()].some((index) => events[index] !== undefined)) throw error;
      for (const [index, { path, message, hint }] of bad) {
        const event = events[index];
        if (event !== undefined) options.refused(event, path === '' ? message : `${path}: ${message}`, hint);
      }
      await sendBatch(events.filter((_, index) => !bad.has(index)));
    }
  };
  return {
    async send(events) {
      let batch: Outgoing[] = [];
      let chars = 0;
      for (const event of events) {
        const length = JSON.stringify(event.raw).length;
        if (batch.length > 0 && (batch.length >= BATCH_EVENTS || chars + length > BATCH_CHARS)) {
          await sendBatch(batch);
          batch = [];
          chars = 0;
        }
        batch.push(event);
        chars += length;
      }
      await sendBatch(batch);
    },
  };
}

/** How long to wait before trying again; null when that would not help. */
function delayBefore(error: unknown, waitMs: number, tookAny: boolean): number | null {
  if (error instanceof Refused && (error.status === 429 || error.status === 503))
    return Math.min(LONGEST_WAIT_MS, error.retryAfterMs ?? waitMs);
  // A daemon that has just been there may be starting anew.
  if (error instanceof Fault && error.code === 'unreachable' && tookAny)
    return Math.min(LONGEST_WAIT_MS, waitMs);
  return null;
}

function bodyOf(events: readonly Outgoing[], cloudEvents: boolean): Body {
  const [first] = events;
  if (cloudEvents) {
    return events.length === 1 && first !== undefined
      ? { text: JSON.stringify(toCloudEvent(first.event)), contentType: 'application/cloudevents+json' }
      : {
          text: JSON.stringify(events.map(({ event }) => toCloudEvent(event))),
          contentType: 'application/cloudevents-batch+json',
        };
  }
  if (events.length === 1 && first !== undefined)
    return { text: JSON.stringify(first.raw), contentType: 'application/json' };
  return {
    text: events.map(({ raw }) => `${JSON.stringify(raw)}\n`).join(''),
    contentType: 'application/x-ndjson',
  };
}
