import { createHmac } from 'node:crypto';
import { Failure } from '../failure.js';

const KEY_PREFIX = 'whsec_';

/**
 * The headers by which a receiver knows that a message is ours and new. Source: the Standard Webhooks specification 1.0.0,
 * "Webhook signatures", symmetric: HMAC-SHA256 of `id.timestamp.body`. A secret without `whsec_` is the key itself.
 */
export function signatureHeaders(
  secret: string,
  id: string,
  nowMs: number,
  body: Buffer | null,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(nowMs / 1_000));
  const signature = createHmac('sha256', signingKey(secret))
    .update(`${id}.${timestamp}.`)
    .update(body ?? '')
    .digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

function signingKey(secret: string): Buffer {
  if (!secret.startsWith(KEY_PREFIX)) return Buffer.from(secret, 'utf8');
  const encoded = secret.slice(KEY_PREFIX.length);
  // Node's decoder skips what is no base64: a mistyped secret would be another key, and every signature wrong.
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded))
    throw new Failure('the signing secret begins with whsec_ but is no base64');
  return Buffer.from(encoded, 'base64');
}
