import type { WireReceipts } from '../../../src/model/wire.js';
import { createClient, type Client } from './client.js';
import type { Violations } from './violations.js';
import { sleep } from './wait.js';

/** An event as a producer sends it. */
export interface Offered {
  readonly event_id: string;
  readonly event_type: string;
  readonly source: string;
  readonly timestamp?: string;
  readonly payload: Readonly<Record<string, string | number>>;
}

/** Of what was acknowledged, so much is sent once more. */
const REPEATED = 0.01;
const AGAIN_MS = 20;

/** Sends what waits in the backlog, each request until it is answered 2xx. */
export interface Producers {
  /** Ids that were answered 2xx. */
  readonly acknowledged: ReadonlySet<string>;
  /** Requests that had to be sent again. */
  readonly resent: number;
  /** Nothing waits and nothing is under way. */
  readonly idle: boolean;
  offer(event: Offered): void;
  readonly waiting: number;
  stop(): Promise<void>;
}

/** `batches`: how many events each producer sends at most in one request; 1 = one JSON event, more = NDJSON. */
export function startProducers(
  port: number,
  batches: readonly number[],
  random: () => number,
  violations: Violations,
): Producers {
  const backlog: Offered[] = [];
  let taken = 0;
  const acknowledged = new Set<string>();
  let resent = 0;
  let sending = 0;
  let stopped = false;

  const take = (most: number): readonly Offered[] => {
    const batch = backlog.slice(taken, taken + most);
    taken += batch.length;
    if (taken > 10_000) {
      backlog.splice(0, taken);
      taken = 0;
    }
    return batch;
  };

  /** Sends until it is taken. A connection that broke leaves open whether it was: the same ids are sent again. */
  const deliver = async (client: Client, batch: readonly Offered[]): Promise<WireReceipts | null> => {
    const single = batch.length === 1;
    const body = batch.map((event) => JSON.stringify(event)).join('\n');
    for (let first = true; !stopped; first = false) {
      if (!first) {
        resent++;
        await sleep(AGAIN_MS);
      }
      let answer;
      try {
        const type = single ? 'application/json' : 'application/x-ndjson';
        answer = await client.send('POST', '/v1/events', body, type);
      } catch {
        continue;
      }
      const { status, text } = answer;
      if (status >= 200 && status < 300) return JSON.parse(text) as WireReceipts;
      if (status < 500 && status !== 429) {
        violations.add('answer', `${status}: ${text.slice(0, 300)}`);
        return null;
      }
    }
    return null;
  };

  const produce = async (most: number): Promise<void> => {
    const client = createClient(port);
    while (!stopped) {
      const batch = take(most);
      if (batch.length === 0) {
        await sleep(5);
        continue;
      }
      sending++;
      const receipts = await deliver(client, batch);
      if (receipts !== null) {
        const named = receipts.events.map(({ event_id }) => event_id).join();
        if (named !== batch.map(({ event_id }) => event_id).join())
          violations.add('answer', `receipts for ${named.slice(0, 300)}`);
        for (const { event_id } of batch) acknowledged.add(event_id);
        if (random() < REPEATED) {
          const again = await deliver(client, batch);
          for (const { event_id, duplicate } of again?.events ?? [])
            if (!duplicate) violations.add('taken twice', `${event_id} was acknowledged before`);
        }
      }
      sending--;
    }
    client.close();
  };

  const running = batches.map(produce);
  return {
    acknowledged,
    get resent() {
      return resent;
    },
    get idle() {
      return sending === 0 && taken === backlog.length;
    },
    get waiting() {
      return backlog.length - taken;
    },
    offer(event) {
      backlog.push(event);
    },
    async stop() {
      stopped = true;
      await Promise.all(running);
    },
  };
}
