import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = 'nats-server';
const isThere = spawnSync(PROGRAM, ['--version']).error === undefined;
const isRequired = ['CI', 'TRIGGERD_REQUIRE_NATS'].some((name) => (process.env[name] ?? '') !== '');

/**
 * Whether tests with a real server can run. Where they have to and it is missing, they run all the same, and fail.
 */
export const hasNatsServer = isThere || isRequired;
if (!isThere)
  process.stderr.write(
    `${PROGRAM} is not installed: tests with a real one ${isRequired ? 'fail' : 'are left out'}\n`,
  );

/** A nats-server with JetStream on a port of its own, which it keeps over restarts. */
export interface NatsServer {
  readonly port: number;
  /** `nats://127.0.0.1:port`. */
  readonly url: string;
  /** Resolves when clients are taken. */
  start(): Promise<void>;
  /** Ends it as an operator does, or at once; resolves when it is gone. Its data stay. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Ends it at once, and removes its data. */
  remove(): Promise<void>;
}

const living = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** `config`: lines of its configuration beside port and storage. `jetstream: false`: without. */
export async function startNatsServer(
  options: { readonly config?: string; readonly jetstream?: boolean } = {},
): Promise<NatsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'triggerd-nats-'));
  const port = await freePort();
  const path = join(folder, 'server.conf');
  const storage = options.jetstream === false ? '' : `jetstream { store_dir: "${join(folder, 'store')}" }\n`;
  writeFileSync(path, `listen: "127.0.0.1:${port}"\n${storage}${options.config ?? ''}\n`);
  let running: { readonly child: ChildProcess; readonly ended: Promise<void> } | null = null;

  const start = async (): Promise<void> => {
    const child = spawn(PROGRAM, ['-c', path], { stdio: ['ignore', 'ignore', 'pipe'] });
    living.add(child);
    const lines: string[] = [];
    const ended = new Promise<void>((resolve) => {
      const over = (): void => {
        living.delete(child);
        resolve();
      };
      child.once('close', over);
      child.once('error', over);
    });
    running = { child, ended };
    const isReady = new Promise<boolean>((resolve) => {
      createInterface({ input: child.stderr }).on('line', (line) => {
        lines.push(line);
        if (line.includes('Server is ready')) resolve(true);
      });
      void ended.then(() => resolve(false));
    });
    if (!(await isReady)) throw new Error(`${PROGRAM} did not start:\n${lines.join('\n')}`);
  };
  const stop = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> => {
    running?.child.kill(signal);
    await running?.ended;
    running = null;
  };
  await start();
  return {
    port,
    url: `nats://127.0.0.1:${port}`,
    start,
    stop,
    async remove() {
      await stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
