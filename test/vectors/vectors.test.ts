import { expect, test } from 'vitest';
import { createApp } from '../../src/app/compose.js';

const app = createApp({ stdin: process.stdin }, {});
const report = await app.test({ folder: 'test/vectors', run: null });

test('the folder of vectors was read', () => {
  expect(report.tests.length).toBeGreaterThan(45);
  expect(report.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test.each(report.tests)('$name ($file:$line)', (result) => {
  expect({ ...result }).toMatchObject({
    missing: [],
    unexpected: [],
    different: [],
    problem: null,
    status: 'passed',
  });
});
