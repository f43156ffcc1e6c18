import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.js';
import type { Outcome } from '../../src/model/outcome.js';
import { folderOf, host, listen, run } from './harness.js';
import { startHeartbeat, type Heartbeat } from './heartbeat.js';

/** How long after its timeout an attempt may go on. */
const SLACK_MS = 2_000;

interface BadOne {
  readonly name: string;
  readonly with: () => JsonObject;
  readonly timeoutMs: number;
  /** What its outcome must be like. */
  readonly gives: object;
  readonly input?: JsonObject;
}

/** A long run takes the full measure. */
const LONG = process.env['TRIGGERD_PROPERTY_RUNS'] !== undefined;
const toldToEnd = { ok: false, reason: expect.stringContaining('told to end') };
const large = { text: 'x'.repeat(1_000_000) };
const sh = (script: string) => (): JsonObject => ({ argv: ['sh', '-c', script] });

const COMMANDS: readonly BadOne[] = [
  { name: 'hangs', with: sh('sleep 60'), timeoutMs: 300, gives: toldToEnd },
  {
    name: 'ignores TERM',
    with: sh('trap "" TERM; while :; do sleep 0.05; done'),
    timeoutMs: 300,
    gives: { ...toldToEnd, reason: expect.stringContaining('ended by SIGKILL') },
  },
  { name: 'stops itself', with: sh('kill -STOP $$'), timeoutMs: 300, gives: toldToEnd },
  {
    name: 'leaves a grandchild that holds its output',
    with: sh('sleep 60 & echo done'),
    timeoutMs: 5_000,
    gives: { ok: true, output: { stdout: 'done\n' } },
  },
  {
    name: 'has grandchildren that ignore TERM',
    with: sh('(trap "" TERM; while :; do sleep 0.05; done) & (trap "" TERM; sleep 60) & wait'),
    timeoutMs: 300,
    gives: toldToEnd,
  },
  {
    name: 'has a grandchild in a session of its own',
    with: sh('setsid sleep 60 & sleep 60'),
    timeoutMs: 300,
    gives: toldToEnd,
  },
  {
    name: 'has made a daemon of a grandchild',
    with: sh('setsid sh -c "trap \'\' TERM; (sleep 60 & sleep 60) &" & sleep 60'),
    timeoutMs: 300,
    gives: toldToEnd,
  },
  {
    name: 'writes without end',
    with: sh('yes'),
    timeoutMs: 300,
    gives: { ...toldToEnd, output: { truncated: true } },
  },
  {
    name: 'writes a gigabyte',
    with: () => ({ argv: ['head', '-c', '1000000000', '/dev/zero'] }),
    timeoutMs: LONG ? 60_000 : 1_000,
    gives: { ok: LONG || expect.any(Boolean), output: { truncated: true } },
  },
  { name: 'writes without end to its standard error', with: sh('yes >&2'), timeoutMs: 300, gives: toldToEnd },
  {
    name: 'ends by a signal',
    with: sh('kill -SEGV $$'),
    timeoutMs: 5_000,
    gives: { ok: false, reason: 'ended by SIGSEGV' },
  },
  {
    name: 'closes its standard input',
    with: sh('exec <&-; sleep 0.1; echo done'),
    input: large,
    timeoutMs: 5_000,
    gives: { ok: true },
  },
  {
    name: 'never reads its standard input',
    with: sh('sleep 0.2; echo done'),
    input: large,
    timeoutMs: 5_000,
    gives: { ok: true },
  },
  {
    name: 'closes its output and hangs',
    with: sh('exec >&- 2>&-; sleep 60'),
    timeoutMs: 300,
    gives: toldToEnd,
  },
  {
    name: 'forks a little',
    with: sh('for i in 1 2 3 4 5 6 7 8 9 10; do sleep 60 & (sleep 60 & sleep 60) & done; wait'),
    timeoutMs: 300,
    gives: toldToEnd,
  },
];

const MODULES: readonly BadOne[] = [
  {
    name: 'loops without end',
    with: () => ({ file: 'bad.mjs', export: 'loops' }),
    timeoutMs: 800,
    gives: toldToEnd,
  },
  {
    name: 'waits without end, and ignores TERM',
    with: () => ({ file: 'bad.mjs', export: 'waits' }),
    timeoutMs: 800,
    gives: toldToEnd,
  },
  {
    name: 'takes all memory',
    with: () => ({ file: 'bad.mjs', export: 'grows' }),
    timeoutMs: 15_000,
    gives: { ok: false, reason: 'it needed more than 256 MiB of memory' },
  },
  {
    name: 'ends its process',
    with: () => ({ file: 'bad.mjs', export: 'exits' }),
    timeoutMs: 10_000,
    gives: { ok: false, reason: 'it ended its process before it returned: exit status 0' },
  },
  {
    name: 'rejects with what is no error',
    with: () => ({ file: 'bad.mjs', export: 'rejects' }),
    timeoutMs: 10_000,
    gives: { ok: false, reason: 'it threw {"code":7}' },
  },
  {
    name: LONG ? 'prints 100 MB' : 'prints 10 MB',
    with: () => ({ file: 'bad.mjs', export: 'prints' }),
    timeoutMs: 15_000,
    gives: { ok: true, output: 'printed' },
  },
  {
    name: 'returns 10 MB',
    with: () => ({ file: 'bad.mjs', export: 'returns' }),
    timeoutMs: 10_000,
    gives: { ok: true },
  },
  {
    name: 'writes rubbish where its result goes',
    with: () => ({ file: 'bad.mjs', export: 'rubbish' }),
    timeoutMs: 10_000,
    gives: { ok: false, reason: expect.stringContaining('before it returned') },
  },
];

