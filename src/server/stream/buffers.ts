import type { StreamClient } from './client.js';
import type { StreamLimits } from './limits.js';

/** Bounds what waits in memory for clients that read too slowly: for each of them, and for all together. */
export interface Buffers {
  readonly totalBytes: number;
  /** Sends a message unless there is no room for it. */
  send(client: StreamClient, message: Buffer): boolean;
  /** The connection is gone, and what waited for it. */
  forget(client: StreamClient): void;
}

/** `written`: more has gone out to a client. `full`: so much waits for all that some clients must go. */
export function createBuffers(
  limits: Pick<StreamLimits, 'clientBytes' | 'totalBytes'>,
  written: (client: StreamClient) => void,
  full: (wantedBytes: number) => void,
): Buffers {
  let totalBytes = 0;
  const count = (client: StreamClient, bytes: number): void => {
    totalBytes += bytes - client.countedBytes;
    client.countedBytes = bytes;
  };
  return {
    get totalBytes() {
      return totalBytes;
    },
    send(client, message) {
      const { socket } = client;
      const waiting = socket.bufferedAmount;
      // A message that is larger than the bound is sent alone: otherwise it never could be.
      if (waiting > 0 && waiting + message.length > limits.clientBytes) return false;
      if (totalBytes + message.length > limits.totalBytes) {
        full(message.length);
        if (!client.isOpen || totalBytes + message.length > limits.totalBytes) return false;
      }
      socket.send(message, { binary: false }, () => {
        client.written++;
        // Gone clients are counted no more.
        if (client.countedBytes > 0) count(client, socket.bufferedAmount);
        written(client);
      });
      count(client, socket.bufferedAmount);
      return true;
    },
    forget(client) {
      count(client, 0);
    },
  };
}
