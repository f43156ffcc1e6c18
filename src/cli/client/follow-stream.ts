import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { Fault } from '../../kernel/fault.js';
import { isObject, type Json, type JsonObject, ownValue } from '../../kernel/json.js';
import type { Clock } from '../../ports/clock.js';
import { wait } from '../../ports/wait.js';
import { printable } from '../output/printable.js';
import { type ClientOptions, parseAnswer, parseBase, refusedBy, unreachable } from './daemon-client.js';
import { Refused } from './refused.js';

/** What is followed, as the stream's `subscribe` takes it. */
export interface StreamRequest {
  readonly event_types: readonly string[];
  readonly filters: JsonObject;
  readonly session_id: string | null;
  readonly kinds: readonly string[];
}

export interface FollowOptions {
  readonly daemon: ClientOptions;
  readonly request: StreamRequest;
  /** A position, `now` or `beginning`. */
  readonly from: string;
  readonly clock: Clock;
  /** Aborts when it is to end. */
  readonly signal: AbortSignal;
  /** An event, decision or launch. What it throws ends the following. */
  readonly message: (message: JsonObject) => void;
  /** What the person should know who follows. */
  readonly note: (text: string) => void;
}

/** How one connection ended that may be followed by another. */
interface Lost {
  readonly reason: string;
  /** Of a daemon that asks for it. */
  readonly waitMs: number | null;
}

const HANDSHAKE_MS = 30_000;
/** The daemon pings every thirty seconds; without a sign of life for so long it is gone. */
const SILENCE_MS = 75_000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 30_000;
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
const MAX_REFUSAL_CHARS = 64 * 1024;

/**
 * Follows the stream of a daemon until it is told to end. A connection that breaks is made again, for as long as it takes,
 * and goes on behind the last message that came. Throws the Faults `unreachable` (it never could be reached), `refused` and
 * `usage`.
 */
export async function followStream(options: FollowOptions): Promise<void> {
  const { clock, signal, note } = options;
  const base = parseBase(options.daemon.url);
  const place: Place = { from: options.from, wasThere: false, tries: 0 };
  while (!signal.aborted) {
    const lost = await followOnce(base, options, place);
    if (lost === null || signal.aborted) return;
    // A connection that had been good is made again at once.
    const waitMs =
      lost.waitMs ??
      (place.tries === 0 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (place.tries - 1)));
    if (place.tries === 1) note(`${lost.reason}; trying again\n`);
    place.tries++;
    if (waitMs > 0) await wait(clock, waitMs, signal);
  }
}

/** How far it has come. */
interface Place {
  from: string;
  /** It has been connected. */
  wasThere: boolean;
  /** Connections since the last that was good. */
  tries: number;
}

/** Resolves to null when it is to end, and to why the connection ended. */
function followOnce(base: URL, options: FollowOptions, place: Place): Promise<Lost | null> {
  const { signal, clock } = options;
  const { token } = options.daemon;
  return new Promise((resolve, reject) => {
    const url = new URL('v1/stream', base);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url, {
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      perMessageDeflate: false,
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: MAX_MESSAGE_BYTES,
    });
    let stopWatch = (): void => undefined;
    const watch = (): void => {
      stopWatch();
      stopWatch = clock.after(SILENCE_MS, () => socket.terminate());
    };
    const done = (settle: () => void): void => {
      stopWatch();
      signal.removeEventListener('abort', abort);
      socket.terminate();
      settle();
    };
    const fail = (error: unknown): void => done(() => reject(error as Error));
    const lose = (reason: string, waitMs: number | null = null): void =>
      done(() => resolve({ reason, waitMs }));
    const abort = (): void => done(() => resolve(null));

    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    socket.on('open', watch);
    socket.on('ping', watch);
    socket.on('error', (cause) => {
      const fault = unreachable(base, new Error(cause.message, { cause }));
      if (place.wasThere) lose(fault.message);
      else fail(fault);
    });
    socket.on('unexpected-response', (_request, response) => {
      refusalOf(base, response, token !== null).then((refused) => {
        if (place.wasThere && (refused.status === 503 || refused.status === 429)) {
          lose(refused.message, refused.retryAfterMs);
        } else fail(refused);
      }, fail);
    });
    socket.on('close', (code, reason) => {
      const words = printable(reason.toString('utf8'));
      // A client that was too slow knows from this how far the daemon had come for it.
      place.from = /resume from (\d+(?:\/\d+)?)$/.exec(words)?.[1] ?? place.from;
      lose(words === '' ? `the connection ended (${code})` : `the daemon ended the connection: ${words}`);
    });
    socket.on('message', (data: Buffer) => {
      watch();
      try {
        const message = parseAnswer(data.toString('utf8'));
        if (isObject(message)) take(message, socket, options, place);
      } catch (error) {
        fail(error);
      }
    });
  });
}

/** What one message means. */
function take(message: JsonObject, socket: WebSocket, options: FollowOptions, place: Place): void {
  const { request } = options;
  const subscribe = (): void => {
    const from: Json = place.from;
    socket.send(JSON.stringify({ type: 'subscribe', ...request, from }));
  };
  switch (ownValue(message, 'type')) {
    case 'connection_established':
      subscribe();
      return;
    case 'subscription_created':
      if (typeof message['from'] === 'string') place.from = message['from'];
      place.wasThere = true;
      place.tries = 0;
      return;
    case 'event':
    case 'decision':
    case 'launch':
      options.message(message);
      place.from = placeBehind(message) ?? place.from;
      return;
    case 'error': {
      const text = printable(String(message['message']));
      const code = ownValue(message, 'code');
      if (code === 'position-unknown' && place.wasThere) {
        options.note(`the journal was begun anew; following it from its beginning\n`);
        place.from = 'beginning';
        subscribe();
        return;
      }
      if (ownValue(message, 'in_reply_to') !== 'subscribe') {
        options.note(`${text}\n`);
        return;
      }
      const hint = ownValue(message, 'hint');
      throw new Fault('refused', `the daemon refused: ${text}`, {
        ...(typeof hint === 'string' ? { hint: printable(hint) } : {}),
      });
    }
    default:
      return;
  }
}

/** Where who has had a message goes on; null for a launch, whose place its decision has told. */
function placeBehind(message: JsonObject): string | null {
  const { type, position, number } = message;
  if (type === 'launch' || typeof position !== 'number') return null;
  return type === 'decision' && typeof number === 'number' ? `${position}/${number}` : String(position);
}

async function refusalOf(base: URL, response: IncomingMessage, hasToken: boolean): Promise<Refused> {
  let text = '';
  for await (const piece of response) {
    text += String(piece);
    if (text.length > MAX_REFUSAL_CHARS) break;
  }
  const { statusCode = 500, headers } = response;
  const retryAfter = headers['retry-after'];
  const answer = new Response(null, {
    status: statusCode < 200 ? 500 : statusCode,
    headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
  });
  return refusedBy(base, answer, parseAnswer(text), hasToken);
}
