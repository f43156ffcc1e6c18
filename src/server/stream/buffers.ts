import type { StreamClient } from './client.js';
import type { StreamLimits } from './limits.js';

/** Pings to what may be unconfirmed, so that it is known early who reads. */
const PINGS = 16;
/** Who has more of it unconfirmed is not known to keep up. */
const KEEPS_UP = 1 / 8;

/** Bounds what waits in memory for clients that read too slowly: for each of them, and for all together. */
export interface Buffers {
  readonly totalBytes: number;
  /** Sends a message unless there is no room for it. An answer does not wait until those before it are known to be read. */
  send(client: StreamClient, message: Buffer, isAnswer?: boolean): boolean;
  /** Whether a client is known to have read nearly all that was sent. */
  keepsUp(client: StreamClient): boolean;
  /** Asks a client to say that it is there, and has read what was sent until now. */
  ping(client: StreamClient): void;
  /** Its answer to a ping. */
  pong(client: StreamClient, payload: Buffer): void;
  /** The connection is gone, and what waited for it. */
  forget(client: StreamClient): void;
}

/** `written`: more has gone out to a client, or it has read more. `full`: so much waits for all that some clients must go. */
export function createBuffers(
  limits: Pick<StreamLimits, 'clientBytes' | 'totalBytes' | 'unconfirmedBytes'>,
  written: (client: StreamClient) => void,
  full: (wantedBytes: number) => void,
): Buffers {
  let totalBytes = 0;
  const count = (client: StreamClient, bytes: number): void => {
    totalBytes += bytes - client.countedBytes;
    client.countedBytes = bytes;
  };
  const ping = (client: StreamClient): void => {
    client.pingedBytes = client.sentBytes;
    client.socket.ping(String(client.sentBytes));
  };
  return {
    get totalBytes() {
      return totalBytes;
    },
    send(client, message, isAnswer = false) {
      const { socket } = client;
      const waiting = socket.bufferedAmount;
      // A message that is larger than the bound is sent alone: otherwise it never could be.
      if (waiting > 0 && waiting + message.length > limits.clientBytes) return false;
      const unread = client.sentBytes - client.readBytes;
      if (!isAnswer && unread > 0 && unread + message.length > limits.unconfirmedBytes) {
        if (client.pingedBytes < client.sentBytes) ping(client);
        return false;
      }
      if (totalBytes + message.length > limits.totalBytes) {
        full(message.length);
        if (!client.isOpen || totalBytes + message.length > limits.totalBytes) return false;
      }
      socket.send(message, { binary: false }, () => {
        // Gone clients are counted no more.
        if (client.countedBytes > 0) count(client, socket.bufferedAmount);
        written(client);
      });
      client.sentBytes += message.length;
      if (client.sentBytes - client.pingedBytes > limits.unconfirmedBytes / PINGS) ping(client);
      count(client, socket.bufferedAmount);
      return true;
    },
    keepsUp: ({ sentBytes, readBytes }) => sentBytes - readBytes < limits.unconfirmedBytes * KEEPS_UP,
    ping,
    pong(client, payload) {
      const bytes = Number(payload.toString('latin1'));
      // Whatever else it says, it has read no more than was sent, and no less than before.
      if (bytes > client.readBytes && bytes <= client.pingedBytes) client.readBytes = bytes;
      written(client);
    },
    forget(client) {
      count(client, 0);
    },
  };
}
