import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, headers, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';
import { systemClock } from '../../src/app/clock.js';
import type { Clock } from '../../src/ports/clock.js';
import type { NatsSettings } from '../../src/ports/source.js';
import { natsSource } from '../../src/sources/nats.js';
import type { NatsTimes } from '../../src/sources/nats/times.js';
import { createHostAt, type createIntake } from './harness.js';

/** Times in which a test does not wait long. */
export const SHORT_TIMES: NatsTimes = { ackWaitMs: 400, answerMs: 2_000, retryMs: 20, retryMaxMs: 50 };

export const settingsOf = (url: string, changes: Partial<NatsSettings> = {}): NatsSettings => ({
  servers: [url],
  stream: 'ORDERS',
  subjects: [],
  durable: 'triggerd',
  user: null,
  password: null,
  token: null,
  credentials: null,
  ...changes,
});

/** A daemon's life: reads the stream until it is stopped. */
export function begin(
  settings: NatsSettings,
  { intake }: Pick<ReturnType<typeof createIntake>, 'intake'>,
  { clock = systemClock, times = SHORT_TIMES }: { readonly clock?: Clock; readonly times?: NatsTimes } = {},
) {
  const world = createHostAt(clock);
  const stopping = new AbortController();
  const ended = natsSource(settings, times).create(world.host).run(intake, stopping.signal);
  ended.catch(() => undefined);
  return {
    ...world,
    ended,
    async stop(): Promise<void> {
      stopping.abort();
      await ended;
    },
  };
}

/** Somebody who publishes. */
export interface Publisher {
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
  publish(
    subject: string,
    data: string | Uint8Array,
    names?: Readonly<Record<string, string>>,
  ): Promise<void>;
  /** Messages `{"n":from}` to `{"n":to - 1}`. */
  numbers(from: number, to: number, subject?: string): Promise<void>;
  /** What the server knows of the consumer. */
  standing(
    stream?: string,
    durable?: string,
  ): Promise<{ readonly unacknowledged: number; readonly undelivered: number }>;
}

export async function createPublisher(servers: string, login: ConnectionOptions = {}): Promise<Publisher> {
  const connection = await connect({ servers, ...login, reconnect: false });
  const manager = await jetstreamManager(connection);
  const client = jetstream(connection);
  const publish: Publisher['publish'] = async (subject, data, names = {}) => {
    const all = headers();
    for (const [name, value] of Object.entries(names)) all.append(name, value);
    await client.publish(subject, data, { headers: all });
  };
  return {
    connection,
    manager,
    publish,
    async numbers(from, to, subject = 'orders.paid') {
      const all = Array.from({ length: to - from }, (_, i) => publish(subject, `{"n":${from + i}}`));
      await Promise.all(all);
    },
    async standing(stream = 'ORDERS', durable = 'triggerd') {
      const { num_ack_pending, num_pending } = await manager.consumers.info(stream, durable);
      return { unacknowledged: num_ack_pending, undelivered: num_pending };
    },
  };
}
