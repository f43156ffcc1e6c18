import type { WebSocket } from 'ws';
import { type Cursor, compareCursors } from './cursor.js';
import { itemHead, type StreamItem } from './item.js';
import type { JournalReader } from './journal-reader.js';
import type { StreamKind } from './stream-kinds.js';
import type { Selection } from './selection.js';

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
  /** What was sent to it, what of that a ping was sent behind, and what of that it has answered for: it has read so much. */
  sentBytes: number;
  pingedBytes: number;
  readBytes: number;
  /** `readBytes` when it was last looked at, and for how long it has not changed. */
  seenReadBytes: number;
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
    sentBytes: 0,
    pingedBytes: 0,
    readBytes: 0,
    seenReadBytes: 0,
    stalledMs: 0,
    countedBytes: 0,
  };
}

/** Whether some of its subscriptions have more to tell than it takes. */
export function isBehind(client: StreamClient): boolean {
  for (const { reader } of client.subscriptions.values()) if (reader !== null) return true;
  return false;
}

/** All subscriptions with one selection. */
export interface Shape extends Selection {
  /** Those that get what happens as it happens. */
  readonly live: Set<Subscription>;
  /** Those that read the journal. */
  readonly behind: Set<Subscription>;
}

export function createShape(selection: Selection): Shape {
  return { ...selection, live: new Set(), behind: new Set() };
}

/** What one client gets of one selection, and how far it has come. */
export interface Subscription {
  readonly id: string;
  readonly client: StreamClient;
  readonly shape: Shape;
  /** Beginnings of its messages. */
  readonly heads: Readonly<Record<StreamKind, Buffer>>;
  /** As the client named them, for statistics. */
  readonly eventTypes: readonly string[];
  /** Everything up to here was sent, or not wanted. */
  cursor: Cursor;
  /** Reads the journal until it has caught up; null = it gets what happens as it happens. */
  reader: JournalReader | null;
  /** Read, and not sent yet for want of room. */
  pending: StreamItem | null;
  /** Launches that changed while it read. */
  readonly changed: Set<string>;
}

export function createSubscription(
  id: string,
  client: StreamClient,
  shape: Shape,
  eventTypes: readonly string[],
  cursor: Cursor,
): Subscription {
  return {
    id,
    client,
    shape,
    eventTypes,
    heads: {
      event: itemHead('event', id),
      decision: itemHead('decision', id),
      launch: itemHead('launch', id),
    },
    cursor,
    reader: null,
    pending: null,
    changed: new Set(),
  };
}

/** From where all the subscriptions of a client can be resumed; `end` is where those stand that have caught up. */
export function resumeCursor(client: StreamClient, end: Cursor): Cursor {
  let least = end;
  for (const { reader, cursor } of client.subscriptions.values()) {
    if (reader !== null && compareCursors(cursor, least) < 0) least = cursor;
  }
  return least;
}
