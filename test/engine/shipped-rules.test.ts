import { expect, test } from 'vitest';
import { createApp } from '../../src/app/compose.js';

const app = createApp({ stdin: process.stdin }, {});
const SAMPLES = ['rules/samples/events.jsonl', 'rules/samples/github.jsonl'];

test('the shipped rules have nothing wrong or doubtful in them, also beside their samples', async () => {
  const report = await app.check({ folder: 'rules', events: SAMPLES, strict: true });
  expect(
    report.diagnostics.map(({ file, line, code, message }) => `${file}:${line} ${code} ${message}`),
  ).toEqual([]);
  expect(report.triggers).toBeGreaterThan(25);
});

test('their own tests pass and see every trigger and every branch', async () => {
  const report = await app.test({ folder: 'rules', run: null });
  expect(report.tests.filter(({ status }) => status === 'failed')).toEqual([]);
  expect(report.coverage).toMatchObject({ triggers: 100, branches: 100, uncovered: [] });
});

test('running their samples twice gives byte-equal reports', async () => {
  const run = () => app.dryRun({ folder: 'rules', events: SAMPLES, explain: true, until: '1d' });
  const [first, second] = [await run(), await run()];
  expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  expect(first.launches.length).toBeGreaterThan(50);
});

test('a folder compared with itself has no difference', async () => {
  const same = await app.backtest({
    folder: 'rules',
    events: [SAMPLES[0] ?? ''],
    against: 'rules',
    until: null,
  });
  expect([same.added, same.removed, same.changed]).toEqual([[], [], []]);
  expect(same.launches.length).toBeGreaterThan(40);
});