const BAD_MODULE = `
  import { writeSync } from 'node:fs';
  export const loops = () => { for (;;); };
  export const waits = () => { process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); return new Promise(() => {}); };
  export const grows = () => { const all = []; for (;;) all.push(new Array(1e6).fill(0.5)); };
  export const exits = () => process.exit(0);
  export const rejects = async () => { throw { code: 7 }; };
  export const prints = () => { const mega = 'x'.repeat(1e6); for (let i = 0; i < ${LONG ? 100 : 10}; i++) console.log(mega); return 'printed'; };
  export const returns = () => 'x'.repeat(1e7);
  export const rubbish = () => { writeSync(3, '}{'); return 1; };`;

/** What a server does with a connection, once it was sent something. */
type Rude = (socket: Socket, path: string) => void;

/** Writes again and again, as fast as it is taken or at a pace, until the connection is gone. */
const again = (socket: Socket, chunk: string | Buffer, everyMs: number | null): void => {
  const write = (): void => {
    if (socket.destroyed) return;
    if (everyMs !== null) setTimeout(() => socket.write(chunk, write), everyMs);
    else socket.write(chunk, write);
  };
  write();
};
const BOMB = gzipSync(Buffer.alloc(50_000_000));
const OK = 'HTTP/1.1 200 OK\r\n';
const RUDE: Readonly<Record<string, Rude>> = {
  silent: () => {},
  loop: (socket, path) => socket.end(`HTTP/1.1 302 Found\r\nLocation: ${path}\r\nContent-Length: 0\r\n\r\n`),
  endless: (socket) => {
    socket.write(`${OK}\r\n`);
    again(socket, Buffer.alloc(65_536, 'x'), null);
  },
  drip: (socket) => {
    socket.write(`${OK}Content-Length: 100000\r\n\r\n`);
    again(socket, 'x', 30);
  },
  loris: (socket) => {
    socket.write(OK);
    again(socket, 'X-A: b\r\n', 30);
  },
  closes: (socket) => socket.destroy(),
  short: (socket) => socket.end(`${OK}Content-Length: 1000\r\n\r\nhello`),
  long: (socket) => socket.end(`${OK}Content-Length: 5\r\n\r\nhello and more`),
  bomb: (socket) =>
    socket.end(
      Buffer.concat([Buffer.from(`${OK}Content-Encoding: gzip\r\nConnection: close\r\n\r\n`), BOMB]),
    ),
  headers: (socket) => socket.end(`${OK}${`X-A: ${'b'.repeat(1_000)}\r\n`.repeat(1_000)}\r\n`),
  rubbish: (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
  twice: (socket) => socket.end(`${OK}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`),
  switches: (socket) =>
    socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nhello'),
  processing: (socket) => again(socket, 'HTTP/1.1 102 Processing\r\n\r\n', 5),
  chunks: (socket) => socket.end(`${OK}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx`),
};
let port = 0;
const rude =
  (name: string, more: JsonObject = {}) =>
  (): JsonObject => ({ url: `http://127.0.0.1:${port}/${name}`, ...more });

const REQUESTS: readonly BadOne[] = [
  { name: 'never answers', with: rude('silent'), timeoutMs: 300, gives: toldToEnd },
  {
    name: 'redirects in a circle',
    with: rude('loop', { follow_redirects: 10 }),
    timeoutMs: 5_000,
    gives: { ok: false, retry: 'never' },
  },
  {
    name: 'answers without end',
    with: rude('endless'),
    timeoutMs: 5_000,
    gives: { ok: true, output: { status: 200, truncated: true } },
  },
  {
    name: 'answers byte by byte',
    with: rude('drip'),
    timeoutMs: 300,
    gives: { ok: true, output: { status: 200, truncated: true } },
  },
  { name: 'sends headers without end', with: rude('loris'), timeoutMs: 300, gives: toldToEnd },
  {
    name: 'closes the connection at once',
    with: rude('closes'),
    timeoutMs: 5_000,
    gives: { ok: false, retry: 'yes', reason: expect.stringContaining('closed the connection') },
  },
  {
    name: 'sends less than it said',
    with: rude('short'),
    timeoutMs: 5_000,
    gives: { ok: true, output: { status: 200, body: 'hello', truncated: true } },
  },
  {
    name: 'sends more than it said',
    with: rude('long'),
    timeoutMs: 5_000,
    gives: { ok: true, output: { status: 200, body: 'hello' } },
  },
  {
    name: 'sends a bomb of gzip',
    with: rude('bomb'),
    timeoutMs: 5_000,
    gives: { ok: true, output: { status: 200, body: null } },
  },
  {
    name: 'sends a megabyte of headers',
    with: rude('headers'),
    timeoutMs: 5_000,
    gives: { ok: false, reason: expect.stringContaining('headers that are too large') },
  },
  {
    name: 'speaks no HTTP',
    with: rude('rubbish'),
    timeoutMs: 5_000,
    gives: { ok: false, reason: expect.stringContaining('no HTTP') },
  },
  {
    name: 'says two lengths',
    with: rude('twice'),
    timeoutMs: 5_000,
    gives: { ok: false, reason: expect.stringContaining('no HTTP') },
  },
  { name: 'switches to another protocol', with: rude('switches'), timeoutMs: 5_000, gives: { ok: false } },
  { name: 'is always processing', with: rude('processing'), timeoutMs: 300, gives: toldToEnd },
  {
    name: 'sends a chunk of any length',
    with: rude('chunks'),
    timeoutMs: 5_000,
    gives: { ok: true, output: { truncated: true } },
  },
];

let folder: ReturnType<typeof folderOf>;
let heartbeat: Heartbeat;
const sockets = new Set<Socket>();
const server = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => sockets.delete(socket));
  socket.once('data', (request) => {
    const path = /^\S+ (\S+)/.exec(request.toString('latin1'))?.[1] ?? '';
    RUDE[path.slice(1)]?.(socket, path);
  });
});
beforeAll(async () => {
  folder = folderOf({ 'bad.mjs': BAD_MODULE });
  port = await listen(server);
  heartbeat = startHeartbeat();
});
afterAll(async () => {
  const heldUpMs = heartbeat.longestMs();
  const waitedMs = heartbeat.longestWaitMs();
  await heartbeat.stop();
  server.close();
  for (const socket of sockets) socket.destroy();
  folder.remove();
  // Of all of them together: the event loop went on.
  expect(heldUpMs).toBeLessThanOrEqual(200);
  expect(waitedMs).toBeLessThanOrEqual(2_000);
});

