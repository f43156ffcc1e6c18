import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject } from '../kernel/json.js';
import type { Daemon } from '../engine/daemon.js';
import type { Caller } from './gate.js';
import type { HttpHost, HttpOptions, Scope } from './http-options.js';
import type { RateLimiter } from './rate-limiter.js';
import type { BodyMode } from './media-type.js';
import type { Parameters, Values } from './parameters.js';
import type { SchemaName } from './schemas.js';
import type { EventStream } from './stream/event-stream.js';

/** What handlers work with. */
export interface Site {
  readonly daemon: Daemon;
  readonly options: HttpOptions;
  readonly host: HttpHost;
  readonly stream: Pick<EventStream, 'stats'>;
  /** null = no limit. */
  readonly limiter: RateLimiter | null;
  /** The OpenAPI document of the route table. */
  readonly openApi: () => JsonObject;
}

/** One request that was let in, its body read. */
export interface Call<P extends Parameters> {
  /** Parts of the path by name, percent-decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Values<P>;
  readonly headers: IncomingHttpHeaders;
  /** Empty when there was none. */
  readonly body: Buffer;
  /** null when there was no body. */
  readonly mode: BodyMode | null;
  readonly caller: Caller;
  /** When it is answered, epoch ms. */
  readonly nowMs: number;
}

/** A JSON value, or a text with its content type. */
export type Answer =
  | { readonly status: number; readonly json: unknown }
  | { readonly status: number; readonly text: string; readonly contentType: string };

/** A route as data: what is asked, who may ask, how it is described, and who answers. */
export interface Route<P extends Parameters = Parameters> {
  readonly method: 'GET' | 'POST';
  /** `:name` stands for one part of the path. */
  readonly path: `/${string}`;
  /** Without one of these a route is not a route. */
  readonly scope: Scope | 'open';
  readonly summary: string;
  readonly description?: string;
  readonly parameters: P;
  readonly body: RouteBody | null;
  /** The answer when all is well. */
  readonly success: RouteAnswer;
  /** Answers that this route has beside those of all routes: status and when. */
  readonly others?: Readonly<Record<number, RouteAnswer>>;
  /** What is refused here counts as input that was rejected. */
  readonly intake?: boolean;
  answer(call: Call<P>, site: Site): Answer | Promise<Answer>;
}

export interface RouteBody {
  readonly modes: readonly BodyMode[];
  readonly required: boolean;
  readonly description: string;
  readonly schema: SchemaName;
}

export interface RouteAnswer {
  readonly status: number;
  readonly description: string;
  /** null = not JSON: text of `contentType`. */
  readonly schema: SchemaName | null;
  readonly contentType?: string;
}

/** Any route, whatever its parameters. */
export type AnyRoute = Omit<Route, 'answer'> & {
  answer(call: Call<Parameters>, site: Site): Answer | Promise<Answer>;
};

/** Ties the types of a route's parameters to its handler. */
export function defineRoute<const P extends Parameters>(route: Route<P>): AnyRoute {
  return route as unknown as AnyRoute;
}

/** Whether a path as it was sent is the route's path as it is written: letter by letter but for the named parts. */
export function isWrittenAs(route: Pick<AnyRoute, 'path'>, sentPath: string): boolean {
  const wanted = route.path.split('/');
  const sent = sentPath.split('/');
  return (
    wanted.length === sent.length &&
    wanted.every((part, i) => (part.startsWith(':') ? sent[i] !== '' : part === sent[i]))
  );
}
