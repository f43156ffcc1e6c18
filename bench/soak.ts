/**
 * A million events through the daemon (another number may be given): its memory must not grow. Prints the resident size
 * every 100 000 events, and the slope after the first third, in MB per 100 000 events; over 1 the run fails.
 */
import { createClient, loadEvent, startDaemonProcess } from './daemon.js';
import { machine } from './machine.js';

const EVENTS = Number(process.argv[2] ?? 1_000_000);
const ROUND = Math.max(10_000, EVENTS / 10);
const BATCH = 100;

console.log(machine());
const daemon = await startDaemonProcess();
const client = createClient(daemon.port, 4);
const sizes: { events: number; mib: number }[] = [];
for (let sent = 0; sent < EVENTS; sent += ROUND) {
  const bodies = Array.from({ length: ROUND / BATCH }, (_, b) =>
    Array.from({ length: BATCH }, (__, i) => loadEvent(sent + b * BATCH + i)).join('\n'),
  );
  await client.send(bodies, 'application/x-ndjson');
  for (;;) {
    const { running, queued } = JSON.parse((await client.call('GET', '/v1/stats', null, '')).text) as {
      running: number;
      queued: number;
    };
    if (running + queued === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const mib = await daemon.rss();
  sizes.push({ events: sent + ROUND, mib });
  console.log(`${sent + ROUND} events, ${Math.round(mib)} MiB`);
}
client.close();
await daemon.stop();

/** Least squares: MiB per 100 000 events. */
function slopeOf(points: readonly { events: number; mib: number }[]): number {
  const meanX = points.reduce((sum, { events }) => sum + events, 0) / points.length;
  const meanY = points.reduce((sum, { mib }) => sum + mib, 0) / points.length;
  let above = 0;
  let below = 0;
  for (const { events, mib } of points) {
    above += (events - meanX) * (mib - meanY);
    below += (events - meanX) ** 2;
  }
  return (above / below) * 100_000;
}
const slope = slopeOf(sizes.slice(Math.ceil(sizes.length / 3)));
console.log(`slope after the warm-up: ${slope.toFixed(2)} MiB per 100 000 events`);
if (slope > 1) process.exitCode = 1;
