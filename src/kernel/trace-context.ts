import { ownValue, type JsonObject } from './json.js';

/** Where something belongs in a distributed trace, as W3C Trace Context writes it (level 1). */
export interface TraceContext {
  /** `00-<trace id>-<parent span id>-<flags>`, lower case. */
  readonly traceparent: string;
  /** What vendors add, as it came; null when there is none. */
  readonly tracestate: string | null;
}

/** What a `traceparent` says. */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Those that are known: see `SAMPLED`. */
  readonly flags: number;
}

/** Whoever began the trace records it, and wishes that others do. */
export const SAMPLED = 1;
/** Of the flags, what must be passed on: sampled, and that the trace id is random (level 2). */
const KNOWN_FLAGS = 3;

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:$|-)/;
/** The specification asks to pass on 512 characters at least. */
const TRACESTATE_MAX = 512;
const TRACESTATE = /^[\x20-\x7e\t]+$/;

/**
 * Reads what came beside a message; null for what is no trace context, which is then as if nothing had come. Of a later
 * version of `traceparent` the parts of version 00 are taken. Source: W3C Trace Context, 3.2 and 3.3.
 */
export function readTraceContext(traceparent: unknown, tracestate: unknown): TraceContext | null {
  if (typeof traceparent !== 'string' || !TRACEPARENT.test(traceparent)) return null;
  const isVersion0 = traceparent.startsWith('00-');
  if (isVersion0 && traceparent.length !== 55) return null;
  const state =
    typeof tracestate === 'string' && tracestate.length <= TRACESTATE_MAX && TRACESTATE.test(tracestate)
      ? tracestate
      : null;
  return { traceparent: isVersion0 ? traceparent : `00${traceparent.slice(2, 55)}`, tracestate: state };
}

/** The parts of a `traceparent` that was read. */
export function parentOf({ traceparent }: TraceContext): TraceParent {
  return {
    traceId: traceparent.slice(3, 35),
    spanId: traceparent.slice(36, 52),
    flags: Number.parseInt(traceparent.slice(53, 55), 16) & KNOWN_FLAGS,
  };
}

/** The context that something goes on with under a span. */
export function writeTraceContext(
  { traceId, spanId, flags }: TraceParent,
  tracestate: string | null,
): TraceContext {
  return { traceparent: `00-${traceId}-${spanId}-${flags.toString(16).padStart(2, '0')}`, tracestate };
}

/** The trace context that an event's metadata holds; null when it holds none, or what is none. */
export function traceIn(metadata: JsonObject): TraceContext | null {
  return readTraceContext(ownValue(metadata, 'traceparent'), ownValue(metadata, 'tracestate'));
}

/** A trace context as an event's metadata holds it. */
export function traceMetadata(trace: TraceContext | null): JsonObject {
  if (trace === null) return {};
  const { traceparent, tracestate } = trace;
  return tracestate === null ? { traceparent } : { traceparent, tracestate };
}
