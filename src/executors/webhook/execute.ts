import { isObject, ownValue } from '../../kernel/json.js';
import type { Execute } from '../../ports/executor-kind.js';
import { guarded } from '../guarded.js';
import { Refusal } from '../refusal.js';
import { jsonBody } from '../request/body.js';
import { deliver } from '../request/deliver.js';
import { requestHeaders } from '../request/headers.js';
import { signatureHeaders } from '../request/signature.js';
import { secretSource, textOrSecret } from '../setting-text.js';

/** Posts the payload, signed. Redirects are not followed: the signature is meant for the receiver that was named. */
export const executeWebhook: Execute = guarded(async (attempting, host, signal) => {
  const { settings, written, launch_id, input } = attempting;
  const source = ownValue(written, 'secret');
  if (source === undefined || !isObject(source)) throw new Refusal('the webhook has no signing secret');
  const { bytes, contentType } = jsonBody(ownValue(settings, 'payload') ?? input);
  const secret = host.secrets.read({ secret: secretSource(source) });
  return deliver(
    {
      url: textOrSecret(ownValue(settings, 'url'), ownValue(written, 'url'), host.secrets),
      method: 'POST',
      headers: requestHeaders(attempting, host.secrets, contentType),
      signature: signatureHeaders(secret, launch_id, host.now(), bytes),
      body: bytes,
      success: null,
      allowPrivate: ownValue(written, 'allow_private') === true,
      followRedirects: 0,
    },
    host,
    signal,
  );
});
