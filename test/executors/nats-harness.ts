import { connect, type Msg } from '@nats-io/transport-node';

/** Somebody who hears what is published. */
export interface Heard {
  readonly messages: Msg[];
  close(): Promise<void>;
}

export async function listenTo(servers: string, subject: string): Promise<Heard> {
  const connection = await connect({ servers, reconnect: false });
  const messages: Msg[] = [];
  connection.subscribe(subject, { callback: (_error, message) => void messages.push(message) });
  // Whoever publishes from now on is heard.
  await connection.flush();
  return { messages, close: () => connection.close() };
}
