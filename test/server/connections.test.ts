import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fault } from '../../src/kernel/fault.js';
import { createHttpServer } from '../../src/server/http-server.js';
import { ask, type HttpBench, startHttp, tokenFor } from './http-bench.js';
import { sendRaw } from './raw-request.js';

const TOKEN = 'tok-6f2b8a7c90d1e345';
const HEAD = ['POST /v1/events HTTP/1.1', 'Host: 127.0.0.1', 'Content-Type: application/json'];
const text = (...lines: string[]): string => `${lines.join('\r\n')}\r\n\r\n`;

function readUntil(socket: Socket, pattern: RegExp): Promise<string> {
  return new Promise((resolve) => {
    let seen = '';
    const done = (): void => {
      socket.off('data', onData);
      resolve(seen);
    };
    const onData = (bytes: Buffer): void => {
      seen += bytes.toString('latin1');
      if (pattern.test(seen)) done();
    };
    socket.on('data', onData);
    socket.once('close', done);
    socket.on('error', () => undefined);
  });
}

describe('before a body is read', () => {
  let bench: HttpBench;
  beforeAll(async () => {
    bench = await startHttp({ tokens: [tokenFor('one', TOKEN, 'ingest', 'read')], requestTimeoutMs: 5_000 });
  });
  afterAll(() => bench.close());

  it('a caller without a token is refused, whose body never comes', async () => {
    const { statuses, tookMs } = await sendRaw(bench.port, text(...HEAD, 'Content-Length: 8000000'));
    expect(statuses).toEqual([401]);
    expect(tookMs).toBeLessThan(1_000);
  });

  it('a caller without a token is not told to continue', async () => {
    const outcome = await sendRaw(bench.port, text(...HEAD, 'Content-Length: 30', 'Expect: 100-continue'));
    expect(outcome.text).not.toContain('100 Continue');
    expect(outcome.statuses).toEqual([401]);
    expect(outcome.text.toLowerCase()).toContain('connection: close');
  });

  it.each([
    ['too large', 'Content-Length: 9000000', 413],
    ['of an unknown type', 'Content-Length: 10\r\nX: y', 415],
  ])('a caller whose body is %s is not told to continue', async (_name, header, status) => {
    const head = status === 415 ? [...HEAD.slice(0, 2), 'Content-Type: text/html'] : HEAD;
    const outcome = await sendRaw(
      bench.port,
      text(...head, header, `Authorization: Bearer ${TOKEN}`, 'Expect: 100-continue'),
    );
    expect(outcome.text).not.toContain('100 Continue');
    expect(outcome.statuses).toEqual([status]);
  });

  it('a caller with the right token is told to continue, and served', async () => {
    const body = '{"event_id":"expected"}';
    const response = await new Promise<{ readonly continued: boolean; readonly status: number | undefined }>(
      (resolve, reject) => {
        let continued = false;
        const sent = request({
          port: bench.port,
          host: '127.0.0.1',
          path: '/v1/events',
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'content-length': body.length,
            authorization: `Bearer ${TOKEN}`,
            expect: '100-continue',
          },
        });
        sent.on('continue', () => {
          continued = true;
          sent.end(body);
        });
        sent.on('response', (answer) => {
          answer.resume();
          resolve({ continued, status: answer.statusCode });
        });
        sent.on('error', reject);
        sent.flushHeaders();
      },
    );
    expect(response).toEqual({ continued: true, status: 202 });
  });

  it.each([
    ['without a token', [], 401],
    ['with one, but too large a body', [`Authorization: Bearer ${TOKEN}`], 413],
  ])(
    'a caller %s gets the answer although it sends 12 MB before it looks',
    async (_name, headers, status) => {
      const socket = connect(bench.port, '127.0.0.1');
      socket.pause();
      socket.on('error', () => undefined);
      socket.write(text(...HEAD, ...headers, 'Content-Length: 12000000'));
      await new Promise<void>((resolve) => socket.write(Buffer.alloc(12_000_000, 0x20), () => resolve()));
      const answer = readUntil(socket, /"error"/);
      socket.resume();
      expect(await answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      socket.destroy();
    },
  );

  it('a body without a length that grows too large ends in 413', async () => {
    const socket = connect(bench.port, '127.0.0.1');
    const answer = readUntil(socket, /HTTP\/1\.1 \d{3}[^]*\r\n\r\n/);
    socket.write(text(...HEAD, 'Transfer-Encoding: chunked', `Authorization: Bearer ${TOKEN}`));
    const chunk = Buffer.concat([
      Buffer.from('100000\r\n'),
      Buffer.alloc(0x100000, 0x20),
      Buffer.from('\r\n'),
    ]);
    for (let i = 0; i < 12; i++) socket.write(chunk);
    expect(await answer).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });
});

