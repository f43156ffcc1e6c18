import { isUtf8 } from 'node:buffer';
import type { MsgHdrs } from '@nats-io/transport-node';
import { type Json, setOwn } from '../../kernel/json.js';
import { percentDecoded } from '../../kernel/percent-decoding.js';

const PREFIX = 'ce-';
const JSON_TYPE = /^[^;]*[/+]json\s*(?:;|$)/i;

/** What cannot be read as a CloudEvent although it says it is one. */
class NotACloudEvent extends Error {
  override toString(): string {
    return this.message;
  }
}

/**
 * The JSON text of a CloudEvent whose attributes are headers (binary mode); null when it is none. Data of no JSON type goes
 * as text or Base64. Throws an error whose text says what is wrong. Source: CloudEvents 1.0.2, NATS protocol binding, 3.1.
 */
export function cloudEventText(headers: MsgHdrs, data: Uint8Array): string | null {
  const event: Record<string, Json> = {};
  let contentType: string | undefined;
  for (const name of headers.keys()) {
    const lower = name.toLowerCase();
    if (lower === 'content-type') contentType = headers.get(name);
    if (!lower.startsWith(PREFIX) || lower === PREFIX) continue;
    const attribute = lower.slice(PREFIX.length);
    if (attribute === 'data' || attribute === 'data_base64')
      throw new NotACloudEvent(`${lower} is no attribute: the data is the message`);
    setOwn(event, attribute, decoded(lower, headers.get(name)));
  }
  if (!Object.hasOwn(event, 'specversion')) return null;
  if (contentType !== undefined) event['datacontenttype'] = contentType;
  if (data.length === 0) return JSON.stringify(event);
  const isJson = contentType === undefined || JSON_TYPE.test(contentType);
  const text = isUtf8(data) ? Buffer.from(data).toString('utf8') : null;
  if (isJson && text !== null && isJsonText(text))
    // As it came: numbers keep their digits for whoever checks them.
    return `${JSON.stringify(event).slice(0, -1)},"data":${text}}`;
  if (isJson && contentType !== undefined)
    throw new NotACloudEvent(`the message is not the JSON that its content-type ${contentType} says`);
  if (text !== null) return JSON.stringify({ ...event, data: text });
  return JSON.stringify({ ...event, data_base64: Buffer.from(data).toString('base64') });
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function decoded(header: string, value: string): string {
  const text = percentDecoded(value);
  if (text === undefined) throw new NotACloudEvent(`${header} is not percent-encoded UTF-8`);
  return text;
}
