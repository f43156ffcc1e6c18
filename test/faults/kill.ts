import { killRun } from './kill/run.js';
import { PLANTS, type Plant } from './plants.js';
import { bundlePrograms } from './support/bundle.js';
import { readArguments } from './support/arguments.js';

/*
 * Kills the daemon at random moments, under load: npm run faults:kill -- --kills 300 --rate 1000 --seed 7
 * --daemon test|cli --plant none|early-acknowledgement|separate-outbox|early-done
 */
const given = readArguments({
  kills: 300,
  rate: 1_000,
  seed: Date.now() % 1_000_000,
  life: 900,
  early: 0.3,
  // No more is offered while so many wait; 0 = it is, whatever becomes of it.
  waiting: 0,
  drain: 120_000,
  daemon: 'test',
  plant: 'none',
});
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const plant: Plant | null = PLANTS.find((name) => name === given.plant) ?? null;

print(`seed ${given.seed}`);
const report = await killRun({
  ...given,
  lifeMs: given.life,
  daemon: given.daemon === 'cli' ? 'cli' : 'test',
  plant,
  drainMs: given.drain,
  mostWaiting: given.waiting === 0 ? null : given.waiting,
  programs: await bundlePrograms(),
  progress: print,
});
const { violations, launches } = report;
print(`
kills                  ${report.kills}, of them ${report.earlyKills} before the daemon was up
events offered         ${report.offered}, ${Math.round(report.offeredPerSecond)} a second
events acknowledged    ${report.acknowledged}, ${Math.round(report.acknowledgedPerSecond)} a second
requests sent again    ${report.resent}
events in the journal  ${report.journal}
launches               ${[...launches.values()].reduce((sum, count) => sum + count, 0)} (${[...launches].map(([id, count]) => `${id} ${count}`).join(', ')})
effects                ${report.effects}
repeats suppressed     ${report.suppressed}
recovery               p50 ${Math.round(report.recoveryP50)} ms, max ${Math.round(report.recoveryMax)} ms
violations             ${violations.total}`);
for (const line of violations.lines()) print(line);
if (violations.total > 0) process.exitCode = 1;
if (report.offeredPerSecond < given.rate * 0.95) {
  print(`only ${Math.round(report.offeredPerSecond)} events a second were offered: the run says nothing`);
  process.exitCode = 1;
}