describe('connections', () => {
  it('serve one request after another, refusals among them', async () => {
    const bench = await startHttp();
    const body = '{"event_id":1}';
    const socket = connect(bench.port, '127.0.0.1');
    const answers = readUntil(socket, /(?:HTTP\/1\.1 \d{3}[^]*){4}"ok"/);
    const post = text(...HEAD, `Content-Length: ${body.length}`) + body;
    const get = (path: string): string => text(`GET ${path} HTTP/1.1`, 'Host: 127.0.0.1');
    socket.write(
      post + get('/nothing') + text('POST /nothing HTTP/1.1', 'Host: 127.0.0.1', 'Content-Length: 3') + 'abc',
    );
    socket.write(get('/healthz'));
    const statuses = [...(await answers).matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status);
    expect(statuses).toEqual(['400', '404', '404', '200']);
    socket.destroy();
    await bench.close();
  });

  it.each([
    ['a head that does not end', 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: '],
    ['a body that does not end', `${text(...HEAD, 'Content-Length: 100')}{"event_id":`],
    ['a body in chunks that does not end', `${text(...HEAD, 'Transfer-Encoding: chunked')}5\r\n{"eve\r\n`],
  ])('with %s are ended in time', async (_name, raw) => {
    const bench = await startHttp({ requestTimeoutMs: 300 });
    const { statuses, tookMs, text: answer } = await sendRaw(bench.port, raw);
    expect(statuses).toEqual([408]);
    expect(answer).toContain('"code":"timeout"');
    expect(tookMs).toBeLessThan(1_500);
    expect(bench.daemon.stored).toEqual([]);
    await bench.close();
  });

  it('are no more than allowed', async () => {
    const bench = await startHttp({ maxConnections: 2 });
    const held = [connect(bench.port, '127.0.0.1'), connect(bench.port, '127.0.0.1')];
    await Promise.all(held.map((socket) => once(socket, 'connect')));
    const asked = text('GET /healthz HTTP/1.1', 'Host: 127.0.0.1');
    const first = readUntil(held[0] as Socket, /"ok"/);
    held[0]?.write(asked);
    expect(await first).toContain('200 OK');
    expect(await sendRaw(bench.port, asked)).toMatchObject({ statuses: [], closed: true });
    held[1]?.destroy();
    held[0]?.destroy();
    await bench.close();
  });

  it('are served to their end when the server closes', async () => {
    const bench = await startHttp();
    let release: () => void = () => undefined;
    const submit = bench.daemon.submit;
    const entered = new Promise<void>((resolve) => {
      bench.daemon.submit = async (events) => {
        resolve();
        await new Promise<void>((go) => {
          release = go;
        });
        return submit(events);
      };
    });
    const under_way = ask(bench, 'POST', '/v1/events', { body: { event_id: 'late' } });
    await entered;
    const closing = bench.close();
    release();
    expect((await under_way).status).toBe(202);
    await closing;
    await expect(ask(bench, 'GET', '/healthz')).rejects.toThrow();
  });
});

describe('listening', () => {
  const without =
    (overrides: object): (() => unknown) =>
    () =>
      createHttpServer({} as never, { tokens: [], allowedOrigins: [], ...overrides } as never, {} as never);

  it.each(['0.0.0.0', '::', '192.168.1.5', 'example.org', '127.0.0.1.example.org', ''])(
    'on %s is refused without tokens',
    (host) => {
      expect(without({ host })).toThrow(expect.objectContaining({ code: 'settings' }) as Error);
    },
  );

  it.each(['localhost', '127.0.0.1', '127.9.9.9'])('on %s is fine without', async (host) => {
    const bench = await startHttp({ host });
    expect((await sendRaw(bench.port, text('GET / HTTP/1.1', `Host: ${host}`))).statuses.length).toBeLessThan(
      2,
    );
    await bench.close();
  });

  it('on every address is fine with tokens', async () => {
    const bench = await startHttp({ host: '0.0.0.0', tokens: [tokenFor('one', TOKEN, 'read')] });
    expect((await ask(bench, 'GET', '/v1/stats', { token: TOKEN })).status).toBe(200);
    await bench.close();
  });

  it('on a port that is taken is a fault of the settings', async () => {
    const bench = await startHttp();
    const failure = await startHttp({ port: bench.port }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Fault);
    expect(failure).toMatchObject({
      code: 'settings',
      hint: expect.stringContaining('another port') as string,
    });
    await bench.close();
  });

  it('with a hash that is none is a fault of the settings', async () => {
    const tokens = [{ name: 'one', scopes: ['read'], hash: TOKEN }];
    await expect(startHttp({ tokens: tokens as never })).rejects.toMatchObject({ code: 'settings' });
  });
});
