import { join } from 'node:path';
import { hasNatsServer } from '../support/nats-server.js';
import { USUAL_TIMES } from '../../src/sources/nats/times.js';
import { streamRun } from './nats/run.js';
import { PLANTS, type Plant } from './plants.js';
import { readArguments } from './support/arguments.js';
import { bundlePrograms } from './support/bundle.js';

/*
 * Kills the daemon at random moments while it reads a stream of a real nats-server: npm run faults:nats -- --kills 20
 * --rate 400 --seed 7 --daemon cli|test --plant none|early-source|nameless-source. A bug is planted in the test daemon only;
 * before a run without one, a short one with each shows that it would be caught.
 */
const given = readArguments({
  kills: 20,
  rate: 400,
  seed: Date.now() % 1_000_000,
  life: 1_000,
  early: 0.2,
  drain: 120_000,
  daemon: 'cli',
  program: join(import.meta.dirname, '../../bin/triggerd.js'),
  // Of the test daemon: milliseconds between what is durable and its acknowledgement.
  late: 20,
  plant: 'none',
});
const print = (line: string): void => void process.stdout.write(`${line}\n`);
if (!hasNatsServer) process.exit(2);

const programs = await bundlePrograms();
const base = { ...given, lifeMs: given.life, drainMs: given.drain, programs, progress: print };
const asked: Plant | null = PLANTS.find((name) => name === given.plant) ?? null;
print(`seed ${given.seed}`);
if (asked === null) {
  for (const [plant, kind] of [
    ['early-source', 'message lost'],
    ['nameless-source', 'message decided twice'],
  ] as const) {
    const daemon = { times: { ...USUAL_TIMES, ackWaitMs: 500 }, lateMs: 100, plant };
    const { violations } = await streamRun({ ...base, daemon, kills: 3, early: 0, lifeMs: 300 });
    const count = violations.counts.get(kind) ?? 0;
    print(`the bug ${plant}: ${count === 0 ? 'NOT CAUGHT' : `${kind}, ${count} times`}`);
    if (count === 0) process.exitCode = 1;
  }
}
const isCli = given.daemon === 'cli' && asked === null;
const report = await streamRun({
  ...base,
  daemon: isCli ? { program: given.program } : { times: USUAL_TIMES, lateMs: given.late, plant: asked },
});
const { violations } = report;
print(`
kills                  ${report.kills}
messages published     ${report.published}, in ${Math.round(report.seconds)} s
messages decided       ${report.journal}
delivered again        ${report.redelivered} or more
launches               ${report.launches}
effects                ${report.effects}
violations             ${violations.total}`);
for (const line of violations.lines()) print(line);
if (violations.total > 0) process.exitCode = 1;
