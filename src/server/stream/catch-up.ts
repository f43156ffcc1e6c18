import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Daemon } from '../../engine/daemon.js';
import type { Log } from '../../kernel/log.js';
import { isBehind, type StreamClient, type Subscription } from './client.js';
import { compareCursors, type Cursor } from './cursor.js';
import { createLookup, launchItem, type StreamItem } from './item.js';
import { createJournalReader } from './journal-reader.js';

/** Reads the journal for subscriptions that are behind, each at the pace of its client. */
export interface CatchUp {
  /** There may be room for a client. */
  start(client: StreamClient): void;
  /** It has gone. */
  forget(client: StreamClient): void;
}

export interface CatchUpWorld {
  readonly daemon: Daemon;
  readonly log: Log;
  /** False when there is no room for it. */
  give(subscription: Subscription, item: StreamItem): boolean;
  drop(client: StreamClient, reason: string): void;
  /** How far the journal has been told of. */
  reached(): Cursor;
}

/** Read for one subscription before another gets its turn, and how long reading goes on before sockets get theirs. */
const STEP_ITEMS = 50;
const TURN_MS = 5;

export function createCatchUp({ daemon, log, give, drop, reached }: CatchUpWorld): CatchUp {
  const reading = new Set<StreamClient>();
  let isReading = false;

  const start = (client: StreamClient): void => {
    if (!client.isOpen || !isBehind(client)) return;
    reading.add(client);
    if (isReading) return;
    isReading = true;
    readOn().catch((error: unknown) => {
      isReading = false;
      log.error('the journal could not be read for the stream', {
        reason: error instanceof Error ? error.message : String(error),
      });
      for (const waiting of reading) drop(waiting, 'error');
    });
  };

  /** Reads for whoever has room, in turns. */
  const readOn = async (): Promise<void> => {
    while (reading.size > 0) {
      await nextTurn();
      const begun = performance.now();
      for (const client of [...reading]) {
        reading.delete(client);
        if (readSome(client)) reading.add(client);
        if (performance.now() - begun > TURN_MS) break;
      }
    }
    isReading = false;
  };

  /** True when there is more to read now. */
  const readSome = (client: StreamClient): boolean => {
    for (const subscription of [...client.subscriptions.values()]) {
      if (subscription.reader === null) continue;
      for (let read = 0; read < STEP_ITEMS && subscription.reader !== null; read++) {
        const item = subscription.pending ?? subscription.reader.next();
        subscription.pending = null;
        if (item === 'wait') break;
        if (item === null) {
          if (!arrive(subscription)) return false;
        } else if (!subscription.shape.wants(item)) {
          if (item.cursor !== null) subscription.cursor = item.cursor;
        } else if (!give(subscription, item)) {
          subscription.pending = item;
          return false;
        }
      }
    }
    return client.isOpen && isBehind(client);
  };

  /**
   * At the end of its journal: looks whether anything came meanwhile, and if not, lets it have what happens as it happens.
   * All of that in one go, so that nothing falls between. False when there was no room.
   */
  const arrive = (subscription: Subscription): boolean => {
    const { shape } = subscription;
    const reader = createJournalReader(daemon, shape, subscription.cursor, null);
    const item = reader.next();
    subscription.reader = reader;
    if (item !== null) {
      if (item !== 'wait') subscription.pending = item;
      return true;
    }
    const lookUp = createLookup([], daemon);
    for (const id of subscription.changed) {
      const launch = daemon.launch(id);
      if (launch !== null && !give(subscription, launchItem(launch, lookUp))) return false;
      subscription.changed.delete(id);
    }
    const last = reached();
    if (compareCursors(subscription.cursor, last) < 0) subscription.cursor = last;
    subscription.reader = null;
    shape.behind.delete(subscription);
    shape.live.add(subscription);
    return true;
  };

  return {
    start,
    forget: (client) => void reading.delete(client),
  };
}
