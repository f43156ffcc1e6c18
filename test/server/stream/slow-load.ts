import { connectRaw, type RawClient } from './raw-client.js';

export interface SlowLoad {
  readonly port: number;
  readonly slow: number;
  readonly healthy: number;
  /** Of the events that all of them get. */
  readonly payloadBytes: number;
  /** With each of those one more, for those that do not read; 0 = none. */
  readonly bulkBytes: number;
  /** How long to wait between two events. */
  readonly everyMs: number;
  /** Gives up after this. */
  readonly limitMs: number;
  /** Hands in one event; resolves when it is taken. */
  emit(event: { readonly event_type: string; readonly payload: object }): Promise<void>;
}

export interface SlowOutcome {
  /** From the first event until every slow client was dropped; null when some were not. */
  readonly droppedAfterMs: number | null;
  readonly dropped: number;
  /** The most that ever waited in memory for all clients together. */
  readonly bufferedBytes: number;
  readonly events: number;
  /** Events that a healthy client did not get, had twice, or had out of order. */
  readonly wrong: number;
  /** From handing in to arriving at a healthy client. */
  readonly latenciesMs: readonly number[];
}

/** Clients that subscribe to everything and never read, beside some that do. */
export async function runSlowLoad(load: SlowLoad): Promise<SlowOutcome> {
  const subscribe = async (count: number, types: readonly string[]): Promise<RawClient[]> => {
    const clients: RawClient[] = [];
    while (clients.length < count) {
      const some = Math.min(50, count - clients.length);
      clients.push(
        ...(await Promise.all(
          Array.from({ length: some }, async () => {
            const client = await connectRaw(load.port);
            client.send({ type: 'subscribe', event_types: types });
            await client.next('subscription_created');
            return client;
          }),
        )),
      );
    }
    return clients;
  };
  const slow = await subscribe(load.slow, ['load', 'bulk']);
  for (const { socket } of slow) socket.pause();
  const healthy = await subscribe(load.healthy, ['load']);
  const watcher = await connectRaw(load.port);

  const sentAt: number[] = [];
  const latenciesMs: number[] = [];
  let wrong = 0;
  const reading = healthy.map(async (client) => {
    for (let wanted = 0; ; wanted++) {
      const message = await client.next('event').catch(() => null);
      if (message === null) return wanted;
      const { number } = message.event.payload;
      if (number !== wanted) wrong++;
      latenciesMs.push(performance.now() - (sentAt[number] ?? Number.NaN));
    }
  });
  let bufferedBytes = 0;
  let dropped = 0;
  const look = async (): Promise<void> => {
    watcher.send({ type: 'get_stats' });
    const { stats } = await watcher.next('stats');
    bufferedBytes = Math.max(bufferedBytes, stats.buffered_bytes);
    ({ dropped } = stats);
  };
  const text = 'x'.repeat(load.payloadBytes);
  const bulk = 'x'.repeat(load.bulkBytes);
  const began = performance.now();
  while (dropped < load.slow && performance.now() - began < load.limitMs) {
    const number = sentAt.length;
    sentAt.push(performance.now());
    await load.emit({ event_type: 'load', payload: { number, text } });
    if (load.bulkBytes > 0) await load.emit({ event_type: 'bulk', payload: { bulk } });
    await look();
    await new Promise((resolve) => setTimeout(resolve, load.everyMs));
  }
  const droppedAfterMs = dropped >= load.slow ? performance.now() - began : null;
  const events = sentAt.length;
  while (latenciesMs.length < events * load.healthy && performance.now() - began < 2 * load.limitMs)
    await look();
  for (const client of [...slow, ...healthy, watcher]) client.destroy();
  for (const count of await Promise.all(reading)) wrong += Math.abs(events - count);
  return { droppedAfterMs, dropped, bufferedBytes, events, wrong, latenciesMs };
}
