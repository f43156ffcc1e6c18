import type { IncomingHttpHeaders } from 'node:http';
import { isUtf8 } from 'node:buffer';
import { type Json, type JsonObject, setOwn } from '../kernel/json.js';
import { percentDecoded } from '../kernel/percent-decoding.js';
import { isJsonType, parseMediaType } from './media-type.js';
import { Refusal } from './refusal.js';

/** Reads JSON text of a body; throws a Refusal. */
type ParseJson = (body: Buffer) => unknown;

/**
 * A CloudEvent in binary mode, as the JSON event it stands for: attributes in `ce-` headers, percent-encoded; the data is
 * the body, of the request's content type. Source: CloudEvents 1.0.2, HTTP protocol binding, section 3.1.
 */
export function readBinaryCloudEvent(
  headers: IncomingHttpHeaders,
  body: Buffer,
  parseJson: ParseJson,
): JsonObject {
  const event: Record<string, Json> = {};
  for (const name in headers) {
    if (!name.startsWith('ce-')) continue;
    const attribute = name.slice(3);
    const value = headers[name];
    if (attribute === 'data' || attribute === 'data_base64') {
      throw new Refusal(400, 'header-invalid', `${name} is no attribute: the data is the body`);
    }
    if (attribute !== '' && typeof value === 'string') setOwn(event, attribute, decodeAttribute(name, value));
  }
  const contentType = headers['content-type'];
  if (contentType !== undefined) event['datacontenttype'] = contentType;
  if (body.length > 0) {
    const type = parseMediaType(contentType ?? 'application/octet-stream')?.type ?? '';
    if (isJsonType(type)) event['data'] = parseJson(body) as Json;
    else if (type.startsWith('text/') && isUtf8(body)) event['data'] = body.toString('utf8');
    else event['data_base64'] = body.toString('base64');
  }
  return event;
}

/** A value in double quotes is read without them, as older senders write it. */
function decodeAttribute(header: string, value: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(value)?.[1];
  const decoded = percentDecoded(quoted === undefined ? value : quoted.replace(/\\(.)/g, '$1'));
  if (decoded !== undefined) return decoded;
  const hint = 'a percent sign itself is written %25';
  throw new Refusal(400, 'header-invalid', `${header} is not percent-encoded UTF-8`, { hint });
}
