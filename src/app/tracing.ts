import type { Happening } from '../engine/daemon.js';
import { describeSpans } from './tracing/describe-spans.js';
import type { PastLookup } from './tracing/span-description.js';
import { createSpanRecorder, type SpanRecorderOptions } from './tracing/span-recorder.js';

export interface TracingOptions extends SpanRecorderOptions {
  /** Reads what the daemon has made durable. */
  readonly past: PastLookup;
}

/** Spans of what the daemon has done, made when it is durable: deciding and launching know nothing of them. */
export interface Tracing {
  /** Hears what happens, in its order. */
  told(happenings: readonly Happening[]): void;
  /** Hands over what waits, within two seconds. Never rejects. */
  stop(): Promise<void>;
}

export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const recorder = await createSpanRecorder(options);
  const { clock, past } = options;
  return {
    told(happenings) {
      for (const span of describeSpans(happenings, clock.now(), past)) recorder.record(span);
    },
    stop: () => recorder.stop(),
  };
}
