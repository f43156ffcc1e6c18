import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// The program as a process of its own, from source: what a captured stream cannot show.
let folder: string;
let script: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'triggerd-test-'));
  script = join(folder, 'main.mts');
  const main = JSON.stringify(resolve('src/cli/main.ts'));
  // An application that never stops launching, for `| head`; the rest of the program is real.
  writeFileSync(
    script,
    `import { main } from ${main};
const launch = { launch_id: 'l', trigger_id: 't', workflow_name: 'w', mode: 'launch', at: '2026-01-01T00:00:00Z',
  event_id: 'e', events: ['e'], item_index: null, group: {}, input: {}, warnings: [] };
const refuse = async () => { throw new TypeError('a mistake'); };
const createApp = () => ({
  check: refuse,
  dryRun: async ({ sink }) => { for (;;) { sink.launch(launch); await null; } },
  graph: async () => { queueMicrotask(() => { throw new Error('escaped'); }); await new Promise(() => {}); },
});
process.exitCode = await main(process.argv.slice(2), { createApp });
`,
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function shell(command: string): { code: number | null; out: string; err: string } {
  const program = `'${process.execPath}' --import tsx '${script}'`;
  const ran = spawnSync('bash', ['-c', command.replaceAll('triggerd', program)], { encoding: 'utf8' });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

describe('as a process', () => {
  test('a reader that goes ends it quietly, and with 0', () => {
    const { code, out, err } = shell(
      'set -o pipefail; triggerd dry-run --events x | head -n 2; echo "${PIPESTATUS[0]}"',
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^2026-01-01T00:00:00Z {2}t -> w {2}event e\n.*\n0\n$/);
  });

  test('a full disk is told, not swallowed', () => {
    const { code, err } = shell('triggerd completion bash > /dev/full');
    expect(code).toBe(2);
    expect(err).toMatch(/^error: standard output cannot be written: .*\nhint: make room/);
  });

  test('a closed standard error changes nothing', () => {
    expect(shell('triggerd check 2>&-').code).toBe(3);
  });

  test('what escapes every promise is our own fault', () => {
    const { code, out, err } = shell('triggerd graph');
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(/^error: this is a fault of triggerd, not of your files: escaped\n/);
  });
});
