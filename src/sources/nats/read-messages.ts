import { deadline, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { createPump, MAX_HANDED } from '../pump.js';
import { wait } from '../../ports/wait.js';
import type { StreamConsumer } from './consumer.js';
import { readMessage, type StreamMessage } from './message.js';
import { createPuller } from './pull.js';
import type { Reading } from './reading.js';
import { Trouble } from './trouble.js';

/** Messages of one request, and their bytes. */
const BATCH = 128;
const BATCH_BYTES = 8 * 1024 * 1024;
/** How long the server may take to hear the last acknowledgements. */
const GOODBYE_MS = 1_500;
/** The server looks for messages whose time is over a little later than it is. */
const LATE_MS = 500;
/** A request that brings nothing and is over at once is not repeated at once. */
const EMPTY_PAUSE_MS = 250;

/**
 * Reads until the connection or the consumer is lost, which is returned; null when the intake is closed or the signal
 * aborted. What was handed over is answered then, and its acknowledgements are sent.
 */
export async function readMessages(
  connection: NatsConnection,
  consumer: StreamConsumer,
  reading: Reading,
  alive: () => void,
): Promise<Trouble | null> {
  const { settings, times, source, intake, host, signal } = reading;
  const ending = new AbortController();
  let trouble: Trouble | null = null;
  const end = (): void => {
    ending.abort();
    puller.cancel();
  };
  const fail = (why: Trouble): void => {
    if (!ending.signal.aborted) trouble = why;
    end();
  };
  /** Delivered and not answered, in the order of their delivery. */
  const held = new Set<StreamMessage>();
  let heldBytes = 0;
  let refused = 0;
  const hold = (message: StreamMessage): void => {
    held.add(message);
    heldBytes += message.sizeBytes;
  };
  const release = (message: StreamMessage): void => {
    held.delete(message);
    heldBytes -= message.sizeBytes;
  };
  const reject = ({ subject, sequence }: StreamMessage, problem: string, hint: string | null): void => {
    refused++;
    host.log.warn('a message is no event, and is terminated', {
      source,
      subject,
      sequence,
      problem,
      hint,
      refused,
    });
  };
  const pump = createPump<StreamMessage>({
    intake,
    host,
    signal: ending.signal,
    source,
    over: end,
    answered(message, invalid) {
      release(message);
      if (invalid !== null) reject(message, invalid.message, invalid.hint);
      message.answer(invalid === null ? '+ACK' : '+TERM');
    },
  });
  let handing: Promise<unknown> = Promise.resolve();
  // One after another. What is thrown here, the pump throws again to whoever waits for it.
  const hand = (message: StreamMessage): void => {
    handing = handing.then(() => pump.add(message)).catch(end);
  };
  /** While what was under way comes again: the server gives it as its times ran out, and it is handed over in its order. */
  let again: StreamMessage[] | null = null;
  const received = (raw: Msg): void => {
    const message = readMessage(raw, settings.stream);
    // Left unacknowledged, as all that is not taken: given back, they would come again in another order.
    if (message === null || ending.signal.aborted) return;
    if (!consumer.wants(message.subject)) {
      message.answer('+ACK');
    } else if (message.problem !== null) {
      reject(message, message.problem, null);
      message.answer('+TERM');
    } else {
      hold(message);
      if (again === null) hand(message);
      else again.push(message);
    }
  };
  const puller = createPuller({
    connection,
    settings,
    next: consumer.next,
    received,
    heard: alive,
    failed: fail,
  });
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  void connection
    .closed()
    .then(() => fail(new Trouble('the connection to the server was lost', 'see whether it runs')));
  const stopProlonging = prolong(held, Math.round(times.ackWaitMs / 3), reading);
  const hasRoom = (): boolean => held.size <= MAX_HANDED && heldBytes < BATCH_BYTES;
  try {
    if (consumer.pending > 0) {
      // Those that were under way when a connection or a daemon ended come first: in the order of the stream.
      host.log.info('a stream waits for messages that were under way', {
        source,
        messages: consumer.pending,
      });
      await wait(host.clock, times.ackWaitMs + LATE_MS, ending.signal);
      again = [];
      for (let left = consumer.pending; left > 0 && heldBytes < BATCH_BYTES && !ending.signal.aborted; ) {
        const before = again.length;
        if ((await puller.ask(Math.min(left, BATCH), null)) !== 'done') break;
        left -= Math.max(1, again.length - before);
      }
      for (const message of again.toSorted((a, b) => a.sequence - b.sequence)) hand(message);
      again = null;
    }
    let most = BATCH;
    while (await pump.until(hasRoom)) {
      const askedAt = host.clock.now();
      const end = await puller.ask(most, most === 1 ? null : BATCH_BYTES);
      most = end === 'stuck' ? 1 : BATCH;
      if (end === 'empty' && host.clock.now() - askedAt < EMPTY_PAUSE_MS)
        await wait(host.clock, EMPTY_PAUSE_MS, ending.signal);
    }
  } finally {
    end();
    signal.removeEventListener('abort', end);
    stopProlonging();
    await within(puller.stop());
    await handing;
    try {
      await pump.drain();
    } finally {
      if (!connection.isClosed()) await within(connection.flush());
    }
  }
  return pump.closed || signal.aborted ? null : trouble;
}

/** Asks for more time for what is held, so that it is not delivered again; returns how to stop. */
function prolong(held: ReadonlySet<StreamMessage>, everyMs: number, { host }: Reading): () => void {
  let cancel = (): void => undefined;
  const again = (): void => {
    cancel = host.clock.after(everyMs, () => {
      // All of them, the oldest first: so they run out in the order in which they are to come again.
      for (const message of held) message.answer('+WPI');
      again();
    });
  };
  again();
  return () => cancel();
}

/** What the server does not answer in time is left: it was lost anyway. */
async function within(promise: Promise<unknown>): Promise<void> {
  await deadline(promise, GOODBYE_MS).catch(() => undefined);
}
