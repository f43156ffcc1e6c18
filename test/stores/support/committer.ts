import { existsSync, writeFileSync, writeSync } from 'node:fs';
import { Fault } from '../../../src/kernel/fault.js';
import { createSqliteStore } from '../../../src/stores/sqlite.js';
import { batchAfter, commitOf, quiet } from './records.js';

/*
 * A program to be killed, or to be given a bad disk: commits numbered batches, and says so after each. Arguments: the data
 * folder; `honest`, or `early` to say so before; a file that holds it up while it is there. With FAILING_FSYNC in the
 * environment it makes that file, which lets the next sync fail, before its tenth commit.
 */
const [, , directory = '', manner = 'honest', hold = ''] = process.argv;
const say = (line: string): void => void writeSync(1, `${line}\n`);
const store = createSqliteStore({ directory, log: quiet, ballastBytes: 0 });

async function attempt(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    say(error instanceof Fault ? `fault ${error.code}: ${error.message}` : `error ${String(error)}`);
    return false;
  }
}

async function run(): Promise<void> {
  let { position } = await store.open();
  say(`open ${position}`);
  for (let commits = 1; ; commits++) {
    if (hold !== '' && existsSync(hold)) {
      say('held');
      while (existsSync(hold)) await new Promise((resume) => setTimeout(resume, 5));
    }
    const failing = process.env['FAILING_FSYNC'];
    if (failing !== undefined && commits === 10) {
      writeFileSync(failing, '');
      say('the next sync fails');
    }
    const batch = batchAfter(position);
    if (manner === 'early') {
      say(`acknowledged ${batch.position}`);
      await new Promise((resume) => setTimeout(resume, 1));
    }
    if (!(await attempt(() => store.commit(batch)))) break;
    if (manner === 'honest') say(`acknowledged ${batch.position}`);
    position = batch.position;
    // Slow enough that what has to be looked at afterwards stays small.
    await new Promise((resume) => setTimeout(resume, 1));
  }
  await attempt(() => store.commit(batchAfter(position)));
  await attempt(() => store.commit(commitOf({ position })));
}

if (!(await attempt(run))) process.exitCode = 1;
await attempt(() => store.close());
