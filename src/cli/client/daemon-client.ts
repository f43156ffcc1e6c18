import { Fault } from '../../kernel/fault.js';
import { isObject, type Json, ownValue } from '../../kernel/json.js';
import type { WireProblem } from '../../model/wire.js';
import { printable } from '../output/printable.js';
import { Refused } from './refused.js';

/** Values of a query; null and empty lists are left out. */
export type Query = Readonly<Record<string, string | number | null | readonly string[]>>;

/** The HTTP interface of a running daemon. Throws the Faults `unreachable` and `refused`. */
export interface DaemonClient {
  /** `accept`: statuses that are answers too, beside 2xx. */
  get<T>(path: string, query?: Query, accept?: readonly number[]): Promise<T>;
  post<T>(path: string, body: Body, query?: Query): Promise<T>;
}

export interface Body {
  readonly text: string;
  readonly contentType: string;
}

export function jsonBody(value: unknown): Body {
  return { text: JSON.stringify(value), contentType: 'application/json' };
}

const TIMEOUT_MS = 60_000;

export interface ClientOptions {
  /** http or https, with or without a path that all others are below. */
  readonly url: string;
  readonly token: string | null;
}

/** Throws a Fault `usage` when the URL is none. */
export function createDaemonClient({ url, token }: ClientOptions): DaemonClient {
  const base = parseBase(url);
  const target = (path: string, query: Query): URL => {
    const to = new URL(path.replace(/^\//, ''), base);
    for (const [name, value] of Object.entries(query)) {
      const values = Array.isArray(value)
        ? (value as readonly string[])
        : value === null
          ? []
          : [String(value)];
      for (const one of values) to.searchParams.append(name, one);
    }
    return to;
  };
  const call = async <T>(
    path: string,
    query: Query,
    accept: readonly number[],
    init: { readonly method: string; readonly body?: string; readonly headers: Record<string, string> },
  ): Promise<T> => {
    const headers = { accept: 'application/json', ...init.headers };
    let response: Response;
    let text: string;
    try {
      response = await fetch(target(path, query), {
        ...init,
        headers: token === null ? headers : { ...headers, authorization: `Bearer ${token}` },
        // The token is for this address, not for where it points to.
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      text = await response.text();
    } catch (cause) {
      throw unreachable(base, cause);
    }
    const json = parseAnswer(text);
    if ((response.ok || accept.includes(response.status)) && json !== undefined) return json as T;
    throw refusedBy(base, response, json, token !== null);
  };
  return {
    get: (path, query = {}, accept = []) => call(path, query, accept, { method: 'GET', headers: {} }),
    post: (path, { text, contentType }, query = {}) =>
      call(path, query, [], { method: 'POST', body: text, headers: { 'content-type': contentType } }),
  };
}

/** Where all paths of the daemon are below. Throws a Fault `usage` when the URL is none. */
export function parseBase(url: string): URL {
  const base = URL.canParse(url) ? new URL(url) : null;
  if (base === null || (base.protocol !== 'http:' && base.protocol !== 'https:') || base.username !== '') {
    throw new Fault('usage', `there is no daemon at ${JSON.stringify(url)}: that is no http URL`, {
      hint: 'give --url http://127.0.0.1:7878, and the token in TRIGGERD_TOKEN',
    });
  }
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  base.search = '';
  base.hash = '';
  return base;
}

function shown(base: URL): string {
  return base.href.replace(/\/$/, '');
}

/** undefined for what is not JSON. */
export function parseAnswer(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // Not the daemon's answer: what it is is said by who reads the status.
    return undefined;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up',
  ECONNRESET: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  EHOSTUNREACH: 'there is no way to the host',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
};

/** The fault of a call that failed with `error`, whose cause says why. */
export function unreachable(base: URL, error: unknown): Fault {
  const isTimeout = error instanceof Error && error.name === 'TimeoutError';
  const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  const code = cause?.code ?? '';
  const reason = isTimeout
    ? `it did not answer within ${TIMEOUT_MS / 1_000} seconds`
    : (REASONS[code] ?? cause?.message ?? (error as Error).message);
  return new Fault('unreachable', `the daemon at ${shown(base)} cannot be reached: ${reason}`, {
    hint: 'is `triggerd run` running? --url or TRIGGERD_URL say where',
    cause: error,
  });
}

/** The fault of an answer that is none: what the daemon said, or that it was not the daemon. */
export function refusedBy(base: URL, response: Response, json: Json | undefined, hasToken: boolean): Refused {
  const { status } = response;
  const error = isObject(json) ? ownValue(json, 'error') : undefined;
  if (!isObject(error) || typeof error['message'] !== 'string') {
    return new Refused(
      `what answers at ${shown(base)} is not triggerd, or not this version of it (status ${status})`,
      {
        status,
        refusal: null,
        hint: '--url or TRIGGERD_URL say where the daemon is',
      },
    );
  }
  const tokenHint = hasToken ? null : 'give a token: --token TOKEN, or TRIGGERD_TOKEN in the environment';
  const hint = typeof error['hint'] === 'string' ? printable(error['hint']) : null;
  return new Refused(`the daemon refused: ${printable(error['message'])}`, {
    status,
    refusal: typeof error['code'] === 'string' ? error['code'] : null,
    hint: status === 401 ? (tokenHint ?? hint) : hint,
    problems: Array.isArray(error['problems']) ? (error['problems'] as unknown as WireProblem[]) : [],
    retryAfterMs: retryAfterMs(response.headers.get('retry-after')),
  });
}

/** In seconds: the daemon gives no dates. */
function retryAfterMs(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : null;
}
