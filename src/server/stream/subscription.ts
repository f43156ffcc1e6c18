import type { StreamClient } from './client.js';
import { type Cursor, compareCursors } from './cursor.js';
import { itemHead, type StreamItem } from './item.js';
import type { JournalReader } from './journal-reader.js';
import type { StreamKind } from './message.js';
import type { Shape } from './shape.js';

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
