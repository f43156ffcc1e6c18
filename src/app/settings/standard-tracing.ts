import { collectorUrl, readCollectorUrl } from './collector-url.js';
import type { SettingOrigin } from './origin.js';
import type { Environment } from './outside.js';
import type { OutsideProblem } from './settings-fault.js';

/** What OpenTelemetry's own variables make of the setting `tracing.endpoint`. */
export interface StandardTracing {
  readonly endpoint: string | null;
  readonly origin: SettingOrigin;
  readonly problem: OutsideProblem | null;
}

/**
 * They name the collector when we do not, and may turn tracing off. An address for gRPC names none: it is not spoken here.
 * Source: OpenTelemetry specification, environment variables of the SDK and of the OTLP exporter.
 */
export function withStandardVariables(
  set: string | null,
  origin: SettingOrigin,
  environment: Environment,
): StandardTracing {
  const given = (name: string): string => (environment[name] ?? '').trim();
  const from = (endpoint: string | null, where: string): StandardTracing => ({
    endpoint,
    origin: { ...origin, value: endpoint, from: 'environment', where },
    problem: null,
  });
  const unchanged: StandardTracing = { endpoint: set, origin, problem: null };

  if (given('OTEL_SDK_DISABLED').toLowerCase() === 'true') return from(null, 'OTEL_SDK_DISABLED');
  // `none` that was said beside the environment or over it stays.
  if (set !== null || origin.from === 'flag' || origin.from === 'environment') return unchanged;
  const name = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'].find(
    (one) => given(one) !== '',
  );
  if (name === undefined) return unchanged;
  if (given('OTEL_TRACES_EXPORTER').toLowerCase() === 'none') return from(null, 'OTEL_TRACES_EXPORTER');
  const protocol = given('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') || given('OTEL_EXPORTER_OTLP_PROTOCOL');
  if (protocol === 'grpc') return from(null, `${name}, which is for gRPC`);
  const endpoint = readCollectorUrl(given(name));
  if (endpoint === undefined) {
    const message = `${name} must be ${collectorUrl.words}`;
    return { ...unchanged, problem: { message, hint: 'for example http://localhost:4318' } };
  }
  // The general one is the address of a server that takes more than spans.
  return from(name.includes('TRACES') ? endpoint : tracesPath(endpoint), name);
}

function tracesPath(endpoint: string): string {
  const { origin, pathname, search } = new URL(endpoint);
  return `${origin}${pathname.replace(/\/+$/, '')}/v1/traces${search}`;
}
