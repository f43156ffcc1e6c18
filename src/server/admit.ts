import type { IncomingMessage } from 'node:http';
import type { Caller, Gate } from './gate.js';
import type { HttpOptions } from './http-options.js';
import { bodyMode, parseMediaType } from './media-type.js';
import { Refusal, tooLarge } from './refusal.js';
import { type AnyRoute, isWrittenAs } from './route.js';

/**
 * Everything about a request that its head tells, before a byte of its body is read: that its path is a route's as it is
 * written, that its caller may ask for that, and that the body is of a kind and size that is taken. Throws a Refusal.
 */
export function admit(
  request: IncomingMessage,
  route: AnyRoute | null,
  routes: readonly AnyRoute[],
  gate: Gate,
  options: HttpOptions,
): { readonly route: AnyRoute; readonly caller: Caller } {
  const path = pathOf(request.url ?? '');
  // The router decodes what is percent-encoded (`/v1/%65vents`); a proxy in front that guards paths may not.
  const matched = route !== null && isWrittenAs(route, path) ? route : null;
  // Nobody without a token is told what there is.
  const caller = gate.admit(request, matched === null ? null : matched.scope);
  if (matched === null) throw notFound(path, routes);
  refuseBody(request, matched, options);
  return { route: matched, caller };
}

function pathOf(target: string): string {
  const end = target.indexOf('?');
  return end === -1 ? target : target.slice(0, end);
}

function notFound(path: string, routes: readonly AnyRoute[]): Refusal {
  const methods = routes.filter((route) => isWrittenAs(route, path)).map(({ method }) => method);
  if (methods.length === 0) {
    return new Refusal(404, 'not-found', 'there is nothing at this path', { hint: 'see /openapi.json' });
  }
  const allow = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  return new Refusal(405, 'method-not-allowed', `the path takes ${allow}`, { headers: { allow } });
}

function refuseBody({ headers }: IncomingMessage, route: AnyRoute, { maxBodyBytes }: HttpOptions): void {
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    throw new Refusal(400, 'header-invalid', 'of transfer encodings only chunked is understood');
  }
  const length = Number(headers['content-length'] ?? 0);
  const hasBody = coding !== undefined || length > 0;
  if (route.body === null) {
    if (hasBody) throw new Refusal(400, 'body-unexpected', 'the request must not have a body');
    return;
  }
  if (length > maxBodyBytes) throw tooLarge(maxBodyBytes);
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new Refusal(415, 'content-encoding', 'the body must not be compressed');
  }
  const contentType = headers['content-type'];
  if (!hasBody && contentType === undefined && !route.body.required) return;
  const mode = bodyMode(headers);
  // The data of a CloudEvent in binary mode may be of any type, or left out.
  if (mode === 'cloud-event-binary' && contentType === undefined && route.body.modes.includes(mode)) return;
  const mediaType = contentType === undefined ? null : parseMediaType(contentType);
  if (mediaType === null) {
    throw unsupported(
      contentType === undefined ? 'a content type is needed' : 'the content type is not well-formed',
      route,
    );
  }
  if (mode === null || !route.body.modes.includes(mode)) {
    throw unsupported('the content type is not one that is understood here', route);
  }
  if (mode !== 'cloud-event-binary' && mediaType.charset !== null && !/^utf-?8$/.test(mediaType.charset)) {
    throw new Refusal(415, 'content-type', 'the body must be UTF-8');
  }
}

function unsupported(message: string, { body }: AnyRoute): Refusal {
  const hint = body?.modes.includes('ndjson')
    ? 'application/json, or application/x-ndjson for one event a line, or CloudEvents'
    : 'application/json';
  return new Refusal(415, 'content-type', message, { hint });
}
