import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DIAGNOSTIC_CODES } from '../../src/kernel/codes.js';
import { diagnosticLines } from './fixtures.js';

const BAD = 'test/fixtures/bad';
const folders = readdirSync(BAD).sort();

test('every diagnostic code has a bad example, and every bad example a code', () => {
  expect(folders).toEqual(Object.keys(DIAGNOSTIC_CODES).sort());
});

describe.each(folders)('the bad example %s', (code) => {
  test('is reported with its places, sentences and hints', async () => {
    const lines = await diagnosticLines(`${BAD}/${code}`);
    const expected = readFileSync(`${BAD}/${code}/expected.txt`, 'utf8').trimEnd().split('\n');
    expect(lines).toEqual(expected);
    expect(lines.some((line) => line.split(' ')[1] === code)).toBe(true);
  });
});
