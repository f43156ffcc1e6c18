import { expect, test } from 'vitest';
import { createReportingExporter } from '../../../src/app/tracing/reporting-exporter.js';
import type { LogFields } from '../../../src/kernel/log.js';
import type { Labels } from '../../../src/ports/meter.js';
import { createManualClock } from '../../support/manual-clock.js';

type Exporter = Parameters<typeof createReportingExporter>[0]['patient'];

function setUp() {
  const clock = createManualClock(0);
  const lines: unknown[] = [];
  const counts: Record<string, number> = {};
  const asked: string[] = [];
  let failure: Error | null = null;
  const exporter = (name: string): Exporter => ({
    export(_spans, told) {
      asked.push(name);
      told(failure === null ? { code: 0 } : { code: 1, error: failure });
    },
    shutdown: async () => void asked.push(`${name} ends`),
  });
  const say = (level: string) => (message: string, fields?: LogFields) =>
    void lines.push([level, message, fields?.['reason'] ?? null, fields?.['spans'] ?? null]);
  const reporting = createReportingExporter({
    patient: exporter('patient'),
    hasty: exporter('hasty'),
    clock,
    log: { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') },
    spans: {
      add(amount = 1, { outcome = '' }: Labels = {}) {
        counts[outcome] = (counts[outcome] ?? 0) + amount;
      },
    },
    endpoint: 'http://otel.example/v1/traces',
  });
  return {
    clock,
    lines,
    counts,
    asked,
    reporting,
    fail: (message: string | null) => (failure = message === null ? null : new Error(message)),
    send: (spans: number) => reporting.export(Array.from({ length: spans }) as never, () => undefined),
  };
}

test('what is lost is said once a minute, with how much it was, and once that it is over', async () => {
  const { clock, lines, counts, fail, send } = setUp();
  send(1);
  expect(lines).toEqual([]);
  fail('refused');
  for (let second = 0; second < 90; second++) {
    send(2);
    await clock.advance(1_000);
  }
  fail(null);
  send(1);
  send(1);
  const lost = 'spans could not be exported and are lost';
  expect(lines).toEqual([
    ['warn', lost, 'refused', 2],
    ['warn', lost, 'refused', 120],
    ['info', 'spans are exported again', null, null],
  ]);
  expect(counts).toEqual({ exported: 3, failed: 180 });
});

test('failing now and then does not flood the log either', async () => {
  const { clock, lines, fail, send } = setUp();
  for (let second = 0; second < 60; second++) {
    fail(second % 2 === 0 ? 'refused' : null);
    send(1);
    await clock.advance(1_000);
  }
  expect(lines).toHaveLength(2);
});

test('in a hurry only one try is made, and at the end what fails is not waited for', async () => {
  const { asked, reporting, fail, send } = setUp();
  send(1);
  reporting.hurry();
  send(1);
  await reporting.shutdown();
  fail('refused');
  send(1);
  await reporting.shutdown();
  expect(asked).toEqual(['patient', 'hasty', 'hasty ends', 'patient ends', 'hasty', 'hasty ends']);
});
