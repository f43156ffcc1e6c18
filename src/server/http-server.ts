import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Daemon } from '../engine/daemon.js';
import { Fault } from '../kernel/fault.js';
import type { JsonObject } from '../kernel/json.js';
import { admit } from './admit.js';
import { refuse, send } from './answering.js';
import { isLoopback } from './foreign-pages.js';
import { type Caller, createGate } from './gate.js';
import { type HttpHost, type HttpOptions, SCOPES } from './http-options.js';
import { bodyMode } from './media-type.js';
import { createNodeServer, waitsForContinue } from './node-server.js';
import { openApiDocument } from './openapi.js';
import { createRateLimiter } from './rate-limiter.js';
import { queryOf, readQuery } from './read-query.js';
import { Refusal } from './refusal.js';
import type { AnyRoute, Site } from './route.js';
import { ROUTES } from './routes.js';
import { createEventStream } from './stream/event-stream.js';
import { STREAM_LIMITS } from './stream/limits.js';
import { acceptStream } from './stream/upgrade.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of the route table; undefined for what is at no path. */
    route?: AnyRoute;
  }
  interface FastifyRequest {
    /** Who was let in; null before that. */
    caller: Caller | null;
  }
}

export interface HttpServer {
  /** Throws a Fault `settings` when the address cannot be listened on, or may not without tokens. */
  listen(): Promise<{ readonly address: string; readonly port: number }>;
  /** Sends one message to every client of the stream. */
  broadcast(message: JsonObject): void;
  /** Takes no more requests, and resolves when those under way are answered. */
  close(): Promise<void>;
}

const PATH_PART_MAX_CHARS = 4_096;
const CLOSE_GRACE_MS = 5_000;
const NO_BODY = Buffer.alloc(0);

/** The HTTP surface of a daemon. Throws a Fault `settings` for options that do not fit. */
export function createHttpServer(daemon: Daemon, options: HttpOptions, host: HttpHost): HttpServer {
  if (options.tokens.length === 0 && !isLoopback(options.host)) {
    throw new Fault('settings', `without tokens the daemon does not listen on ${options.host}`, {
      hint: 'define tokens, or listen on 127.0.0.1',
    });
  }
  const document = openApiDocument(ROUTES, options.tokens.length > 0);
  const limits = { ...STREAM_LIMITS, ...options.streamLimits };
  const stream = createEventStream(daemon, host, limits);
  const site: Site = {
    daemon,
    stream,
    options,
    host,
    limiter: options.rateLimit === null ? null : createRateLimiter(options.rateLimit),
    openApi: () => document,
  };
  const app = createApp(site);
  for (const route of ROUTES) register(app, route, site);
  acceptStream(app.server, stream, site, limits);

  return {
    async listen() {
      // Of the two addresses that `localhost` may stand for, the one that is always there.
      const address =
        options.host.toLowerCase() === 'localhost' ? '127.0.0.1' : options.host.replace(/^\[(.*)\]$/, '$1');
      try {
        await app.listen({ host: address, port: options.port });
      } catch (cause) {
        const reason =
          cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : String(cause);
        throw new Fault('settings', `cannot listen on ${options.host} port ${options.port}: ${reason}`, {
          hint:
            reason === 'EADDRINUSE'
              ? 'another process listens there; choose another port'
              : 'choose another address or port',
          cause,
        });
      }
      const bound = app.server.address() as AddressInfo;
      return { address: bound.address, port: bound.port };
    },
    broadcast: (message) => stream.broadcast(message),
    async close() {
      const cancel = host.clock.after(CLOSE_GRACE_MS, () => app.server.closeAllConnections());
      // A server waits for its connections, and those of the stream do not end by themselves.
      await Promise.all([stream.close(), app.close()]);
      cancel();
    },
  };
}

function createApp(site: Site): FastifyInstance {
  const { options, host } = site;
  const gate = createGate(options);
  const requests = host.meter.counter('http_requests_total', 'HTTP requests answered.', ['route', 'status']);
  const app = fastify({
    logger: false,
    bodyLimit: options.maxBodyBytes,
    // Bodies are read by our own code, whatever their type.
    serverFactory: (listener) => createNodeServer(listener, options, host.clock),
    // While it closes, the daemon itself says that it takes nothing.
    return503OnClosing: false,
    routerOptions: { maxParamLength: PATH_PART_MAX_CHARS, querystringParser: () => ({}) },
    frameworkErrors: (error, request, reply) =>
      refuse(error, request as FastifyRequest, reply as FastifyReply, site),
    // The node server answers these; the framework's own listener would come second.
    clientErrorHandler: () => undefined,
  });

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.decorateRequest('caller', null);
  app.setErrorHandler((error, request, reply) => refuse(error, request, reply, site));
  // Never reached: what has no route is refused when its head is looked at.
  app.setNotFoundHandler(() => {
    throw new Refusal(404, 'not-found', 'there is nothing at this path');
  });
  app.addHook('onRequest', (request, reply, done) => {
    try {
      const { caller } = admit(request.raw, request.routeOptions.config.route ?? null, ROUTES, gate, options);
      request.caller = caller;
      if (waitsForContinue(request.raw)) reply.raw.writeContinue();
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.config.route?.path ?? 'none';
    requests.add(1, { route, status: String(reply.statusCode) });
    done();
  });
  return app;
}

function register(app: FastifyInstance, route: AnyRoute, site: Site): void {
  const { scope } = route;
  if (scope !== 'open' && !SCOPES.includes(scope)) {
    throw new Fault('internal', `the route ${route.method} ${route.path} does not say who may use it`);
  }
  app.route({
    method: route.method,
    url: route.path,
    config: { route },
    handler: async (request, reply) => {
      const { caller } = request;
      if (caller === null) throw new Fault('internal', 'a request came past the gate');
      const nowMs = site.host.clock.now();
      const body = Buffer.isBuffer(request.body) ? request.body : NO_BODY;
      const answer = await route.answer(
        {
          path: request.params as Readonly<Record<string, string>>,
          query: readQuery(route.parameters, queryOf(request.raw.url ?? ''), nowMs),
          headers: request.headers,
          body,
          mode: bodyMode(request.headers),
          caller,
          nowMs,
        },
        site,
      );
      send(reply, answer);
      return reply;
    },
  });
}
