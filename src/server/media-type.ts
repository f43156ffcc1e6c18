import type { IncomingHttpHeaders } from 'node:http';

/** How a body carries what it carries. */
export type BodyMode = 'json' | 'ndjson' | 'cloud-event' | 'cloud-events' | 'cloud-event-binary';

/** The content types, by mode. In binary mode the content type is that of the data. */
export const MODE_TYPES = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  'cloud-event': 'application/cloudevents+json',
  'cloud-events': 'application/cloudevents-batch+json',
} as const satisfies Partial<Record<BodyMode, string>>;

export interface MediaType {
  /** `type/subtype` in lower case. */
  readonly type: string;
  /** In lower case; null when it is not said. */
  readonly charset: string | null;
}

const MEDIA_TYPE = /^\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+\/[!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:;.*)?$/;
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]*)"?/i;

/** A content type read for what matters here; null when it is none. */
export function parseMediaType(text: string): MediaType | null {
  const type = MEDIA_TYPE.exec(text)?.[1];
  if (type === undefined) return null;
  return { type: type.toLowerCase(), charset: CHARSET.exec(text)?.[1]?.toLowerCase() ?? null };
}

/** True for `application/json`, `text/json` and everything that ends in `+json`. */
export function isJsonType(type: string): boolean {
  return type.endsWith('/json') || type.endsWith('+json');
}

/**
 * How a request's body is to be read; null when nothing here reads it. Attributes in `ce-` headers mean binary mode, unless
 * the content type says structured (CloudEvents HTTP binding 1.0.2, section 3).
 */
export function bodyMode(headers: IncomingHttpHeaders): BodyMode | null {
  const type = parseMediaType(headers['content-type'] ?? '')?.type;
  if (type === MODE_TYPES['cloud-event']) return 'cloud-event';
  if (type === MODE_TYPES['cloud-events']) return 'cloud-events';
  for (const name in headers) if (name.startsWith('ce-')) return 'cloud-event-binary';
  if (type === MODE_TYPES.json) return 'json';
  if (type === MODE_TYPES.ndjson) return 'ndjson';
  return null;
}
