import type { WebSocket } from 'ws';
import type { Subscription } from './subscription.js';

/** One connection, and what waits in memory for it. */
export interface StreamClient {
  readonly id: string;
  readonly socket: WebSocket;
  /** By subscription id. */
  readonly subscriptions: Map<string, Subscription>;
  /** False once it is being closed: nothing more is sent to it. */
  isOpen: boolean;
  /** Heard of since the last ping. */
  isAlive: boolean;
  /** Writes that have gone out. */
  written: number;
  /** `written` when it was last looked at, and for how long it has not changed. */
  seenWritten: number;
  stalledMs: number;
  /** What of it is counted in the sum of all. */
  countedBytes: number;
}

export function createClient(id: string, socket: WebSocket): StreamClient {
  return {
    id,
    socket,
    subscriptions: new Map(),
    isOpen: true,
    isAlive: true,
    written: 0,
    seenWritten: 0,
    stalledMs: 0,
    countedBytes: 0,
  };
}

/** Whether some of its subscriptions have more to tell than it takes. */
export function isBehind(client: StreamClient): boolean {
  for (const { reader } of client.subscriptions.values()) if (reader !== null) return true;
  return false;
}
