import type { WebSocket } from 'ws';
import type { Daemon, Happening } from '../../engine/daemon.js';
import { formatTime } from '../../kernel/time.js';
import type { HttpHost } from '../http-options.js';
import { createBuffers } from './buffers.js';
import { createCatchUp } from './catch-up.js';
import {
  createClient,
  createShape,
  createSubscription,
  isBehind,
  resumeCursor,
  type Shape,
  type StreamClient,
  type Subscription,
} from './client.js';
import { CLOSE_CODES, closeReason } from './close-codes.js';
import { compareCursors, type Cursor, writeCursor } from './cursor.js';
import { itemsOf, type StreamItem } from './item.js';
import { createJournalReader, journalEnd, missingBehind } from './journal-reader.js';
import type { StreamLimits } from './limits.js';
import { type MessageProblem, readMessage, type SubscribeRequest } from './message.js';
import { createSelection, selectionKey } from './selection.js';
import { CAPABILITIES, EXTENSIONS, type StreamErrorCode } from './server-messages.js';

/** Figures of the stream; the first four as the Nexus event reference names them. */
export interface StreamStats {
  readonly active_streams: number;
  readonly total_subscriptions: number;
  readonly connected_clients: number;
  readonly subscriptions_by_type: Readonly<Record<string, number>>;
  /** Clients that were dropped since the start: too slow, or gone without a word. */
  readonly dropped: number;
  /** Messages about events, decisions and launches that were sent since the start. */
  readonly sent: number;
  readonly buffered_bytes: number;
}

/** Tells clients what happens, as each of them wishes. */
export interface EventStream {
  readonly isFull: boolean;
  /** Takes a connection whose handshake is done. */
  connect(socket: WebSocket): void;
  /** Sends one message to every client. */
  broadcast(message: object): void;
  stats(): StreamStats;
  /** Tells every client from where to resume, and resolves when all are gone. */
  close(): Promise<void>;
}

const SWEEP_MS = 1_000;

