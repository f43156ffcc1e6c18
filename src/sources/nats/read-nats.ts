import type { NatsConnection } from '@nats-io/transport-node';
import { Fault, type FaultCode } from '../../kernel/fault.js';
import type { Intake } from '../../ports/source.js';
import { wait } from '../../ports/wait.js';
import { connectToStream } from './connect.js';
import { ensureConsumer } from './consumer.js';
import { readMessages } from './read-messages.js';
import type { Reading } from './reading.js';
import { createTroubleTeller, Trouble } from './trouble.js';

/**
 * Reads a stream until the signal aborts or the intake is closed. Whatever is wrong with the server, the stream or the login
 * is told, and tried again after a pause that grows; everything is set up anew then. Throws what the intake throws when it
 * can take no event any more.
 */
export async function readNats(given: Reading): Promise<void> {
  const { times, source, host, signal } = given;
  const watched = watchedIntake(given.intake);
  const reading = { ...given, intake: watched.intake };
  const teller = createTroubleTeller(host, source);
  let pauseMs = times.retryMs;
  const alive = (): void => {
    pauseMs = times.retryMs;
    teller.over();
  };
  while (!signal.aborted) {
    const trouble = await readOnce(reading, alive);
    watched.throwFailure();
    if (trouble === null || signal.aborted) return;
    teller.tell(trouble);
    await wait(host.clock, pauseMs, signal);
    pauseMs = Math.min(times.retryMaxMs, pauseMs * 2);
  }
}

/** Reads over one connection. Null when the intake is closed or the signal aborted, else what came in between. */
async function readOnce(reading: Reading, alive: () => void): Promise<Trouble | null> {
  const { signal } = reading;
  let connection: NatsConnection | null = null;
  // What is asked of the server before the first message is not waited for.
  const leave = (): void => void connection?.close();
  signal.addEventListener('abort', leave, { once: true });
  try {
    connection = await connectToStream(reading);
    const consumer = await ensureConsumer(connection, reading);
    signal.removeEventListener('abort', leave);
    return await readMessages(connection, consumer, reading, alive);
  } catch (error) {
    if (error instanceof Trouble) return error;
    // Whatever the client throws is over with its connection.
    const words = error instanceof Error ? error.message : String(error);
    return new Trouble(`the client failed: ${words}`, 'see whether the server runs', { cause: error });
  } finally {
    signal.removeEventListener('abort', leave);
    await connection?.close();
  }
}

/** Keeps what is no answer about one event but the end of all: it must not pass for trouble with the server. */
function watchedIntake(intake: Intake): { readonly intake: Intake; throwFailure(): void } {
  let failure: { readonly error: unknown } | null = null;
  return {
    intake: {
      async json(text, beside) {
        try {
          await intake.json(text, beside);
        } catch (error) {
          if (!(error instanceof Fault) || !ANSWERS.includes(error.code)) failure ??= { error };
          throw error;
        }
      },
    },
    throwFailure() {
      if (failure !== null) throw failure.error;
    },
  };
}

const ANSWERS: readonly FaultCode[] = ['event-invalid', 'overloaded', 'store-full', 'intake-closed'];
