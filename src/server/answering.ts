import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpHost } from './http-options.js';
import { lingerOn, waitsForContinue } from './node-server.js';
import { Refusal, refusalFor, wireError } from './refusal.js';
import type { Answer, AnyRoute, Site } from './route.js';

/** So much of a body that nobody wants is read to keep a connection; with more on its way it is closed. */
const UNWANTED_MAX_BYTES = 64 * 1024;
const JSON_TYPE = 'application/json; charset=utf-8';

/** Sends an answer. */
export function send(reply: FastifyReply, answer: Answer): void {
  const [text, contentType] =
    'json' in answer ? [JSON.stringify(answer.json), JSON_TYPE] : [answer.text, answer.contentType];
  reply
    .code(answer.status)
    .headers({
      'content-type': contentType,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .send(text);
}

/** Answers a request with what was thrown over it. */
export function refuse(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { daemon, host }: Pick<Site, 'daemon' | 'host'>,
): void {
  const route = request.routeOptions.config.route;
  const refusal = refusalFor(error) ?? unexpected(error, route, host);
  if (route?.intake === true && refusal.status < 500 && !NOT_INPUT.includes(refusal.status)) {
    daemon.rejected(refusal.events);
  }
  if (hasUnwantedBody(request, reply)) {
    reply.header('connection', 'close');
    lingerOn(request.raw.socket, host.clock);
  } else {
    reply.removeHeader('connection');
  }
  reply.headers(refusal.headers);
  send(reply, { status: refusal.status, json: wireError(refusal) });
}

/** Refusals of who is asking, not of what is sent. */
const NOT_INPUT: readonly number[] = [401, 403, 421];

/** What nobody foresaw is in the log with its stack, and in the answer without. */
function unexpected(error: unknown, route: AnyRoute | undefined, { log }: HttpHost): Refusal {
  log.error('a request failed unexpectedly', {
    route: route === undefined ? null : `${route.method} ${route.path}`,
    error: error instanceof Error ? error.message : String(error),
    stack: stackOf(error),
  });
  return new Refusal(500, 'internal', 'this is a fault of triggerd, not of the request', {
    hint: 'the log of the daemon says more',
  });
}

/** With the stacks of its causes. */
function stackOf(error: unknown): string | null {
  const stacks: string[] = [];
  for (let at = error; at instanceof Error && stacks.length < 5; at = at.cause)
    stacks.push(at.stack ?? at.message);
  return stacks.length === 0 ? null : stacks.join('\ncaused by ');
}

/** True when more of a body is on its way than is worth reading for the sake of the connection. */
function hasUnwantedBody({ raw }: FastifyRequest, reply: FastifyReply): boolean {
  if (raw.complete) return false;
  if (raw.headers['transfer-encoding'] !== undefined) return true;
  const length = Number(raw.headers['content-length'] ?? 0);
  // One that was not told to continue may send its body or leave it.
  return length > UNWANTED_MAX_BYTES || (length > 0 && waitsForContinue(raw) && !reply.raw.writableEnded);
}
