/**
 * `dry-run` of a long JSON Lines file against the shipped rules, beside reading the same file and JSON.parse-ing each line
 * of it, interleaved in one process. Prints the ratio and the peak of memory.
 */
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../src/app/compose.js';
import { machine, median } from './machine.js';

const EVENTS = Number(process.argv[2] ?? 1_000_000);
const ROUNDS = Number(process.argv[3] ?? 3);
const folder = mkdtempSync(join(tmpdir(), 'triggerd-bench-'));
const file = join(folder, 'events.jsonl');

/** The shipped samples over and over, a second apart, each with an id of its own. */
async function write(): Promise<void> {
  const samples = readFileSync('rules/samples/events.jsonl', 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const out = createWriteStream(file);
  for (let i = 0; i < EVENTS; i++) {
    const sample = samples[i % samples.length];
    const line = JSON.stringify({
      ...sample,
      event_id: `e${i}`,
      timestamp: new Date(Date.UTC(2026, 0, 1) + i * 1_000).toISOString(),
    });
    if (!out.write(`${line}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

async function parseAll(): Promise<number> {
  let rest = '';
  let parsed = 0;
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (JSON.parse(line)) parsed++;
  }
  return parsed;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begun = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - begun) / 1e9;
}

try {
  console.log(machine());
  await write();
  const app = createApp({ stdin: process.stdin }, {});
  let launches = 0;
  const run = async (): Promise<void> => {
    launches = 0;
    const sink = { launch: () => void launches++, suppression: () => undefined, why: () => undefined };
    await app.dryRun({ folder: 'rules', events: [file], explain: false, until: null, sink });
  };
  const parsing: number[] = [];
  const running: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    parsing.push(await seconds(parseAll));
    running.push(await seconds(run));
  }
  const [parse, dry] = [median(parsing), median(running)];
  console.log(`${EVENTS} events, ${launches} launches, median of ${ROUNDS} rounds`);
  console.log(`read + JSON.parse   ${parse.toFixed(2)} s`);
  console.log(`dry-run             ${dry.toFixed(2)} s   ratio ${(dry / parse).toFixed(2)}`);
  console.log(`peak memory         ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
