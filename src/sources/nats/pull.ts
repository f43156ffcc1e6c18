import {
  createInbox,
  nanos,
  type Msg,
  type NatsConnection,
  type Subscription,
} from '@nats-io/transport-node';
import type { NatsSettings } from '../../ports/source.js';
import { Trouble } from './trouble.js';

/** Short: a server of 2.9 whose consumer got another filter gives new messages only to requests that come after them. */
const EXPIRES_MS = 5_000;
/** An open request is heard of at least so often. */
const HEARTBEAT_MS = 2_000;
/** So many pings of the connection without: the request is lost. */
const QUIET_PINGS = 2;

export type RequestEnd = 'done' | 'empty' | 'stuck';

/** Asks for messages, one request at a time. */
export interface Puller {
  /**
   * Asks for messages; resolves when no more come for this request. `empty`: none came. `stuck`: none came, since the next
   * one alone is larger than `maxBytes` (null = any size).
   */
  ask(most: number, maxBytes: number | null): Promise<RequestEnd>;
  /** Ends the request under way here; the server may still answer it. */
  cancel(): void;
  /** No more messages come once it resolves; those on their way do before. */
  stop(): Promise<void>;
}

/**
 * The client's own ways to pull wait for ever once a request is limited by bytes and filled by count; nor do they let go of
 * what they have received before it is taken, for which nobody could ask for more time.
 */
export function createPuller(options: {
  readonly connection: NatsConnection;
  readonly settings: NatsSettings;
  readonly next: string;
  readonly received: (message: Msg) => void;
  /** Is told of every sign that the request is known to the server. */
  readonly heard: () => void;
  readonly failed: (trouble: Trouble) => void;
}): Puller {
  const { connection, settings, received, heard, failed } = options;
  const inbox = createInbox();
  let asked: { left: number; got: number; readonly end: (how: RequestEnd) => void } | null = null;
  let quiet = 0;

  const finish = (how: RequestEnd): void => {
    const { end, got = 0 } = asked ?? {};
    asked = null;
    end?.(got > 0 ? 'done' : how);
  };
  const take = (message: Msg): void => {
    quiet = 0;
    if (message.subject !== inbox) {
      heard();
      received(message);
      if (asked === null) return;
      asked.got++;
      if (--asked.left <= 0) finish('done');
      return;
    }
    const code = message.headers?.code ?? 0;
    const words = (message.headers?.description ?? '').toLowerCase();
    const trouble = troubleOf(code, words, settings);
    if (trouble !== null) failed(trouble);
    else if (code === 100) heard();
    else if (asked !== null) {
      if (code === 408) heard();
      finish(words.includes('message size exceeds') ? 'stuck' : 'empty');
    }
  };
  const subscription: Subscription = connection.subscribe(inbox, {
    callback(error, message) {
      try {
        if (error !== null) throw error;
        take(message);
      } catch (cause) {
        // Thrown on, it would end the client's reading without a word.
        const words = cause instanceof Error ? cause.message : String(cause);
        const hint = 'the account must be allowed to subscribe to _INBOX.>';
        failed(new Trouble(`messages cannot be received: ${words}`, hint, { cause }));
      }
    },
  });
  const watch = async (): Promise<void> => {
    for await (const { type } of connection.status())
      if (type === 'ping' && asked !== null && ++quiet > QUIET_PINGS)
        failed(
          new Trouble('the server does not answer requests for messages', 'see whether it is overloaded'),
        );
  };
  void watch();
  return {
    ask(most, maxBytes) {
      return new Promise((resolve) => {
        asked = { left: most, got: 0, end: resolve };
        quiet = 0;
        const request = {
          batch: most,
          ...(maxBytes === null ? {} : { max_bytes: maxBytes }),
          expires: nanos(EXPIRES_MS),
          idle_heartbeat: nanos(HEARTBEAT_MS),
        };
        connection.publish(options.next, JSON.stringify(request), { reply: inbox });
      });
    },
    cancel: () => finish('done'),
    async stop() {
      finish('done');
      if (!connection.isClosed() && !subscription.isClosed()) await subscription.drain();
    },
  };
}

function troubleOf(code: number, words: string, { stream, durable }: NatsSettings): Trouble | null {
  if (code === 503 || (code === 409 && words.includes('deleted')))
    return new Trouble(
      `the consumer ${durable} of the stream ${stream} is gone`,
      'it is made anew as soon as the stream is there',
    );
  if (code === 400 || (code === 409 && words.includes('push')))
    return new Trouble(
      `the server refused a request for messages: ${words}`,
      `see the consumer ${durable}: nats consumer info ${stream} ${durable}`,
    );
  return null;
}