/** The stream over a daemon. It listens to the daemon while there are clients. */
export function createEventStream(daemon: Daemon, host: HttpHost, limits: StreamLimits): EventStream {
  const { clock, meter, newId } = host;
  const clients = new Set<StreamClient>();
  const shapes = new Map<string, Shape>();
  let last: Cursor = { position: 0, decisions: 0 };
  let stopListening: (() => void) | null = null;
  let stopTimers: (() => void) | null = null;
  let whenEmpty: (() => void) | null = null;
  let isClosing = false;
  let droppedCount = 0;
  let sent = 0;
  const dropped = meter.counter('websocket_dropped_total', 'Stream clients that were dropped.', ['reason']);
  meter.watch('websocket_clients', 'Clients of the stream.', () => clients.size);
  meter.watch('websocket_buffered_bytes', 'Bytes that wait for slow clients of the stream.', () => {
    return buffers.totalBytes;
  });

  const buffers = createBuffers(
    limits,
    (client) => {
      if (client.socket.bufferedAmount <= limits.clientBytes / 2) catchUp.start(client);
    },
    (wantedBytes) => {
      // Those with the most go first, unsaid: a close frame would wait behind what they do not read.
      const target = limits.totalBytes * 0.75 - wantedBytes;
      const byBytes = [...clients].sort((a, b) => b.countedBytes - a.countedBytes);
      for (const client of byBytes) {
        if (buffers.totalBytes <= target || client.countedBytes === 0) break;
        if (client.isOpen) countDropped('memory');
        leave(client);
        client.socket.terminate();
        buffers.forget(client);
      }
    },
  );

  const countDropped = (reason: string): void => {
    droppedCount++;
    dropped.add(1, { reason });
  };

  /** Nothing more is sent to it. */
  const leave = (client: StreamClient): void => {
    client.isOpen = false;
    catchUp.forget(client);
    for (const subscription of client.subscriptions.values()) detach(subscription);
    client.subscriptions.clear();
  };

  const detach = ({ shape, ...subscription }: Subscription): void => {
    const { client, id } = subscription;
    const own = client.subscriptions.get(id);
    if (own === undefined) return;
    shape.live.delete(own);
    shape.behind.delete(own);
    if (shape.live.size + shape.behind.size === 0) shapes.delete(shape.key);
  };

  const drop = (client: StreamClient, reason: string): void => {
    if (!client.isOpen) return;
    const resume = writeCursor(resumeCursor(client, last));
    countDropped(reason);
    leave(client);
    client.socket.close(CLOSE_CODES.slow.code, closeReason('slow', resume));
  };

  const reply = (client: StreamClient, message: object): void => {
    if (!client.isOpen) return;
    if (!buffers.send(client, Buffer.from(JSON.stringify(message)), true)) drop(client, 'slow');
  };

  const refuse = (client: StreamClient, { problem, hint, about }: MessageProblem): void => {
    reply(client, {
      type: 'error',
      message: problem,
      ...(hint === null ? {} : { hint }),
      ...(about === null ? {} : { in_reply_to: about }),
    });
  };

  /** False when there is no room for it. */
  const give = (subscription: Subscription, item: StreamItem): boolean => {
    const message = Buffer.concat([subscription.heads[item.kind], item.rest()]);
    if (!buffers.send(subscription.client, message)) return false;
    sent++;
    if (item.cursor !== null) subscription.cursor = item.cursor;
    return true;
  };

  /** From now on it reads the journal at the pace of its client. */
  const fallBehind = (subscription: Subscription): void => {
    const { shape, client } = subscription;
    if (compareCursors(subscription.cursor, last) < 0) subscription.cursor = last;
    subscription.reader = createJournalReader(daemon, shape, subscription.cursor, null);
    shape.live.delete(subscription);
    shape.behind.add(subscription);
    if (client.socket.bufferedAmount === 0) catchUp.start(client);
  };

  const catchUp = createCatchUp({ daemon, log: host.log, give, drop, reached: () => last });

  const tell = (happenings: readonly Happening[]): void => {
    for (const item of itemsOf(happenings, last, daemon)) {
      // Those that read what they get come first: nobody who reads waits for those who may not.
      const others: Subscription[] = [];
      for (const shape of shapes.values()) {
        if (shape.live.size === 0 && item.kind !== 'launch') continue;
        if (!shape.wants(item)) continue;
        for (const subscription of shape.live) {
          if (buffers.keepsUp(subscription.client)) pass(subscription, item);
          else others.push(subscription);
        }
        if (item.launchId !== null) for (const one of shape.behind) remember(one, item.launchId);
      }
      for (const subscription of others) {
        if (subscription.client.isOpen) pass(subscription, item);
      }
      if (item.cursor !== null) last = item.cursor;
    }
  };

  /** Gives what has just happened to one that gets it as it happens. */
  const pass = (subscription: Subscription, item: StreamItem): void => {
    // What it had from the journal a moment ago is told now.
    if (item.cursor !== null && compareCursors(item.cursor, subscription.cursor) <= 0) return;
    if (give(subscription, item) || !subscription.client.isOpen) return;
    fallBehind(subscription);
    if (item.launchId !== null) remember(subscription, item.launchId);
  };

  const remember = (subscription: Subscription, launchId: string): void => {
    subscription.changed.add(launchId);
    if (subscription.changed.size > limits.maxChangedLaunches) drop(subscription.client, 'slow');
  };

  const subscribe = (client: StreamClient, request: SubscribeRequest): void => {
    const about = 'subscribe';
    if (client.subscriptions.size >= limits.maxSubscriptions) {
      const problem = `a client has at most ${limits.maxSubscriptions} subscriptions`;
      refuse(client, { problem, hint: 'unsubscribe one, or connect again', about });
      return;
    }
    const key = selectionKey(request);
    let shape = shapes.get(key);
    if (shape === undefined) {
      const selection = createSelection(request, key);
      if ('problems' in selection) {
        const [first] = selection.problems;
        refuse(client, { problem: first?.message ?? '', hint: first?.hint ?? null, about });
        return;
      }
      shape = createShape(selection);
    }
    const from = request.from === 'now' ? last : request.from;
    if (from.position > last.position) {
      const problem = `there is no position ${from.position} yet: the journal ends at ${last.position}`;
      reply(client, {
        type: 'error',
        message: problem,
        hint: 'this may be another journal; begin with "beginning" or "now"',
        in_reply_to: about,
        code: 'position-unknown' satisfies StreamErrorCode,
      });
      return;
    }
    const id = `sub_${newId()}`;
    const subscription = createSubscription(id, client, shape, request.event_types, from);
    client.subscriptions.set(id, subscription);
    shapes.set(key, shape);
    reply(client, {
      type: 'subscription_created',
      subscription_id: id,
      event_types: request.event_types,
      filters: request.filters,
      session_id: request.session_id,
      kinds: request.kinds,
      from: writeCursor(from),
    });
    if (!client.isOpen) return;
    if (request.from === 'now') {
      shape.live.add(subscription);
      return;
    }
    const missing = from.position === 0 ? null : missingBehind(daemon, from.position, last.position);
    if (missing !== null) {
      reply(client, {
        type: 'error',
        message: `the events ${missing.from} to ${missing.to} are no longer kept`,
        subscription_id: id,
        code: 'events-gone' satisfies StreamErrorCode,
        missing,
      });
      if (!client.isOpen) return;
    }
    subscription.reader = createJournalReader(daemon, shape, from, last.position);
    shape.behind.add(subscription);
    catchUp.start(client);
  };

  const take = (client: StreamClient, text: string): void => {
    const message = readMessage(text, limits);
    if ('problem' in message) {
      refuse(client, message);
      return;
    }
    switch (message.type) {
      case 'subscribe':
        subscribe(client, message.request);
        return;
      case 'unsubscribe': {
        const { subscriptionId } = message;
        const known =
          typeof subscriptionId === 'string' ? client.subscriptions.get(subscriptionId) : undefined;
        if (known !== undefined) {
          detach(known);
          client.subscriptions.delete(known.id);
        }
        reply(client, {
          type: 'unsubscribed',
          subscription_id: subscriptionId,
          success: known !== undefined,
        });
        return;
      }
      case 'get_stats':
        reply(client, { type: 'stats', stats: stream.stats() });
        return;
    }
  };

  /** Drops those that have more to get and take nothing; with much waiting for all, they get less time. */
  const sweep = (): void => {
    const patienceMs = buffers.totalBytes > limits.totalBytes / 2 ? SWEEP_MS : limits.stallMs;
    for (const client of clients) {
      if (!client.isOpen) continue;
      const isStalled =
        client.readBytes === client.seenReadBytes && client.readBytes < client.sentBytes && isBehind(client);
      client.seenReadBytes = client.readBytes;
      client.stalledMs = isStalled ? client.stalledMs + SWEEP_MS : 0;
      if (client.stalledMs >= patienceMs) drop(client, 'slow');
      else if (!isStalled) catchUp.start(client);
    }
  };

  /** Asks every client whether it is there, and ends the connections of those that did not answer the last time. */
  const ping = (): void => {
    for (const client of clients) {
      if (!client.isOpen) continue;
      if (client.isAlive) {
        client.isAlive = false;
        buffers.ping(client);
      } else {
        countDropped('dead');
        leave(client);
        client.socket.terminate();
      }
    }
  };

  const every = (periodMs: number, work: () => void): (() => void) => {
    let cancel = clock.after(periodMs, function again() {
      cancel = clock.after(periodMs, again);
      work();
    });
    return () => cancel();
  };

  const begin = (): void => {
    stopListening = daemon.listen(tell);
    last = journalEnd(daemon, daemon.stats().position);
    const timers = [every(SWEEP_MS, sweep), every(limits.pingMs, ping)];
    stopTimers = () => {
      for (const stop of timers) stop();
    };
  };

  const end = (): void => {
    stopListening?.();
    stopTimers?.();
    stopListening = null;
    stopTimers = null;
    whenEmpty?.();
  };

  const stream: EventStream = {
    get isFull() {
      return clients.size >= limits.maxClients;
    },
    connect(socket) {
      if (isClosing) {
        socket.close(CLOSE_CODES.stopping.code, 'the daemon is stopping');
        return;
      }
      if (clients.size === 0) begin();
      const client = createClient(`client_${newId()}`, socket);
      clients.add(client);
      const heard = (): void => {
        client.isAlive = true;
      };
      socket.on('pong', (payload: Buffer) => {
        heard();
        buffers.pong(client, payload);
      });
      socket.on('message', (data: Buffer) => {
        heard();
        if (client.isOpen) take(client, data.toString('utf8'));
      });
      // What is no WebSocket frame ends the connection: the library closes it, and says why to the other side.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        leave(client);
        buffers.forget(client);
        clients.delete(client);
        if (clients.size === 0) end();
      });
      reply(client, {
        type: 'connection_established',
        client_id: client.id,
        timestamp: formatTime(clock.now()),
        capabilities: CAPABILITIES,
        extensions: EXTENSIONS,
        position: writeCursor(last),
      });
    },
    broadcast(message) {
      for (const client of [...clients]) reply(client, message);
    },
    stats() {
      const byType: Record<string, number> = {};
      let open = 0;
      let subscriptions = 0;
      for (const client of clients) {
        if (client.isOpen) open++;
        for (const { eventTypes } of client.subscriptions.values()) {
          subscriptions++;
          for (const type of eventTypes) byType[type] = (byType[type] ?? 0) + 1;
        }
      }
      return {
        active_streams: open,
        total_subscriptions: subscriptions,
        connected_clients: open,
        subscriptions_by_type: byType,
        dropped: droppedCount,
        sent,
        buffered_bytes: buffers.totalBytes,
      };
    },
    close() {
      isClosing = true;
      for (const client of clients) {
        if (!client.isOpen) continue;
        const resume = writeCursor(resumeCursor(client, last));
        leave(client);
        client.socket.close(CLOSE_CODES.stopping.code, closeReason('stopping', resume));
      }
      if (clients.size === 0) return Promise.resolve();
      return new Promise((resolve) => {
        whenEmpty = resolve;
      });
    },
  };
  return stream;
}
