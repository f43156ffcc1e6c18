import type { SpanKind as ApiSpanKind } from '@opentelemetry/api';
import type { Log } from '../../kernel/log.js';
import type { Clock } from '../../ports/clock.js';
import type { Meter } from '../../ports/meter.js';
import type { Environment } from '../settings/outside.js';
import { createReportingExporter } from './reporting-exporter.js';
import type { SpanAttributes, SpanDescription } from './span-description.js';
import { readStandardEnvironment } from './standard-environment.js';

/** Spans that may wait for the collector; more are lost. */
const QUEUE_MAX = 8_192;
const BATCH_MAX = 512;
const BATCH_EVERY_MS = 1_000;
/**
 * For a batch, what is tried again included. The exporter's waiting for its next try cannot be called off, and would hold up
 * the end of the process.
 */
const PATIENT_MS = 2_000;
/** Less than the exporter waits before it tries again: it tries once. */
const HASTY_MS = 700;
/** For the last spans, when the daemon stops. */
const STOP_MS = 2_000;
/** No text of a span is longer: events bring what they like. */
const TEXT_MAX = 1_024;

export interface SpanRecorderOptions {
  /** Where spans go: OTLP over HTTP, in JSON. */
  readonly endpoint: string;
  /** For OpenTelemetry's own variables. */
  readonly environment: Environment;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
}

/** Hands spans that are over to a collector, in the background. */
export interface SpanRecorder {
  record(span: SpanDescription): void;
  /** Hands over what waits, within two seconds; what is left then is lost. Never rejects. */
  stop(): Promise<void>;
}

/** Loads OpenTelemetry's SDK. Nothing of it is registered for the process as a whole. */
export async function createSpanRecorder(options: SpanRecorderOptions): Promise<SpanRecorder> {
  const { clock, meter, redact } = options;
  const [api, sdk, { resourceFromAttributes }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const { headers, resource } = readStandardEnvironment(options.environment);
  const spans = meter.counter('trace_spans_total', 'Spans by what became of them.', ['outcome']);
  const exporterFor = (timeoutMillis: number): InstanceType<typeof OTLPTraceExporter> =>
    new OTLPTraceExporter({ url: options.endpoint, headers, timeoutMillis });
  const exporter = createReportingExporter({
    patient: exporterFor(PATIENT_MS),
    hasty: exporterFor(HASTY_MS),
    clock,
    log: options.log,
    spans,
    endpoint: withoutQuery(options.endpoint),
  });
  /** The ids of the span that is being made: they are known already. */
  let ids = { traceId: '', spanId: '' };
  const provider = new sdk.BasicTracerProvider({
    resource: resourceFromAttributes(resource),
    sampler: new sdk.AlwaysOnSampler(),
    idGenerator: { generateTraceId: () => ids.traceId, generateSpanId: () => ids.spanId },
    spanLimits: { attributeValueLengthLimit: TEXT_MAX },
    spanProcessors: [
      new sdk.BatchSpanProcessor(exporter, {
        maxQueueSize: QUEUE_MAX,
        maxExportBatchSize: BATCH_MAX,
        scheduledDelayMillis: BATCH_EVERY_MS,
        exportTimeoutMillis: 2 * PATIENT_MS,
      }),
    ],
  });
  const tracer = provider.getTracer('triggerd');
  const kinds: Readonly<Record<SpanDescription['kind'], ApiSpanKind>> = {
    internal: api.SpanKind.INTERNAL,
    consumer: api.SpanKind.CONSUMER,
    client: api.SpanKind.CLIENT,
    producer: api.SpanKind.PRODUCER,
  };

  return {
    record(description) {
      const { traceId, spanId, parentId, tracestate, error } = description;
      ids = { traceId, spanId };
      const traceState = tracestate === null ? {} : { traceState: api.createTraceState(tracestate) };
      const above =
        parentId === null
          ? api.ROOT_CONTEXT
          : api.trace.setSpanContext(api.ROOT_CONTEXT, {
              traceId,
              spanId: parentId,
              traceFlags: api.TraceFlags.SAMPLED,
              isRemote: description.isParentRemote,
              ...traceState,
            });
      const span = tracer.startSpan(
        redact(description.name),
        {
          kind: kinds[description.kind],
          startTime: description.startMs,
          attributes: redacted(description.attributes, redact),
        },
        above,
      );
      if (error !== null) span.setStatus({ code: api.SpanStatusCode.ERROR, message: redact(error) });
      span.end(description.endMs);
      spans.add(1, { outcome: 'recorded' });
    },
    async stop() {
      exporter.hurry();
      await new Promise<void>((resolve) => {
        const cancel = clock.after(STOP_MS, resolve);
        const done = (): void => {
          cancel();
          resolve();
        };
        // What failed has been said by the exporter.
        provider.shutdown().then(done, done);
      });
    },
  };
}

function redacted(
  attributes: SpanAttributes,
  redact: (text: string) => string,
): Record<string, string | number | boolean | string[]> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'string' ? redact(value) : typeof value === 'object' ? value.map(redact) : value,
    ]),
  );
}

/** The endpoint for the log: a query may hold what the collector knows us by. */
function withoutQuery(endpoint: string): string {
  const { origin, pathname } = new URL(endpoint);
  return `${origin}${pathname}`;
}
