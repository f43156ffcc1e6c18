import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createClient, type Client } from './support/client.js';

/*
 * The daemon as a user starts it, on a disk that is full and on one that breaks.
 */
const BIN = resolve('bin/triggerd.js');
const RULES = `
triggers: [{ trigger_id: each, event_types: [x], workflow_name: note }]
workflows: { note: { executor: log, with: { level: debug } } }
`;
const folders: string[] = [];
const mounts: string[] = [];
const daemons: ChildProcess[] = [];
afterAll(() => {
  for (const daemon of daemons) daemon.kill('SIGKILL');
  for (const mount of mounts) execFileSync('umount', ['--lazy', mount]);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'triggerd-disk-'));
  folders.push(folder);
  return folder;
}

interface Started {
  readonly client: Client;
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
}

async function start(data: string, env: NodeJS.ProcessEnv = {}): Promise<Started> {
  const rules = newFolder();
  writeFileSync(join(rules, 'rules.yaml'), RULES);
  const child = spawn(process.execPath, [BIN, 'run', rules, '--port', '0', '--data', data], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  daemons.push(child);
  const ended = new Promise<number | null>((done) => child.on('exit', (code) => done(code)));
  const port = await new Promise<number>((found, failed) => {
    let text = '';
    child.stderr.on('data', (piece: Buffer) => {
      text += piece.toString();
      const url = /"url":"http:[^"]*:(\d+)"/.exec(text);
      if (url !== null) found(Number(url[1]));
    });
    void ended.then((code) => failed(new Error(`the daemon ended with ${code}: ${text}`)));
  });
  return { client: createClient(port), process: child, ended };
}

const body = (event_id: string, size: number): string =>
  JSON.stringify({ event_id, event_type: 'x', payload: { text: 'x'.repeat(size) } });

/** Ids of all events that the daemon has of the producer's. */
async function stored(client: Client): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  let cursor: string | null = null;
  do {
    const page: { items: { event: { event_id: string } }[]; next: string | null } = await client.read(
      `/v1/events?limit=1000&type=x${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    for (const { event } of page.items) ids.add(event.event_id);
    cursor = page.next;
  } while (cursor !== null);
  return ids;
}

async function until(what: () => Promise<boolean>): Promise<void> {
  const from = performance.now();
  while (!(await what())) {
    if (performance.now() - from > 20_000) throw new Error('it did not come to pass');
    await new Promise((done) => setTimeout(done, 100));
  }
}

const disk = newFolder();
let isMounted = false;
try {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', disk], { stdio: 'pipe' });
  mounts.push(disk);
  isMounted = true;
} catch {
  console.warn('SKIPPED: a full disk is not tested, since this user may not mount one');
}

test.skipIf(!isMounted)(
  'a full disk: 503, reads are served, it goes on by itself, and nothing acknowledged is lost',
  async () => {
    const { client, process: daemon, ended } = await start(join(disk, 'data'));
    const acknowledged: string[] = [];
    const send = async (id: string): Promise<number> => {
      const { status } = await client.send('POST', '/v1/events', body(id, 1_000));
      if (status === 202) acknowledged.push(id);
      return status;
    };
    expect(await send('first')).toBe(202);
    const filler = join(disk, 'filler');
    execFileSync('sh', ['-c', `cat /dev/zero > ${filler} 2>/dev/null || true`]);
    let refused = 0;
    for (let i = 0; i < 20_000 && refused === 0; i++) refused = (await send(`filling-${i}`)) === 202 ? 0 : 1;
    const answer = await client.send('POST', '/v1/events', body('refused', 1_000));
    expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([503, 'store-full']);
    const ready = await client.send('GET', '/readyz');
    expect([ready.status, JSON.parse(ready.text).problems]).toEqual([503, ['store full']]);
    expect((await client.send('GET', '/v1/launches')).status).toBe(200);
    rmSync(filler);
    await until(async () => (await client.send('GET', '/readyz')).status === 200);
    expect(await send('after')).toBe(202);
    expect(await stored(client)).toEqual(new Set(acknowledged));
    daemon.kill('SIGTERM');
    expect(await ended).toBe(0);
  },
  60_000,
);

const hasCompiler = existsSync('/usr/bin/gcc') || existsSync('/usr/local/bin/gcc');
if (!hasCompiler) console.warn('SKIPPED: a failed fsync is not tested, since there is no gcc');

test.skipIf(!hasCompiler)(
  'a failed fsync: the daemon ends with exit code 4, and nothing acknowledged is lost',
  async () => {
    const tools = newFolder();
    const shim = join(tools, 'shim.so');
    execFileSync('gcc', ['-shared', '-fPIC', '-o', shim, resolve('test/stores/fsync-shim.c'), '-ldl']);
    const failing = join(tools, 'failing');
    const data = join(newFolder(), 'data');
    mkdirSync(data);
    const first = await start(data, { LD_PRELOAD: shim, FAILING_FSYNC: failing });
    const acknowledged: string[] = [];
    const statuses: number[] = [];
    for (let i = 0; i < 30; i++) {
      if (i === 20) writeFileSync(failing, '');
      // Whatever becomes of the connection, only a 2xx is a promise.
      const answer = await first.client.send('POST', '/v1/events', body(`e${i}`, 10)).catch(() => null);
      statuses.push(answer?.status ?? 0);
      if (answer?.status === 202) acknowledged.push(`e${i}`);
    }
    expect(await first.ended).toBe(4);
    expect(acknowledged.length).toBeGreaterThanOrEqual(19);
    expect(statuses.slice(22)).not.toContain(202);
    const second = await start(data);
    const there = await stored(second.client);
    for (const id of acknowledged) expect(there).toContain(id);
    second.process.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  },
  60_000,
);
