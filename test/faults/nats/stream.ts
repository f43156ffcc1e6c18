import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, headers } from '@nats-io/transport-node';
import { sleep } from '../support/wait.js';

export const STREAM = 'ORDERS';
export const DURABLE = 'triggerd';
/** Events that launch: each of so many. */
export const LAUNCHING = 4;

/** Publishes steadily, whatever becomes of the daemon. */
export interface StreamLoad {
  /** How many messages the stream has acknowledged, and the server will therefore give. */
  readonly published: number;
  /** Ends the publishing; resolves when everything is acknowledged. */
  stop(): Promise<void>;
  /** Whether the consumer has nothing left to give, and nothing to wait for. */
  isDrained(): Promise<boolean>;
  close(): Promise<void>;
}

const EVERY_MS = 10;

/** The nth message has `n` in its payload; every other one is named by its publisher. */
export async function startStreamLoad(servers: string, rate: number): Promise<StreamLoad> {
  const connection = await connect({ servers, reconnect: false });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: STREAM, subjects: ['orders.>'] });
  const client = jetstream(connection);
  let published = 0;
  let stopped = false;
  const publish = async (n: number): Promise<void> => {
    const event = {
      event_type: n % LAUNCHING === 0 ? 'order.paid' : 'order.viewed',
      source: 'producer',
      payload: { n },
    };
    const names = headers();
    if (n % 2 === 0) names.set('Nats-Msg-Id', `offered-${n}`);
    await client.publish('orders.eu', JSON.stringify(event), { headers: names });
    published++;
  };
  const begunAt = performance.now();
  const publishing = (async () => {
    let next = 0;
    while (!stopped) {
      const due = ((performance.now() - begunAt) * rate) / 1_000;
      const batch: Promise<void>[] = [];
      while (next < due) batch.push(publish(next++));
      await Promise.all(batch);
      await sleep(EVERY_MS);
    }
  })();
  return {
    get published() {
      return published;
    },
    async stop() {
      stopped = true;
      await publishing;
    },
    async isDrained() {
      const { num_pending, num_ack_pending } = await manager.consumers.info(STREAM, DURABLE);
      return num_pending === 0 && num_ack_pending === 0;
    },
    close: () => connection.close(),
  };
}
