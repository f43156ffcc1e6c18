import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { run } from './harness.js';
import { parseScenario, words, type Scenario } from './scenario.js';

const FOLDER = resolve('test/scenarios');
const scenarios = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.txt'))
  .map((file): [string, Scenario] => [file, parseScenario(readFileSync(join(FOLDER, file), 'utf8'))]);

/** Runs in a folder of its own that holds the scenario's files, since what a person types is relative to where they are. */
async function play(scenario: Scenario) {
  const home = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), 'triggerd-scenario-'));
  try {
    for (const [path, text] of scenario.files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    process.chdir(folder);
    return await run(words(scenario.command), { real: true, stdin: scenario.stdin });
  } finally {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  }
}

test.each(scenarios)('%s', async (_file, scenario) => {
  const { code, out, err } = await play(scenario);
  if (scenario.stdout !== null) expect(out).toBe(scenario.stdout);
  if (scenario.stderr !== null) expect(err).toBe(scenario.stderr);
  expect(code).toBe(scenario.status);
});
