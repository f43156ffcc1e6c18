import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { createSqliteStore } from '../../src/stores/sqlite.js';
import { compileProgram } from './support/compiled.js';
import { createFolders } from './support/folders.js';
import { startProgram } from './support/program.js';
import { quiet, tornParts } from './support/records.js';

/** More with STORE_KILLS=… in the environment. */
const KILLS = Number(process.env['STORE_KILLS'] ?? 15);

/** Each starts programs, which takes its time where others want the processor too. */
vi.setConfig({ testTimeout: 120_000 });

const newFolder = createFolders();
const committer = compileProgram(newFolder(), 'committer');

/** What is missing of what was acknowledged, or was left half done. */
async function problemsOf(directory: string, acknowledged: number): Promise<readonly string[]> {
  const store = createSqliteStore({ directory, log: quiet, ballastBytes: 0 });
  const { position } = await store.open();
  const problems = tornParts(store, position);
  await store.close();
  return position < acknowledged
    ? [`${acknowledged} acknowledged, ${position} there`, ...problems]
    : problems;
}

function lastAcknowledged(lines: readonly string[]): number {
  return Number(lines.findLast((line) => line.startsWith('acknowledged'))?.split(' ')[1] ?? 0);
}

async function killOnce(directory: string, manner: 'honest' | 'early'): Promise<readonly string[]> {
  const program = startProgram(committer, [directory, manner]);
  await program.said(/^acknowledged/);
  await wait(Math.random() * 25);
  program.process.kill('SIGKILL');
  expect(await program.ended).toBe('SIGKILL');
  return problemsOf(directory, lastAcknowledged(program.lines));
}

test('what was acknowledged survives kill -9, whole, at any moment', async () => {
  let directory = newFolder();
  for (let round = 0; round < KILLS; round++) {
    // Some kills hit the same store; looking at all of it takes longer and longer.
    if (round % 3 === 0) directory = newFolder();
    expect([round, await killOnce(directory, 'honest')]).toEqual([round, []]);
  }
});

test('acknowledging before the commit is caught', async () => {
  const found: string[] = [];
  for (let round = 0; round < 40 && found.length === 0; round++) {
    found.push(...(await killOnce(newFolder(), 'early')));
  }
  expect(found).toEqual([expect.stringMatching(/^\d+ acknowledged, \d+ there$/)]);
});

test('a folder is taken by one process, until that is gone, however it went', async () => {
  const directory = newFolder();
  const hold = join(newFolder(), 'hold');
  writeFileSync(hold, '');
  const program = startProgram(committer, [directory, 'honest', hold]);
  await program.said(/^held/);
  const store = createSqliteStore({ directory, log: quiet, ballastBytes: 0 });
  await expect(store.open()).rejects.toMatchObject({
    code: 'store-busy',
    message: expect.stringContaining(`pid ${program.process.pid}`),
  });
  rmSync(hold);
  await program.said(/^acknowledged/);
  program.process.kill('SIGKILL');
  await program.ended;
  expect(existsSync(join(directory, 'triggerd.pid'))).toBe(true);
  expect(await problemsOf(directory, lastAcknowledged(program.lines))).toEqual([]);
});

const hasCompiler = existsSync('/usr/bin/gcc') || existsSync('/usr/local/bin/gcc');
if (!hasCompiler) console.warn('SKIPPED: a failed fsync is not tested, since there is no gcc');

test.skipIf(!hasCompiler)(
  'a failed fsync ends all commits, and takes nothing that was acknowledged',
  async () => {
    const tools = newFolder();
    const shim = join(tools, 'shim.so');
    execFileSync('gcc', ['-shared', '-fPIC', '-o', shim, join(import.meta.dirname, 'fsync-shim.c'), '-ldl']);
    const directory = newFolder();
    const failing = join(tools, 'failing');
    const program = startProgram(committer, [directory], { LD_PRELOAD: shim, FAILING_FSYNC: failing });
    expect(await program.ended).toBe(0);
    // It failed once only; the disk says yes again, and is not believed.
    expect(existsSync(failing)).toBe(false);
    const last = program.lines.indexOf('the next sync fails');
    expect(last).toBeGreaterThan(5);
    // It is the very next commit that fails: every one is synced.
    const fault = expect.stringMatching(/^fault store-failed: .*SQLITE_IOERR_FSYNC/);
    expect(program.lines.slice(last + 1)).toEqual([fault, fault, fault]);
    expect(await problemsOf(directory, lastAcknowledged(program.lines))).toEqual([]);
  },
);
