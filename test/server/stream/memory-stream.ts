import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Daemon, Happening } from '../../../src/engine/daemon.js';
import type { Event } from '../../../src/model/event.js';
import type { StoredEvent } from '../../../src/model/record.js';
import type { Page } from '../../../src/ports/store.js';
import { createEventStream, type EventStream } from '../../../src/server/stream/event-stream.js';
import { STREAM_LIMITS, type StreamLimits } from '../../../src/server/stream/limits.js';
import { createManualClock, type ManualClock } from '../../support/manual-clock.js';
import { event } from '../../support/rules.js';
import { noFigures, noLog, noMeter } from '../../engine/live/harness.js';
import { createMemoryDaemon, NOW } from '../memory-daemon.js';
import { mustFit } from './fits.js';
import type { Message } from './raw-client.js';

/** The stream over a daemon in memory and under a clock moved by hand, without any socket. */
export interface MemoryStream {
  readonly stream: EventStream;
  readonly clock: ManualClock;
  readonly drops: ReadonlyMap<string, number>;
  /** Puts events into the journal and tells of them, as one commit. */
  publish(...events: Partial<Event>[]): Promise<void>;
  connect(): MemoryClient;
  /** The whole journal. */
  events(): Page<StoredEvent>;
}

/** A connection of which every byte is seen, and that takes them only while it is told to. */
export interface MemoryClient {
  readonly messages: Message[];
  closed: { readonly code: number; readonly reason: string } | null;
  /** The connection is gone. */
  readonly isDestroyed: boolean;
  /** What waits for it in memory. */
  readonly waitingBytes: number;
  pings: number;
  answersPings: boolean;
  /** Whether it takes what is sent. */
  setReading(isReading: boolean): void;
  send(message: object): void;
  /** Ends the connection without a word. */
  end(): void;
}

export function createMemoryStream(limits: Partial<StreamLimits> = {}): MemoryStream {
  const daemon = createMemoryDaemon();
  const listeners = new Set<(happenings: readonly Happening[]) => void>();
  const clock = createManualClock(NOW);
  const drops = new Map<string, number>();
  const listening: Daemon = {
    ...daemon,
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  let ids = 0;
  const stream = createEventStream(
    listening,
    {
      log: noLog,
      clock,
      meter: {
        ...noMeter,
        counter: () => ({
          add: (amount = 1, { reason = '' } = {}) =>
            void drops.set(reason, (drops.get(reason) ?? 0) + amount),
        }),
      },
      metricsText: () => Promise.resolve(''),
      busFigures: noFigures,
      newId: () => `made-${++ids}`,
    },
    { ...STREAM_LIMITS, ...limits },
  );
  const server = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false });
  return {
    stream,
    clock,
    drops,
    async publish(...events) {
      const before = daemon.stored.length;
      await daemon.submit(
        events.map((fields) => ({
          event: event({ event_id: `e-${++ids}`, event_type: 'x', ...fields }),
          at: clock.now(),
        })),
      );
      const happenings = daemon.stored.slice(before).map((stored) => ({ kind: 'event', stored }) as const);
      for (const listener of listeners) listener(happenings);
    },
    events: () =>
      daemon.events({
        cursor: null,
        limit: 100_000,
        order: 'oldest',
        types: [],
        sinceMs: null,
        untilMs: null,
        afterPosition: null,
      }),
    connect() {
      const pipe = new Pipe();
      const request = {
        method: 'GET',
        url: '/v1/stream',
        headers: {
          upgrade: 'websocket',
          'sec-websocket-key': randomBytes(16).toString('base64'),
          'sec-websocket-version': '13',
        },
      };
      server.handleUpgrade(
        request as unknown as IncomingMessage,
        pipe as Duplex,
        Buffer.alloc(0),
        (socket) => {
          stream.connect(socket);
        },
      );
      return pipe.client;
    },
  };
}

class Pipe extends Duplex {
  private bytes: Buffer = Buffer.alloc(0);
  private isOpen = false;
  private isReading = true;
  private held: (() => void) | null = null;
  readonly client: MemoryClient;

  constructor() {
    super({ allowHalfOpen: true });
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- getters of an object literal
    const pipe = this;
    this.client = {
      messages: [],
      closed: null,
      pings: 0,
      answersPings: true,
      get isDestroyed() {
        return pipe.destroyed;
      },
      get waitingBytes() {
        return pipe.writableLength;
      },
      setReading(isReading) {
        pipe.isReading = isReading;
        if (!isReading) return;
        const { held } = pipe;
        pipe.held = null;
        held?.();
      },
      end: () => void pipe.destroy(),
      send: (message) => pipe.frame(1, Buffer.from(JSON.stringify(message))),
    };
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const take = (): void => {
      this.receive(chunk);
      done();
    };
    if (this.isReading) take();
    else this.held = take;
  }

  private frame(opcode: number, payload: Buffer): void {
    const size = payload.length;
    if (size > 65_535) throw new Error('larger than a test needs');
    const head = size < 126 ? [size | 128] : [126 | 128, size >> 8, size & 255];
    // A mask of zeros leaves the payload as it is.
    this.push(Buffer.concat([Buffer.from([128 | opcode, ...head, 0, 0, 0, 0]), payload]));
  }

  private receive(chunk: Buffer): void {
    this.bytes = this.bytes.length === 0 ? chunk : Buffer.concat([this.bytes, chunk]);
    if (!this.isOpen) {
      const end = this.bytes.indexOf('\r\n\r\n');
      if (end === -1) return;
      this.bytes = this.bytes.subarray(end + 4);
      this.isOpen = true;
    }
    for (;;) {
      if (this.bytes.length < 2) return;
      const [first = 0, second = 0] = this.bytes;
      const at = second === 126 ? 4 : 2;
      if (this.bytes.length < at || second === 127) return;
      const length = second === 126 ? this.bytes.readUInt16BE(2) : second;
      if (this.bytes.length < at + length) return;
      const payload = this.bytes.subarray(at, at + length);
      this.bytes = this.bytes.subarray(at + length);
      const opcode = first & 15;
      if (opcode === 1) this.client.messages.push(mustFit(JSON.parse(payload.toString('utf8'))));
      else if (opcode === 9) {
        this.client.pings++;
        if (this.client.answersPings) this.frame(10, payload);
      } else if (opcode === 8) {
        this.client.closed ??= {
          code: payload.readUInt16BE(0),
          reason: payload.subarray(2).toString('utf8'),
        };
        this.frame(8, payload.subarray(0, 2));
        this.push(null);
      }
    }
  }
}
