import type { Environment } from '../settings/outside.js';

/** What OpenTelemetry's own variables say beside the endpoint. */
export interface StandardEnvironment {
  /** Headers for the collector, mostly what it knows us by: secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** What all our spans say of us, `service.name` among it. */
  readonly resource: Readonly<Record<string, string>>;
}

/** Source: OpenTelemetry specification, environment variables of the SDK and of the OTLP exporter. */
export function readStandardEnvironment(environment: Environment): StandardEnvironment {
  const pairs = (name: string): Record<string, string> => keyValues(environment[name] ?? '');
  const serviceName = environment['OTEL_SERVICE_NAME'] ?? '';
  return {
    headers: { ...pairs('OTEL_EXPORTER_OTLP_HEADERS'), ...pairs('OTEL_EXPORTER_OTLP_TRACES_HEADERS') },
    resource: {
      'service.name': 'triggerd',
      ...pairs('OTEL_RESOURCE_ATTRIBUTES'),
      ...(serviceName === '' ? {} : { 'service.name': serviceName }),
    },
  };
}

/** `key=value,key=value`, values percent-encoded; what is no such pair is left out, as the specification has it. */
function keyValues(text: string): Record<string, string> {
  const found: [string, string][] = [];
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    const key = part.slice(0, Math.max(0, at)).trim();
    if (key === '') continue;
    try {
      found.push([key, decodeURIComponent(part.slice(at + 1).trim())]);
    } catch {
      // A percent sign that encodes nothing stands for itself.
      found.push([key, part.slice(at + 1).trim()]);
    }
  }
  return Object.fromEntries(found);
}
