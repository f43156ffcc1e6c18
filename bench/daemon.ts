import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Rules of the load runs: of 100 triggers one in ten events launches one, and one in ten enters a window. */
export function loadRules(): string {
  const triggers = Array.from(
    { length: 98 },
    (_, i) => `
  - trigger_id: order-${i}
    event_types: [order.placed]
    filters: { payload.shop: shop-${i}, payload.total: { at_least: 900 } }
    workflow_name: note
    workflow_input: { shop: "{{ event.payload.shop }}", total: "{{ event.payload.total }}" }`,
  );
  return `triggers:${triggers.join('')}
  - trigger_id: burst
    event_types: [order.placed]
    filters: { payload.total: { less_than: 100 } }
    group_by: [payload.shop]
    condition: { threshold_reached: { aggregate: count, at_least: 5, within: 60s } }
    workflow_name: note
    cooldown: 1m
workflows:
  note: { executor: log, with: { level: debug } }
`;
}

/** One event of the load, about 450 bytes. */
export function loadEvent(i: number): string {
  return JSON.stringify({
    event_id: `load-${i}`,
    event_type: 'order.placed',
    source: 'shop',
    payload: {
      shop: `shop-${i % 98}`,
      order: `order-${i}`,
      total: (i * 7919) % 1_000,
      lines: [
        { sku: `sku-${i % 1_000}`, quantity: 1 + (i % 5), name: 'A thing that somebody ordered' },
        { sku: `sku-${i % 777}`, quantity: 2, name: 'Another thing' },
      ],
      customer: { id: `c-${i % 5_000}`, country: 'NL', since: '2019-03-01' },
    },
    metadata: { trace: `${i}` },
    priority: 'normal',
  });
}

export interface DaemonProcess {
  readonly port: number;
  readonly process: ChildProcess;
  readonly rss: () => Promise<number>;
  stop(): Promise<void>;
}

/** Starts the daemon as a user does, on a data folder and a rule folder of its own. */
export async function startDaemonProcess(nodeArguments: readonly string[] = []): Promise<DaemonProcess> {
  const home = mkdtempSync(join(tmpdir(), 'triggerd-load-'));
  const rules = join(home, 'rules');
  const { mkdirSync } = await import('node:fs');
  mkdirSync(rules);
  writeFileSync(join(rules, 'rules.yaml'), loadRules());
  const child = spawn(
    process.execPath,
    [
      ...nodeArguments,
      'bin/triggerd.js',
      'run',
      rules,
      '--port',
      '0',
      '--data',
      join(home, 'data'),
      '--log-level',
      'info',
      '--storm-per-minute',
      '10000000',
    ],
    { stdio: ['ignore', 'inherit', 'pipe'] },
  );
  const port = await new Promise<number>((resolve, reject) => {
    let text = '';
    child.stderr.on('data', (piece: Buffer) => {
      text += piece.toString();
      const found = /"url":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(text);
      if (found !== null) resolve(Number(found[1]));
      if (text.length > 1_000_000) text = '';
    });
    child.on('exit', (code) => reject(new Error(`the daemon ended with ${code}: ${text}`)));
  });
  const { readFile } = await import('node:fs/promises');
  return {
    port,
    process: child,
    async rss() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
    },
    stop: () =>
      new Promise((resolve) => {
        child.removeAllListeners('exit');
        child.on('exit', () => {
          rmSync(home, { recursive: true, force: true });
          resolve();
        });
        child.kill('SIGTERM');
      }),
  };
}

/** A client with connections that stay open. */
export function createClient(port: number, connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const call = (
    method: string,
    path: string,
    body: string | null,
    type: string,
  ): Promise<{ readonly status: number; readonly text: string }> =>
    new Promise((resolve, reject) => {
      const sent = request(
        {
          port,
          host: '127.0.0.1',
          method,
          path,
          agent,
          headers: body === null ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) },
        },
        (answer) => {
          const pieces: Buffer[] = [];
          answer.on('data', (piece: Buffer) => pieces.push(piece));
          answer.on('end', () =>
            resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString() }),
          );
        },
      );
      sent.on('error', reject);
      if (body !== null) sent.write(body);
      sent.end();
    });
  return {
    call,
    /** Sends events, as many requests at once as there are connections; refused ones are an error. */
    async send(bodies: readonly string[], type: string, each?: (ms: number) => void): Promise<void> {
      let next = 0;
      const worker = async (): Promise<void> => {
        while (next < bodies.length) {
          const body = bodies[next++] as string;
          const begun = performance.now();
          const { status, text } = await call('POST', '/v1/events', body, type);
          if (status !== 202) throw new Error(`${status}: ${text.slice(0, 300)}`);
          each?.(performance.now() - begun);
        }
      };
      await Promise.all(Array.from({ length: connections }, worker));
    },
    close: () => agent.destroy(),
  };
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
