import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

test('the SDK of OpenTelemetry is loaded when spans are made, and not before', async () => {
  const program = join(import.meta.dirname, 'loaded.ts');
  const { stdout } = await run(process.execPath, ['--import', 'tsx', program]);
  const { without, withTracing } = JSON.parse(stdout) as { without: number; withTracing: number };
  expect(without).toBe(0);
  expect(withTracing).toBeGreaterThan(0);
});
