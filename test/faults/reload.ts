import { PLANTS, type Plant } from './plants.js';
import { reloadRun } from './reload/run.js';
import { readArguments } from './support/arguments.js';
import { bundlePrograms } from './support/bundle.js';

/*
 * Changes the rules again and again, under load: npm run faults:reload -- --reloads 1000 --rate 500 --seed 7
 * --settle 50 --plant none|forget-state|stale-hash
 */
const given = readArguments({
  reloads: 1_000,
  rate: 500,
  seed: Date.now() % 1_000_000,
  settle: 50,
  visible: 1_000,
  plant: 'none',
});
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const plant: Plant | null = PLANTS.find((name) => name === given.plant) ?? null;

print(`seed ${given.seed}`);
const report = await reloadRun({
  ...given,
  settleMs: given.settle,
  visibleMs: given.visible,
  mostWaiting: null,
  plant,
  programs: await bundlePrograms(),
  progress: print,
});
const { violations, changes } = report;
print(`
changes                ${[...changes.values()].reduce((sum, count) => sum + count, 0)} (${[...changes].map(([name, count]) => `${name} ${count}`).join(', ')})
reloads                ${report.taken} taken, ${report.refused} refused
events acknowledged    ${report.acknowledged}, ${Math.round(report.acknowledgedPerSecond)} a second
launches               ${report.launches} under ${report.ruleSets} rule sets
change to work         p50 ${Math.round(report.takenP50)} ms, max ${Math.round(report.takenMax)} ms
bad file shown         max ${Math.round(report.visibleMax)} ms
violations             ${violations.total}`);
for (const line of violations.lines()) print(line);
if (violations.total > 0) process.exitCode = 1;
