import { nesting, type Json } from '../kernel/json.js';

/** How much of an output or a body is kept, bytes. */
export const KEPT_BYTES = 65_536;
/**
 * How much more is read than kept: a secret that ends behind the cut is found, and taken out, only when it is read whole.
 * Longer than any secret that is in use, private keys in base64 included.
 */
export const MARGIN_BYTES = 16_384;
const DEEPEST = 64;

/** The beginning of a stream. */
export interface Capture {
  /** Keeps what there is room for. */
  add(chunk: Buffer): void;
  /** Nothing that comes will be kept. */
  readonly full: boolean;
  /** More came than is kept. */
  readonly cut: boolean;
  /** As it came, with its secrets and its margin. */
  raw(): string;
  /** As text, secrets taken out. */
  text(redact: (text: string) => string): string;
  /** As JSON if it is one JSON value, else as text. */
  json(redact: (text: string) => string): Json;
}

export function createCapture(keptBytes = KEPT_BYTES): Capture {
  const chunks: Buffer[] = [];
  let size = 0;
  const raw = (): string => Buffer.concat(chunks).toString('utf8');
  const text = (redact: (text: string) => string): string =>
    size <= keptBytes ? redact(raw()) : cutRedacted(raw(), keptBytes, size - keptBytes, redact);
  return {
    add(chunk) {
      const room = keptBytes + MARGIN_BYTES - size;
      if (room <= 0) return;
      // Copied: a slice would keep alive the whole block it was read into.
      const kept = Buffer.from(chunk.subarray(0, room));
      chunks.push(kept);
      size += kept.length;
    },
    get full() {
      return size >= keptBytes + MARGIN_BYTES;
    },
    get cut() {
      return size > keptBytes;
    },
    raw,
    text,
    json(redact) {
      const parsed = size > keptBytes ? undefined : parseJson(raw());
      return parsed === undefined ? text(redact) : parsed;
    },
  };
}

/**
 * A text without secrets, cut to a length. Its last `margin` characters go whatever redacting did to the length: at the very
 * end may stand the beginning of a secret, which is not recognised.
 */
export function cutRedacted(
  text: string,
  length: number,
  margin: number,
  redact: (text: string) => string,
): string {
  const safe = redact(text);
  return safe.slice(0, Math.max(0, Math.min(length, safe.length - margin)));
}

/** The one JSON value of a text; undefined when it is none, or nests too deep to be kept. */
export function parseJson(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return nesting(value, DEEPEST) > DEEPEST ? undefined : value;
  } catch {
    return undefined;
  }
}
