import type { Json } from '../../kernel/json.js';

/** A body as it is sent. */
export interface Body {
  readonly bytes: Buffer;
  readonly contentType: string;
}

/** A text as it is, anything else as JSON. */
export function bodyOf(value: Json): Body {
  return typeof value === 'string'
    ? { bytes: Buffer.from(value, 'utf8'), contentType: 'text/plain; charset=utf-8' }
    : jsonBody(value);
}

export function jsonBody(value: Json): Body {
  return { bytes: Buffer.from(JSON.stringify(value), 'utf8'), contentType: 'application/json' };
}
