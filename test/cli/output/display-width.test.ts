import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutToWidth, displayWidth, padToWidth, wrapToWidth } from '../../../src/cli/output/display-width.js';

test.each([
  ['', 0],
  ['abc', 3],
  ['é', 1],
  ['e\u0301', 1],
  ['地域', 4],
  ['한글', 4],
  ['ｆｕｌｌ', 8],
  ['👍🏽', 2],
  ['👨‍👩‍👧', 2],
  ['❤\ufe0f', 2],
  ['\u200b', 0],
  ['→', 1],
])('%j takes %i cells', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test('a cut text is marked and never wider than asked for', () => {
  expect(cutToWidth('abcdef', 4)).toBe('abc…');
  expect(cutToWidth('地域地域', 4)).toBe('地…');
  expect(cutToWidth('abcd', 4)).toBe('abcd');
});

test('wrapping loses nothing and keeps to the width', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 20 }), (text, width) => {
      const pieces = wrapToWidth(text, width);
      expect(pieces.join('')).toBe(text);
      for (const piece of pieces) expect(displayWidth(piece)).toBeLessThanOrEqual(width);
    }),
  );
});

test('padding fills up by cells, not by characters', () => {
  expect(padToWidth('地', 4)).toBe('地  ');
  expect(padToWidth('abcdef', 4)).toBe('abcdef');
});
