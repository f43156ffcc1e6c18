import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Log } from '../../kernel/log.js';
import type { Clock } from '../../ports/clock.js';
import type { Counter } from '../../ports/meter.js';

/** How often it is said that nothing can be handed over. */
const SAY_EVERY_MS = 60_000;
/** `ExportResultCode.SUCCESS`, an enum of a package that is not loaded for it. */
const SUCCESS = 0;

export interface ReportingExporterParts {
  /** Tries again for a while. */
  readonly patient: SpanExporter;
  /** Tries once: for the last spans, for which nobody waits long. */
  readonly hasty: SpanExporter;
  readonly clock: Clock;
  readonly log: Log;
  /** By outcome: `exported`, `failed`. */
  readonly spans: Counter;
  /** As it may stand in the log. */
  readonly endpoint: string;
}

export interface ReportingExporter extends SpanExporter {
  /** From now on only the hasty one is asked. */
  hurry(): void;
}

/** An exporter that says in our log when spans cannot be handed over, once a minute at most, and when they can again. */
export function createReportingExporter(parts: ReportingExporterParts): ReportingExporter {
  const { patient, hasty, clock, log, spans, endpoint } = parts;
  let exporter = patient;
  let saidAt = Number.NEGATIVE_INFINITY;
  /** Said to be failing, and not yet to go on. */
  let failing = false;
  /** Spans lost since it was last said. */
  let lost = 0;

  const hear = (count: number, error: Error | undefined, isFine: boolean): void => {
    if (isFine) {
      spans.add(count, { outcome: 'exported' });
      if (failing) log.info('spans are exported again', { endpoint });
      failing = false;
      return;
    }
    spans.add(count, { outcome: 'failed' });
    lost += count;
    const now = clock.now();
    if (now - saidAt < SAY_EVERY_MS) return;
    log.warn('spans could not be exported and are lost', {
      endpoint,
      reason: error === undefined ? '' : error.message || error.name,
      spans: lost,
    });
    saidAt = now;
    failing = true;
    lost = 0;
  };

  return {
    export(batch, told) {
      exporter.export(batch, (result) => {
        hear(batch.length, result.error, result.code === SUCCESS);
        told(result);
      });
    },
    hurry() {
      exporter = hasty;
    },
    forceFlush: async () => exporter.forceFlush?.(),
    async shutdown() {
      await hasty.shutdown();
      // What is still being tried where nothing gets through is not waited for.
      if (!failing) await patient.shutdown();
    },
  };
}
