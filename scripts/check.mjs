/**
 * Runs the checks that need no test runner, two at a time, the longest first; prints what those that fail had to say.
 */
import { spawn } from 'node:child_process';

const CHECKS = ['lint', 'types', 'unused', 'generated', 'package', 'format'];
const AT_ONCE = 2;

const waiting = [...CHECKS];
let failed = 0;

function run(name) {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', `check:${name}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (output += piece));
    child.on('close', (code) => {
      console.log(`check:${name} ${code === 0 ? 'ok' : `failed (${code})\n${output}`}`);
      if (code !== 0) failed++;
      resolve();
    });
  });
}

async function worker() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await run(name);
}

await Promise.all(Array.from({ length: AT_ONCE }, worker));
process.exitCode = failed === 0 ? 0 : 1;
