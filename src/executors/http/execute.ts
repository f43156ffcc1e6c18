import { ownValue, type JsonObject } from '../../kernel/json.js';
import type { Execute } from '../../ports/executor-kind.js';
import { guarded } from '../guarded.js';
import { bodyOf, jsonBody, type Body } from '../request/body.js';
import { deliver } from '../request/deliver.js';
import { requestHeaders } from '../request/headers.js';
import { signatureHeaders } from '../request/signature.js';
import { secretReference, textOf, textOrSecret } from '../setting-text.js';

/** Sends the request. */
export const executeHttp: Execute = guarded(async (attempting, host, signal) => {
  const { settings, written, launch_id } = attempting;
  const method = textOf(ownValue(settings, 'method') ?? 'POST');
  const body = ownBody(settings, attempting.input, method);
  const bytes = body?.bytes ?? null;
  const sign = secretReference(ownValue(written, 'sign'));
  const success = ownValue(settings, 'success');
  const follow = ownValue(settings, 'follow_redirects');
  return deliver(
    {
      url: textOrSecret(ownValue(settings, 'url'), ownValue(written, 'url'), host.secrets),
      method,
      headers: requestHeaders(attempting, host.secrets, body?.contentType ?? null),
      signature:
        sign === undefined ? {} : signatureHeaders(host.secrets.read(sign), launch_id, host.now(), bytes),
      body: bytes,
      success: Array.isArray(success) ? success.map(Number) : null,
      allowPrivate: ownValue(written, 'allow_private') === true,
      followRedirects: typeof follow === 'number' ? follow : 0,
    },
    host,
    signal,
  );
});

function ownBody(settings: JsonObject, input: JsonObject, method: string): Body | null {
  const body = ownValue(settings, 'body');
  if (body !== undefined) return bodyOf(body);
  return method === 'GET' || method === 'HEAD' ? null : jsonBody(input);
}
