import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDaemon, type RunningDaemon } from '../../src/app/daemon.js';
import { readSettings } from '../../src/app/settings.js';
import type { Happening } from '../../src/engine/daemon.js';
import { event } from '../support/rules.js';

// The daemon as `triggerd run` puts it together, on the store in memory.
let folder = '';
let running: RunningDaemon;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'triggerd-app-'));
  writeFileSync(
    join(folder, 'rules.yaml'),
    `
triggers:
  - { trigger_id: ship, event_types: [order.paid], workflow_name: note }
  - { trigger_id: lose, event_types: [order.paid], workflow_name: unknown-host }
workflows:
  note: { executor: log, with: { message: shipped } }
  unknown-host: { executor: http, with: { url: "http://127.0.0.1:1/" }, retry: { attempts: 1 } }
`,
  );
  const { settings } = readSettings({
    flags: { folder, store: 'memory', reload: 'false' },
    environment: {},
    readFile: () => null,
    cwd: folder,
  });
  running = await startDaemon({ settings, environment: {}, stdin: null, writeLog: () => undefined });
});
afterAll(async () => {
  await running.stop(0);
  rmSync(folder, { recursive: true, force: true });
});

test('the handlers of the bus hear what was handed in and what comes of it, and account for it', async () => {
  const { daemon, bus } = running;
  const ended = new Set<string>();
  await new Promise<void>((resolve) => {
    daemon.listen((happenings: readonly Happening[]) => {
      for (const happening of happenings) {
        if (happening.kind !== 'event') continue;
        const { event_type } = happening.stored.event;
        if (event_type === 'workflow.completed' || event_type === 'workflow.failed') ended.add(event_type);
      }
      if (ended.size === 2) resolve();
    });
    void daemon.submit([
      { event: event({ event_id: 'e-1', event_type: 'order.paid' }), at: running.clock.now() },
      { event: event({ event_id: 'e-2', event_type: 'workflow.paused' }), at: running.clock.now() },
    ]);
  });
  await bus.bus.flush();
  expect(bus.figures()).toMatchObject({
    workflows: { started: 2, completed: 1, failed: 1, paused: 1, resumed: 0, cancelled: 0 },
    executions: { total: 2, successful: 1, failed: 1 },
    handlers: {
      trigger_handler: { execution_count: 6, error_count: 0, success_rate: 1 },
      workflow_handler: { execution_count: 5, error_count: 0, success_rate: 1 },
    },
  });
  // What is kept of the past is the journal's.
  expect(bus.bus.getStats()).toMatchObject({ event_stats: { total_events: 6 }, history_size: 0 });
  expect(await running.meter.text()).toContain('triggerd_workflow_events_total{change="completed"} 1\n');
});
