import { Agent, type OutgoingHttpHeaders, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../../src/server/routes.js';
import { SCOPES, type Scope } from '../../src/server/http-options.js';
import { type HttpBench, sha256, startHttp, tokenFor } from './http-bench.js';
import { sendPipelined } from './raw-request.js';

const TOKENS: Readonly<Record<Scope, string>> = {
  ingest: 'tok-ingest-7f3a9c55e1d24b0f',
  read: 'tok-read-0b8d61aa94c7e23f',
  admin: 'tok-admin-c2e94f7718ab603d',
};

let bench: HttpBench;
const agent = new Agent({ keepAlive: true, maxSockets: 8 });
beforeAll(async () => {
  bench = await startHttp({ tokens: SCOPES.map((scope) => tokenFor(scope, TOKENS[scope], scope)) });
  bench.daemon.addLaunch('dead-1', 'dead');
});
afterAll(async () => {
  agent.destroy();
  await bench.close();
});

/** A request whose path is sent as it is given. */
function statusOf(method: string, path: string, headers: OutgoingHttpHeaders, body = ''): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { agent, port: bench.port, host: '127.0.0.1', method, path, headers },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Headers to send; several under one name as a list. */
type Heads = Record<string, string | number | string[]>;

interface Target {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly scope: Scope;
}

const BODIES: Readonly<Record<string, string>> = {
  '/v1/events': '{"event_id":"intruder"}',
  '/v1/dry-run': '{"event_id":"intruder"}',
  '/v1/triggers/:id/reset': '{"group":null}',
  '/v1/triggers/:id/snooze': '{"until":"1h"}',
};
const TARGETS: readonly Target[] = ROUTES.flatMap(({ method, path, scope }) => {
  if (scope === 'open') return [];
  const id = path.includes('launches') ? 'dead-1' : path.includes('triggers') ? 'watch' : 'a';
  const target = {
    name: `${method} ${path}`,
    path: path.replace(':id', id),
    body: method === 'POST' ? (BODIES[path] ?? '{}') : '',
    scope,
  };
  return method === 'GET'
    ? [
        { ...target, method },
        { ...target, method: 'HEAD', name: `HEAD ${path}` },
      ]
    : [{ ...target, method }];
});

const right = (scope: Scope): string => TOKENS[scope];
/** Headers, and what is added to the path, that must not be enough. */
const CREDENTIALS: Readonly<
  Record<string, (scope: Scope) => { readonly headers?: Heads; readonly query?: string }>
> = {
  none: () => ({}),
  'an empty header': () => ({ headers: { authorization: '' } }),
  'a scheme alone': () => ({ headers: { authorization: 'Bearer' } }),
  'a scheme and a space': () => ({ headers: { authorization: 'Bearer ' } }),
  'a wrong token': () => ({ headers: { authorization: 'Bearer tok-wrong-0000000000000000' } }),
  'the right token under Basic': (scope) => ({ headers: { authorization: `Basic ${right(scope)}` } }),
  'the right token as a user of Basic': (scope) => ({
    headers: { authorization: `Basic ${Buffer.from(`${right(scope)}:`).toString('base64')}` },
  }),
  'the right token without a scheme': (scope) => ({ headers: { authorization: right(scope) } }),
  'the right token behind a colon': (scope) => ({ headers: { authorization: `Bearer: ${right(scope)}` } }),
  'the right token in quotes': (scope) => ({ headers: { authorization: `Bearer "${right(scope)}"` } }),
  'all but the last letter of it': (scope) => ({
    headers: { authorization: `Bearer ${right(scope).slice(0, -1)}` },
  }),
  'one letter more': (scope) => ({ headers: { authorization: `Bearer ${right(scope)}x` } }),
  'a word more': (scope) => ({ headers: { authorization: `Bearer ${right(scope)} x` } }),
  'a list with it': (scope) => ({ headers: { authorization: `Bearer wrong, Bearer ${right(scope)}` } }),
  'it in capitals': (scope) => ({ headers: { authorization: `Bearer ${right(scope).toUpperCase()}` } }),
  'its hash': (scope) => ({ headers: { authorization: `Bearer ${sha256(right(scope))}` } }),
  'its name': (scope) => ({ headers: { authorization: `Bearer ${scope}` } }),
  'a wrong header, then the right one': (scope) => ({
    headers: { authorization: ['Bearer wrong', `Bearer ${right(scope)}`] },
  }),
  'the right header, then a wrong one': (scope) => ({
    headers: { authorization: [`Bearer ${right(scope)}`, 'Bearer wrong'] },
  }),
  'it in the query': (scope) => ({ query: `access_token=${right(scope)}` }),
  'it in a cookie': (scope) => ({
    headers: { cookie: `token=${right(scope)}; authorization=Bearer ${right(scope)}` },
  }),
  'it in other headers': (scope) => ({
    headers: {
      'x-api-key': right(scope),
      'proxy-authorization': `Bearer ${right(scope)}`,
      'x-forwarded-for': '127.0.0.1',
    },
  }),
  'the tokens of the other scopes': (scope) => ({
    headers: { authorization: `Bearer ${right(SCOPES.find((other) => other !== scope) as Scope)}` },
  }),
  'the token of the third scope': (scope) => ({
    headers: { authorization: `Bearer ${right(SCOPES.findLast((other) => other !== scope) as Scope)}` },
  }),
};

const PATH_TRICKS: Readonly<Record<string, (path: string) => string>> = {
  'as it is': (path) => path,
  'with a slash behind': (path) => `${path}/`,
  'with two slashes before': (path) => `/${path}`,
  'with two slashes within': (path) => path.replace(/\/(?=[^/]*$)/, '//'),
  'through a dot': (path) => `/.${path}`,
  'through an open path': (path) => `/healthz/..${path}`,
  'through an open path in percent codes': (path) => `/healthz/%2e%2e${path}`,
  'in capitals': (path) => path.toUpperCase(),
  'with a letter in percent codes': (path) =>
    path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  'with slashes in percent codes': (path) => `/${path.slice(1).replaceAll('/', '%2f')}`,
  'with backslashes': (path) => `/${path.slice(1).replaceAll('/', '\\')}`,
  'with a semicolon': (path) => `${path};x`,
  'with an open path behind a semicolon': (path) => `${path};/healthz`,
  'with a zero byte': (path) => `${path}%00`,
  'with a blank': (path) => `${path}%20`,
  'with an ending': (path) => `${path}.json`,
  'with a fragment': (path) => `${path}#/healthz`,
  'as an absolute target': (path) => `http://127.0.0.1${path}`,
};

function headersFor(target: Target, headers: Heads = {}): Heads {
  if (target.body === '') return headers;
  return { 'content-type': 'application/json', 'content-length': Buffer.byteLength(target.body), ...headers };
}

function rawRequest(target: Target, path: string, headers: Heads): string {
  const lines = [`${target.method} ${path} HTTP/1.1`, 'host: 127.0.0.1'];
  for (const [name, value] of Object.entries(headersFor(target, headers))) {
    for (const one of Array.isArray(value) ? value : [value]) lines.push(`${name}: ${one}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n${target.body}`;
}

describe('with tokens', () => {
  it.each(Object.keys(CREDENTIALS))('nothing is answered to %s, on any path', async (name) => {
    const attempts = TARGETS.flatMap((target) =>
      Object.entries(PATH_TRICKS).map(([trick, change]) => {
        const { headers = {}, query } = CREDENTIALS[name]?.(target.scope) ?? {};
        const path = change(target.path) + (query === undefined ? '' : `?${query}`);
        return { what: `${target.name} ${trick}`, raw: rawRequest(target, path, headers) };
      }),
    );
    const statuses = await sendPipelined(
      bench.port,
      attempts.map(({ raw }) => raw),
    );
    expect(statuses).toHaveLength(TARGETS.length * Object.keys(PATH_TRICKS).length);
    const refused = (status: number | null): boolean => status === null || (status >= 400 && status <= 499);
    expect(attempts.filter((_, i) => !refused(statuses[i] ?? null)).map(({ what }) => what)).toEqual([]);
    // Ends of connections are for what is no HTTP, not for what is merely refused.
    expect(statuses.filter((status) => status === null).length).toBeLessThan(statuses.length / 10);
    expect(bench.daemon.stored).toEqual([]);
    expect(bench.daemon.resets).toEqual([]);
    expect(bench.daemon.snoozedUntil).toBeNull();
    expect(bench.daemon.launch('dead-1')?.status).toBe('dead');
  });

  it.each(TARGETS.map((target): [string, Target] => [target.name, target]))(
    '%s is 401 without one, 403 with another, and let in with the right one',
    async (_name, target) => {
      const other = SCOPES.find((scope) => scope !== target.scope) as Scope;
      const ask = (token: string | null): Promise<number> =>
        statusOf(
          target.method,
          // What changes something is asked for where there is nothing to change.
          target.method === 'POST' ? target.path.replace(/dead-1|watch/, 'nothing') : target.path,
          headersFor(target, token === null ? {} : { authorization: `Bearer ${token}` }),
          target.name === 'POST /v1/events' ? '[]'.padEnd(target.body.length) : target.body,
        );
      expect(await ask(null)).toBe(401);
      expect(await ask(TOKENS[other])).toBe(403);
      expect([200, 202, 404, 426]).toContain(await ask(TOKENS[target.scope]));
    },
  );

  it('a scheme in other letters is the same scheme', async () => {
    expect(await statusOf('GET', '/v1/stats', { authorization: `bearer  ${TOKENS.read}` })).toBe(200);
  });

  it('only /healthz is open', async () => {
    expect(ROUTES.filter(({ scope }) => scope === 'open').map(({ path }) => path)).toEqual(['/healthz']);
    expect(await statusOf('GET', '/healthz', {})).toBe(200);
    expect(await statusOf('HEAD', '/healthz', {})).toBe(200);
    expect(await statusOf('GET', '/healthz', { authorization: 'Bearer wrong' })).toBe(200);
  });

  it('nobody is told without one what there is', async () => {
    expect(await statusOf('GET', '/v1/nothing', {})).toBe(401);
    expect(await statusOf('PUT', '/v1/events', {})).toBe(401);
    expect(await statusOf('GET', '/v1/nothing', { authorization: `Bearer ${TOKENS.read}` })).toBe(404);
    expect(await statusOf('PUT', '/v1/events', { authorization: `Bearer ${TOKENS.read}` })).toBe(405);
  });

  it('what events led to is for those who may read', async () => {
    const body = '{"event_id":"x"}';
    const headers = {
      'content-type': 'application/json',
      'content-length': body.length,
      authorization: `Bearer ${TOKENS.ingest}`,
    };
    expect(await statusOf('POST', '/v1/events?wait=decision', headers, body)).toBe(403);
    expect(bench.daemon.stored).toEqual([]);
  });

  it('an answer that refuses says what is missing, in the words of the standard', async () => {
    const challenge = async (headers: Record<string, string>): Promise<string | null> =>
      (await fetch(`${bench.url}/v1/stats`, { headers })).headers.get('www-authenticate');
    expect(await challenge({})).toBe('Bearer realm="triggerd"');
    expect(await challenge({ authorization: 'Bearer x' })).toBe(
      'Bearer realm="triggerd", error="invalid_token"',
    );
    expect(await challenge({ authorization: `Bearer ${TOKENS.ingest}` })).toBe(
      'Bearer realm="triggerd", error="insufficient_scope", scope="read"',
    );
  });
});

describe('pages of other sites', () => {
  const ORIGIN = 'https://board.example';
  let open: HttpBench;
  beforeAll(async () => {
    open = await startHttp({ allowedOrigins: [ORIGIN] });
  });
  afterAll(() => open.close());

  const status = (headers: OutgoingHttpHeaders): Promise<number> =>
    new Promise((resolve, reject) => {
      const sent = request({ port: open.port, host: '127.0.0.1', path: '/v1/stats', headers }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
      sent.on('error', reject);
      sent.end();
    });

  it.each([
    ['no origin', {}, 200],
    ['the daemon by its name', { host: 'localhost:7878' }, 200],
    ['the daemon by its IPv6 address', { host: '[::1]:7878' }, 200],
    ['the daemon through a forwarded port', { host: '127.0.0.1:80' }, 200],
    ['its own page', { host: 'localhost:7878', origin: 'http://localhost:7878' }, 200],
    ['an allowed page', { host: 'localhost:7878', origin: ORIGIN }, 200],
    ['an allowed page behind a proxy', { host: 'board.example', origin: ORIGIN }, 200],
    ['another port of this machine', { host: 'localhost:7878', origin: 'http://localhost:3000' }, 403],
    ['another page', { host: 'localhost:7878', origin: 'https://evil.example' }, 403],
    ['a page with the allowed one in its name', { host: 'localhost', origin: `${ORIGIN}.evil.example` }, 403],
    ['a file', { host: 'localhost:7878', origin: 'null' }, 403],
    ['another site that says so', { host: 'localhost:7878', 'sec-fetch-site': 'cross-site' }, 403],
    ['the same site that says so', { host: 'localhost:7878', 'sec-fetch-site': 'same-origin' }, 200],
    ['a name that was made to point here', { host: 'evil.example:7878' }, 421],
    ['the same, with its page', { host: 'evil.example:7878', origin: 'http://evil.example:7878' }, 421],
    ['a name that ends like ours', { host: 'evil-localhost:7878' }, 421],
    ['an address that is written oddly', { host: '127.1' }, 421],
    ['the unspecified address', { host: '0.0.0.0:7878' }, 421],
  ] as const)('%s', async (_name, headers, expected) => {
    expect(await status(headers)).toBe(expected);
  });
});
