/**
 * What clients of the stream that never read cost, and those beside them: 2 000 clients subscribe to everything and then
 * stop reading, 50 others go on. The daemon's engine and server run in a process of their own, on a store in memory; the
 * clients share this one with whoever hands in the events.
 */
import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runSlowLoad } from '../test/server/stream/slow-load.js';
import { startStream } from '../test/server/stream/stream-bench.js';
import { createClient, percentile } from './daemon.js';
import { machine, table } from './machine.js';

const SLOW = Number(process.argv[2] ?? 2_000);
const HEALTHY = 50;
const PAYLOAD_BYTES = 16 * 1024;
const EVERY_MS = 20;

async function serve(): Promise<void> {
  const { port } = await startStream({ maxConnections: 5_000 });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ port });
}

async function measure(): Promise<void> {
  const server = fork(fileURLToPath(import.meta.url), ['serve'], { execArgv: process.execArgv });
  const port = await new Promise<number>((resolve) => {
    server.once('message', (message) => resolve((message as { port: number }).port));
  });
  const residentMiB = async (): Promise<number> => {
    const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
  };
  const client = createClient(port, 4);
  let most = 0;
  const before = await residentMiB();
  const outcome = await runSlowLoad({
    port,
    slow: SLOW,
    healthy: HEALTHY,
    payloadBytes: PAYLOAD_BYTES,
    bulkBytes: 0,
    everyMs: EVERY_MS,
    limitMs: 60_000,
    async emit(event) {
      await client.send([JSON.stringify(event)], 'application/json');
      most = Math.max(most, await residentMiB());
    },
  });
  client.close();
  server.disconnect();
  const { droppedAfterMs, dropped, bufferedBytes, events, wrong, latenciesMs } = outcome;
  const ms = (value: number): string => value.toFixed(1);
  console.log(machine());
  console.log(
    table([
      ['', ''],
      ['clients that never read', String(SLOW)],
      ['of them dropped', String(dropped)],
      ['after the first event, ms', droppedAfterMs === null ? 'never' : ms(droppedAfterMs)],
      ['events of 16 KiB meanwhile', String(events)],
      ['buffered for all of them, MiB, at most', (bufferedBytes / 2 ** 20).toFixed(1)],
      ['memory of the daemon, MiB, before and at most', `${ms(before)} ${ms(most)}`],
      [`events that ${HEALTHY} healthy clients missed or had twice`, String(wrong)],
      ['latency of theirs, ms: median', ms(percentile(latenciesMs, 0.5))],
      ['99 %', ms(percentile(latenciesMs, 0.99))],
      ['the longest', ms(latenciesMs.reduce((a, b) => Math.max(a, b), 0))],
    ]),
  );
  if (dropped < SLOW || wrong > 0) process.exitCode = 1;
}

await (process.argv[2] === 'serve' ? serve() : measure());
