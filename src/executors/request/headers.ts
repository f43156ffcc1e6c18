import type { JsonObject } from '../../kernel/json.js';
import type { Attempting, Secrets } from '../../ports/executor-kind.js';
import { Refusal } from '../refusal.js';
import { entriesOf, textOrSecret, type SettingText } from '../setting-text.js';

/** Headers of a request, by name in lower case. */
export type Headers = ReadonlyMap<string, SettingText>;

/** They tell where a message ends and what becomes of the connection: ours alone to say, or two sides read two messages. */
const OURS = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
]);
/** What HTTP calls a field value: a line break would begin a header of its own. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The request's headers: what every request carries, over which go the workflow's own. */
export function requestHeaders(
  attempting: Attempting,
  secrets: Secrets,
  contentType: string | null,
): Headers {
  const headers = new Map<string, SettingText>();
  const plain = (name: string, text: string): void => void headers.set(name, { text, secret: false });
  plain('user-agent', 'triggerd');
  plain('accept', '*/*');
  // Bodies are kept as they come: a compressed one could not be read, nor would its size be known.
  plain('accept-encoding', 'identity');
  if (contentType !== null) plain('content-type', contentType);
  plain('idempotency-key', attempting.launch_id);
  const own = new Map(ownHeaders(attempting.settings, attempting.written, secrets));
  const { trace } = attempting;
  // The two go together: a state of one trace says nothing in another.
  if (trace !== null && !own.has('traceparent')) {
    plain('traceparent', trace.traceparent);
    if (trace.tracestate !== null) plain('tracestate', trace.tracestate);
  }
  for (const [name, value] of own) headers.set(name, value);
  return headers;
}

function* ownHeaders(
  settings: JsonObject,
  written: JsonObject,
  secrets: Secrets,
): Generator<readonly [name: string, value: SettingText]> {
  for (const [name, value, asWritten] of entriesOf(settings, written, 'headers')) {
    if (OURS.has(name.toLowerCase())) throw new Refusal(`the header ${name} cannot be set`);
    const header = textOrSecret(value, asWritten, secrets);
    if (!VALUE.test(header.text))
      throw new Refusal(
        `the header ${name} holds a line break or another character that no header can carry`,
      );
    yield [name.toLowerCase(), header];
  }
}

/** The headers that may go on to another origin: not what proves who we are, nor any secret. */
export function withoutCredentials(headers: Headers): Headers {
  const credentials = new Set(['authorization', 'proxy-authorization', 'cookie', 'host']);
  return new Map([...headers].filter(([name, { secret }]) => !secret && !credentials.has(name)));
}
