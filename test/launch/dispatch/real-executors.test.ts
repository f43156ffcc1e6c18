import { expect, test } from 'vitest';
import { command } from '../../../src/executors/command.js';
import { log } from '../../../src/executors/log.js';
import type { ExecutorSettings } from '../../../src/ports/executor-kind.js';
import { settled } from '../../support/manual-clock.js';
import { createHarness, launchOf, workflowOf, type Harness } from './harness.js';

const settings: ExecutorSettings = {
  allow_commands: true,
  module_folders: [],
  private_networks: [],
  folder: process.cwd(),
  smtp_url: null,
};

/** Lets programs run until the launch has come to its end. */
async function until(harness: Harness, id: string, status: string): Promise<void> {
  while (harness.store.get(id)?.status !== status) await settled();
}

test('log writes its line, rendered for the launch', async () => {
  const harness = createHarness({ executors: [log] });
  const workflow = workflowOf({
    executor: 'log',
    with: { message: 'checkout fails in {{ input.region }}', level: 'warn' },
  });
  const launch = launchOf('a', workflow);
  await harness.add({ ...launch, input: { ...launch.input, region: 'eu' } });
  await until(harness, 'a', 'succeeded');
  expect(harness.logged).toMatchObject([
    { level: 'warn', message: 'checkout fails in eu', fields: { launch_id: 'a' } },
  ]);
});

test('a command gets its arguments and the launch id, and its failure is retried', async () => {
  const harness = createHarness({ executors: [command], host: { settings } });
  const program = 'process.stdout.write(process.argv[1] + process.env.TRIGGERD_LAUNCH_ID); process.exit(3)';
  const workflow = workflowOf({
    executor: 'command',
    with: { argv: [process.execPath, '-e', program, '{{ input.trigger_id }}-'] },
    retry: { attempts: 2, initialMs: 1_000, factor: 2, maxMs: 1_000, jitter: false },
  });
  await harness.add(launchOf('a', workflow));
  await until(harness, 'a', 'retrying');
  expect(JSON.stringify(harness.record('a').output)).toContain('t-a');
  await harness.clock.advance(1_000);
  await until(harness, 'a', 'dead');
  expect(harness.record('a').attempts.map(({ reason }) => reason)).toEqual([
    expect.stringContaining('3'),
    expect.stringContaining('3'),
  ]);
});
