import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { JsonObject } from '../../kernel/json.js';
import { Refusal } from '../refusal.js';
import { untilAborted } from '../request/until-aborted.js';
import type { Message } from './message.js';

/** How long a stream may take to acknowledge. */
const ACK_MS = 10_000;

/**
 * Publishes, and waits until a stream has the message (`byStream`), or the server has it. Resolves to what is known of it
 * then. Rejects with the client's error, with a Refusal for what will never be taken, or with an Interrupted.
 */
export async function publish(
  connection: NatsConnection,
  message: Message,
  byStream: boolean,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { subject, data, headers, sizeBytes } = message;
  const most = connection.info?.max_payload ?? Infinity;
  if (sizeBytes > most)
    throw new Refusal(`the message has ${sizeBytes} bytes with its headers, and the server takes ${most}`);
  const complaint = complaintOf(connection);
  if (byStream) {
    // Without the check that looks for the account's JetStream, which needs a right of its own.
    const acknowledged = jetstream(connection).publish(subject, data, { headers, timeout: ACK_MS });
    const { stream, seq, duplicate } = await untilAborted(Promise.race([acknowledged, complaint]), signal);
    return { subject, stream, seq, duplicate };
  }
  connection.publish(subject, data, { headers });
  // What the server has against a message it says before it answers the ping behind it; the second one gives that time to
  // be heard.
  const flushed = connection.flush().then(() => connection.flush());
  const closed = connection.closed().then((cause) => {
    throw cause instanceof Error ? cause : new Error('the connection was closed');
  });
  await untilAborted(Promise.race([flushed, complaint, closed]), signal);
  return { subject };
}

/** Rejects with what the server complains of, such as rights that are missing; pending for ever otherwise. */
function complaintOf(connection: NatsConnection): Promise<never> {
  const complaint = new Promise<never>((_resolve, reject) => {
    void (async () => {
      for await (const status of connection.status()) if (status.type === 'error') reject(status.error);
    })();
  });
  complaint.catch(() => undefined);
  return complaint;
}
