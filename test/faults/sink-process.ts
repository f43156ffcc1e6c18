import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { seededRandom } from './support/random.js';

/** What the sink knows of one idempotency key. */
export interface Effect {
  readonly key: string;
  /** How often it was asked for; only the first time is an effect. */
  readonly times: number;
  /** Whether it was asked for with different bodies. */
  readonly differs: boolean;
}

/*
 * Where effects happen: an idempotent receiver that outlives the daemon. It takes its time to answer, now and then refuses
 * what it was asked, and now and then does it and cuts the connection. Says its port; ends when its standard input does.
 */
const random = seededRandom(Number(process.argv[2] ?? 1));
const REFUSED = 0.02;
const CUT_OFF = 0.02;
const SLOWEST_MS = 20;

const effects = new Map<string, { times: number; digest: string; differs: boolean }>();

function take(key: string, body: Buffer): void {
  const digest = createHash('sha1').update(body).digest('base64');
  const known = effects.get(key);
  if (known === undefined) effects.set(key, { times: 1, digest, differs: false });
  else {
    known.times++;
    known.differs ||= known.digest !== digest;
  }
}

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    const all: Effect[] = [...effects].map(([key, { times, differs }]) => ({ key, times, differs }));
    response.end(JSON.stringify(all));
    return;
  }
  const chunks: Buffer[] = [];
  request.on('error', () => undefined);
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const luck = random();
    if (luck < REFUSED) {
      response.writeHead(503).end();
      return;
    }
    take(String(request.headers['idempotency-key']), Buffer.concat(chunks));
    if (luck < REFUSED + CUT_OFF) request.socket.destroy();
    else setTimeout(() => response.writeHead(204).end(), random() * SLOWEST_MS);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`);
});
process.stdin.on('end', () => process.exit(0)).resume();
