import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Fault } from '../kernel/fault.js';
import { sha256 } from '../kernel/hash.js';
import { refuseForeignPages } from './foreign-pages.js';
import { type HttpOptions, SCOPES, type Scope } from './http-options.js';
import { Refusal } from './refusal.js';

/** Who a request comes from. */
export interface Caller {
  /** Of the token. */
  readonly name: string;
  may(scope: Scope): boolean;
}

/** Decides by the head of a request alone, before its body is read, whether it is let in. */
export interface Gate {
  /** `open`: anybody. null: anybody who has a token. Throws a Refusal. */
  admit(request: IncomingMessage, scope: Scope | 'open' | null): Caller;
}

/** Headers that decide something: a second one is a trick, since two readers may each believe another. */
const SINGLE_HEADERS = new Set([
  'host',
  'authorization',
  'content-type',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'origin',
]);

const NOBODY: Caller = { name: 'anonymous', may: () => false };
const ANYBODY: Caller = { name: 'anonymous', may: () => true };
const BEARER = /^Bearer +([\x21-\x7e]{1,1024}) *$/i;

/** Throws a Fault `settings` when a token's hash is none. */
export function createGate(options: HttpOptions): Gate {
  const tokens = options.tokens.map(({ name, scopes, hash }) => {
    if (!/^[0-9a-f]{64}$/i.test(hash)) {
      const hint = `printf %s "$TOKEN" | sha256sum`;
      throw new Fault('settings', `the hash of token ${name} is not a SHA-256 in hex`, { hint });
    }
    const caller: Caller = { name, may: (scope) => scopes.includes(scope) };
    return { hash: Buffer.from(hash, 'hex'), caller };
  });
  const bare = tokens.length === 0;

  /** Every hash is compared, so that the time taken says nothing about which of them is near. */
  const callerOf = (token: string): Caller | null => {
    const hash = Buffer.from(sha256(token), 'hex');
    let found: Caller | null = null;
    for (const known of tokens) if (timingSafeEqual(known.hash, hash) && found === null) found = known.caller;
    return found;
  };

  return {
    admit(request, scope) {
      refuseOddHeads(request);
      refuseDoubleHeaders(request);
      refuseForeignPages(request.headers, options.allowedOrigins, bare);
      if (bare) return ANYBODY;
      if (scope === 'open') return NOBODY;
      const header = request.headers.authorization;
      const token = header === undefined ? undefined : BEARER.exec(header)?.[1];
      const caller = token === undefined ? null : callerOf(token);
      if (caller === null) throw unauthorized(header !== undefined);
      if (scope !== null && !caller.may(scope)) throw forbidden(scope);
      return caller;
    },
  };
}

/** What Node's parser lets through although HTTP/1.1 does not. */
function refuseOddHeads({ httpVersion, headers }: IncomingMessage): void {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') {
    throw new Refusal(400, 'request-invalid', `HTTP/${httpVersion} is not spoken here`, {
      hint: 'use HTTP/1.1',
    });
  }
  if (httpVersion === '1.1' && (headers.host ?? '') === '') {
    throw new Refusal(400, 'header-missing', 'the header host is missing');
  }
}

function refuseDoubleHeaders({ rawHeaders }: IncomingMessage): void {
  let seen: Set<string> | null = null;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] as string).toLowerCase();
    if (!SINGLE_HEADERS.has(name) && !name.startsWith('ce-')) continue;
    seen ??= new Set();
    if (seen.has(name)) throw new Refusal(400, 'header-repeated', `the header ${name} stands more than once`);
    seen.add(name);
  }
}

function unauthorized(given: boolean): Refusal {
  const challenge = given ? 'Bearer realm="triggerd", error="invalid_token"' : 'Bearer realm="triggerd"';
  return new Refusal(401, 'unauthorized', given ? 'the token is not known' : 'a token is needed', {
    hint: 'send the header Authorization: Bearer TOKEN',
    headers: { 'www-authenticate': challenge },
  });
}

/** The caller is known, and may not do this. */
export function forbidden(scope: Scope): Refusal {
  return new Refusal(403, 'forbidden', `the token does not have the scope ${scope}`, {
    hint: `use a token with the scope ${scope} (there are ${SCOPES.join(', ')})`,
    headers: { 'www-authenticate': `Bearer realm="triggerd", error="insufficient_scope", scope="${scope}"` },
  });
}
