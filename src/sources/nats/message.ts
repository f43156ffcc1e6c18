import type { Msg, MsgHdrs } from '@nats-io/transport-node';
import { sha256 } from '../../kernel/hash.js';
import { readTraceContext, type TraceContext } from '../../kernel/trace-context.js';
import type { Accompanying } from '../../ports/source.js';
import type { Handed } from '../pump.js';
import { cloudEventText } from './cloud-event.js';

/** A message of a stream, as it was delivered. */
export interface StreamMessage extends Handed {
  readonly subject: string;
  /** Its place in the stream. */
  readonly sequence: number;
  readonly beside: Accompanying;
  readonly sizeBytes: number;
  /** Why it can be no event; null when it may be one. */
  readonly problem: string | null;
  /** What the server is told of it: it is done; it is never to come again; it takes longer. */
  answer(word: Answer): void;
}

export type Answer = '+ACK' | '+TERM' | '+WPI';

const EVENT_ID_MAX_LENGTH = 256;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Reads a message; null for what no stream delivered. */
export function readMessage(message: Msg, stream: string): StreamMessage | null {
  const place = placeOf(message.reply ?? '');
  if (place === null) return null;
  const { sequence, storedAt } = place;
  const headers = headersOf(message);
  const { text, problem } = textOf(message, headers);
  return {
    order: sequence,
    sequence,
    subject: message.subject,
    text,
    problem,
    sizeBytes: message.data.length,
    beside: { eventId: eventIdOf(headers, stream, sequence, storedAt), trace: traceOf(headers) },
    answer: (word) => void message.respond(word),
  };
}

/**
 * Where acknowledgements go says what was delivered: `$JS.ACK.<stream>.<consumer>.<times>.<sequence>.<…>.<stored at, ns>.<…>`,
 * of newer servers with the domain and the account before the stream. Source: NATS ADR-15.
 */
function placeOf(reply: string): { readonly sequence: number; readonly storedAt: string } | null {
  const parts = reply.split('.');
  if (parts[0] !== '$JS' || parts[1] !== 'ACK' || parts.length < 9) return null;
  const first = parts.length === 9 ? 2 : 4;
  const sequence = Number(parts[first + 3]);
  const storedAt = parts[first + 5] ?? '';
  return Number.isSafeInteger(sequence) && /^\d+$/.test(storedAt) ? { sequence, storedAt } : null;
}

/** Headers that no client can read are as good as none. */
function headersOf(message: Msg): MsgHdrs | null {
  try {
    return message.headers ?? null;
  } catch {
    return null;
  }
}

function textOf(
  { data }: Msg,
  headers: MsgHdrs | null,
): { readonly text: string; readonly problem: string | null } {
  try {
    const inHeaders = headers === null ? null : cloudEventText(headers, data);
    return { text: inHeaders ?? UTF8.decode(data), problem: null };
  } catch (cause) {
    const problem = cause instanceof TypeError ? 'the message is not valid UTF-8' : String(cause);
    return { text: '', problem };
  }
}

/**
 * What a message without an id of its own is known by, the same at each delivery. When it was stored belongs to it: a stream
 * that is deleted and made anew counts from one again.
 */
function eventIdOf(headers: MsgHdrs | null, stream: string, sequence: number, storedAt: string): string {
  const given = headers?.get('Nats-Msg-Id') ?? '';
  const id = given === '' ? `nats-${stream}-${sequence}-${storedAt}` : given;
  return id.length <= EVENT_ID_MAX_LENGTH ? id : `nats-${sha256(id)}`;
}

function traceOf(headers: MsgHdrs | null): TraceContext | null {
  return headers === null ? null : readTraceContext(headers.get('traceparent'), headers.get('tracestate'));
}