/** Processes that belong to a launch, in whatever group and session. */
async function processesOf(launchId: string): Promise<readonly number[]> {
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    // Empty for one that has ended.
    const environment = await readFile(`/proc/${entry}/environ`, 'latin1').catch(() => '');
    if (environment.includes(`TRIGGERD_LAUNCH_ID=${launchId}\0`)) found.push(Number(entry));
  }
  return found;
}

async function endsInTime(executor: string, bad: BadOne): Promise<Outcome> {
  const launchId = `bad ${executor} ${bad.name}`;
  const on = host({ folder: folder.path, module_folders: [folder.path] });
  const startedAt = heartbeat.elapsedMs();
  const outcome = await run(executor, bad.with(), {
    host: on,
    timeoutMs: bad.timeoutMs,
    launchId,
    ...(bad.input === undefined ? {} : { input: bad.input }),
  });
  expect(heartbeat.elapsedMs() - startedAt).toBeLessThan(bad.timeoutMs + SLACK_MS);
  expect(outcome).toMatchObject(bad.gives);
  expect(JSON.stringify(outcome).length).toBeLessThan(500_000);
  if (existsSync('/proc/self/environ')) expect(await processesOf(launchId)).toEqual([]);
  return outcome;
}

describe('however badly it behaves, an attempt ends in time and leaves nothing behind', () => {
  test.concurrent.each(COMMANDS)(
    'a command that $name',
    async (bad) => void (await endsInTime('command', bad)),
  );
  test.concurrent.each(MODULES)('a module that $name', async (bad) => void (await endsInTime('module', bad)));
  test.concurrent.each(REQUESTS)('a server that $name', async (bad) => void (await endsInTime('http', bad)));

  test.concurrent('a command that ends, but whose daemon holds its output, is not waited for', async () => {
    const startedAt = heartbeat.elapsedMs();
    const launchId = 'bad: leaves a daemon';
    const { argv } = sh(`setsid sleep 60 & echo $! > ${join(folder.path, 'daemon')}`)();
    expect(await run('command', { argv: argv ?? null }, { launchId })).toMatchObject({ ok: true });
    expect(heartbeat.elapsedMs() - startedAt).toBeLessThan(SLACK_MS);
    // In a session of its own it was left running on purpose.
    for (const pid of await processesOf(launchId)) process.kill(pid, 'SIGKILL');
  });
});
