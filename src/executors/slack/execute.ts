import { ownValue, type Json } from '../../kernel/json.js';
import type { Execute } from '../../ports/executor-kind.js';
import { guarded } from '../guarded.js';
import { jsonBody } from '../request/body.js';
import { deliver } from '../request/deliver.js';
import { requestHeaders } from '../request/headers.js';
import { textOf, textOrSecret } from '../setting-text.js';

/** Posts the message to the incoming webhook. Slack knows no idempotency key: a repeated launch is a second message. */
export const executeSlack: Execute = guarded(async (attempting, host, signal) => {
  const { settings, written } = attempting;
  const message: Record<string, Json> = { text: textOf(ownValue(settings, 'text')) };
  for (const key of ['channel', 'username', 'icon_emoji']) {
    const value = ownValue(settings, key);
    if (value !== undefined) message[key] = textOf(value);
  }
  const blocks = ownValue(settings, 'blocks');
  if (blocks !== undefined) message['blocks'] = blocks;
  const { bytes, contentType } = jsonBody(message);
  return deliver(
    {
      url: textOrSecret(ownValue(settings, 'url'), ownValue(written, 'url'), host.secrets),
      method: 'POST',
      headers: requestHeaders(attempting, host.secrets, contentType),
      signature: {},
      body: bytes,
      success: null,
      allowPrivate: false,
      followRedirects: 0,
    },
    host,
    signal,
  );
});
